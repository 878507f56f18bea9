package ctc

import (
	"fmt"
	"strings"

	"fermata/inference/ngram"
)

// leastKnown is the share of pieces below which a language model is taken for
// another vocabulary's. Google's model knows all of its own; spelling the
// space wrongly leaves 45 %, and worse text than without a model.
const leastKnown = 0.9

// A Language is a language model over the pieces of a vocabulary: one piece is
// one of its words. It does not change and is safe for concurrent use.
type Language struct {
	model *ngram.Model
	words []ngram.Word // by id; 0 where the model does not know the piece
	known float64
}

// NewLanguage binds a model to a vocabulary. The model's words are the pieces
// with "#" for "▁", as in Google's notebook: "#the", "ation", "#". It refuses
// a model that knows fewer than 90 % of the pieces a text can hold.
//
// The model stays the caller's to close, after the last use of the Language.
func NewLanguage(v *Vocabulary, m *ngram.Model) (*Language, error) {
	l := &Language{model: m, words: make([]ngram.Word, v.Len())}
	var pieces, known int
	for id := range l.words {
		l.words[id] = m.Word(word(v.Piece(id)))
		if !v.Shown(id) {
			continue
		}
		pieces++
		if l.words[id] != 0 {
			known++
		}
	}
	if pieces > 0 {
		l.known = float64(known) / float64(pieces)
	}
	if l.known < leastKnown {
		return nil, fmt.Errorf("language model: it knows %d of the %d pieces this model writes, which would make the text worse; use the language model made for it, with words like \"#the\" and \"ation\", or decode without one", known, pieces)
	}
	return l, nil
}

// Known returns the share of the pieces that the language model knows, 0.9 to 1.
func (l *Language) Known() float64 { return l.known }

// word returns how the language model spells a piece.
func word(piece string) string { return strings.ReplaceAll(piece, space, "#") }
