package ctc

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// space is how SentencePiece spells a space.
const space = "▁"

// blanks are the names that piece 0 has in the vocabularies people share.
var blanks = []string{"<epsilon>", "<blk>", "<blank>", "<pad>"}

// silent are the pieces that are never shown, beside "<extra_id_*>".
// LasrTokenizer.decode with skip_special_tokens shows "<s>"; that network
// never means it as text, so here it is silent, too. The bare "▁" is a space
// and no special piece: without it words run together.
var silent = append([]string{"<s>", "</s>", "<unk>"}, blanks...)

// A Vocabulary is the list of pieces a network emits. It does not change and
// is safe for concurrent use.
type Vocabulary struct {
	pieces []string
	shown  []bool
}

// NewVocabulary returns the vocabulary of pieces, whose index is their id.
// It refuses an empty list, one whose piece 0 is not the blank ("<epsilon>",
// "<blk>", "<blank>" or "<pad>"), and pieces that are not UTF-8.
func NewVocabulary(pieces []string) (*Vocabulary, error) {
	if len(pieces) == 0 {
		return nil, fmt.Errorf("vocabulary: there are no pieces in it; copy the model folder again")
	}
	if !slices.Contains(blanks, pieces[Blank]) {
		return nil, fmt.Errorf("vocabulary: piece 0 is %.40q and not the blank, \"<epsilon>\"; this is not a vocabulary of MedASR", pieces[Blank])
	}
	v := &Vocabulary{pieces: slices.Clone(pieces), shown: make([]bool, len(pieces))}
	for id, p := range pieces {
		if !utf8.ValidString(p) {
			return nil, fmt.Errorf("vocabulary: piece %d is not UTF-8 text; copy the model folder again", id)
		}
		v.shown[id] = id != Blank && !slices.Contains(silent, p) && !strings.HasPrefix(p, "<extra_id_")
	}
	return v, nil
}

// Len returns the number of pieces. It may be greater than the number of
// scores a network gives; the pieces beyond are then never emitted.
func (v *Vocabulary) Len() int { return len(v.pieces) }

// Piece returns a piece as the tokenizer spells it, "▁" for a space, and ""
// for an id that is not in the vocabulary.
func (v *Vocabulary) Piece(id int) string {
	if id < 0 || id >= len(v.pieces) {
		return ""
	}
	return v.pieces[id]
}

// Shown reports whether a token is part of the text. The blank, "</s>" and
// their like are not, nor is an id outside the vocabulary.
func (v *Vocabulary) Shown(id int) bool {
	return id >= 0 && id < len(v.shown) && v.shown[id]
}

// Text joins the pieces of ids, "▁" becoming a space, and strips the one
// leading space that the tokenizer puts before every text. Other spaces stay,
// also doubled ones and one at the end. Ids that are not [Vocabulary.Shown]
// give nothing. Nothing is collapsed.
func (v *Vocabulary) Text(ids []int) string {
	var b strings.Builder
	for _, id := range ids {
		if v.Shown(id) {
			b.WriteString(strings.ReplaceAll(v.pieces[id], space, " "))
		}
	}
	return strings.TrimPrefix(b.String(), " ")
}
