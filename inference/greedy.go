package inference

import (
	"slices"

	"fermata/inference/ctc"
)

// settled are the tokens that no row to come can change, so that what is left
// to decode after the release does not grow with the recording.
type settled struct {
	tokens []ctc.Token
	row    int // up to here; what is decoded from here on begins anew
}

// with returns the tokens of all rows of vocab scores, of which rest are those
// from s.row on.
func (s settled) with(rest []float32, vocab int) []ctc.Token {
	tokens := ctc.Greedy(rest, vocab)
	for i := range tokens {
		tokens[i].Start += s.row
		tokens[i].End += s.row
	}
	return append(slices.Clip(s.tokens), tokens...)
}

// settle decodes the rows kept. A token in the last of them may go on in the
// next and is left to be decoded again, from its first row on; in front of
// that row another token ends or a blank stands, so nothing else depends on it.
func (s *Stream) settle() {
	if s.vocab == 0 {
		return
	}
	rows := len(s.logits) / s.vocab
	tokens := s.settled.with(s.logits[s.settled.row*s.vocab:], s.vocab)
	s.settled = settled{tokens, rows}
	if n := len(tokens); n > 0 && tokens[n-1].End == rows {
		s.settled = settled{tokens[:n-1], tokens[n-1].Start}
	}
}

// greedy returns the tokens of the rows kept and of the last window after
// them.
func (s *Stream) greedy(last window) []ctc.Token {
	vocab := max(s.vocab, last.vocab)
	rest := slices.Clip(s.logits[s.settled.row*s.vocab:])
	return s.settled.with(append(rest, last.logits...), vocab)
}
