package ctc

import (
	"math"
	"strings"
	"unicode/utf8"

	"fermata/inference/ngram"
)

// naturalLog turns log10, KenLM's unit, into natural logarithms. It is spelled
// as in pyctcdecode, which rounds differently from math.Ln10.
var naturalLog = 1 / math.Log10(math.E)

// longWord is how many letters an unfinished word may have before it costs
// more, pyctcdecode's AVG_TOKEN_LEN.
const longWord = 6

// A kind is what a token does to a text.
type kind uint8

const (
	silence kind = iota // nothing, as the blank
	piece               // a word more
	suffix              // Glued: the last word gets longer
)

// A label is what the search knows of a token.
type label struct {
	kind        kind
	word        ngram.Word
	provisional float64
	spelling    string
}

// labels returns the label of every id.
func labels(v *Vocabulary, l *Language, o BeamOptions) []label {
	labels := make([]label, v.Len())
	for id := range labels {
		s := label{kind: silence, spelling: word(v.Piece(id))}
		switch {
		case o.Glued:
			s.kind, s.spelling = reference(v.Piece(id), id)
		case v.Shown(id) && v.Piece(id) != "":
			s.kind = piece
		}
		if l != nil && id < len(l.words) {
			s.word = l.words[id]
			s.provisional = o.provisional(s.spelling)
		}
		labels[id] = s
	}
	return labels
}

// reference returns what pyctcdecode makes of Google's label of a piece:
// whatever begins with "<" or ends with ">" is not marked as a word of its own.
func reference(p string, id int) (kind, string) {
	switch {
	case id == Blank || p == "":
		return silence, ""
	case p == "<unk>":
		return piece, "⁇"
	case !strings.HasPrefix(p, "<") && !strings.HasSuffix(p, ">"):
		return piece, word(p)
	case strings.HasPrefix(p, space):
		return piece, strings.TrimPrefix(p, space)
	}
	return suffix, p
}

// provisional returns what an unfinished word costs.
func (o BeamOptions) provisional(word string) float64 {
	if n := utf8.RuneCountInString(word); n > longWord {
		return o.UnknownScore * float64(n) / longWord
	}
	return o.UnknownScore
}
