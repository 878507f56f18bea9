package inference

import (
	"slices"

	"fermata/inference/ctc"
)

// transcribe makes the transcript of the rows kept and those of the last
// window after them. They are decoded as one sequence: a token that lies
// across the seam of two windows is one token.
func (s *Stream) transcribe(last window) (Transcript, error) {
	r := reading{
		vocabulary: s.recognizer.vocabulary,
		pieces:     s.pieces,
		period:     s.recognizer.windows.Network.period(),
		samples:    s.received,
	}
	if last.vocab > 0 {
		r.pieces = append(slices.Clip(r.pieces), piece{row: len(s.logits) / last.vocab, frame: last.frame})
	}
	decoder := s.recognizer.decoder
	if decoder.Beam == nil || len(r.pieces) == 0 {
		return r.greedy(s.greedy(last)), nil
	}
	found, err := s.search(last)
	if err != nil {
		return Transcript{}, err
	}
	return r.beam(found, decoder.NBest), nil
}

// A reading turns decoded rows into a transcript.
type reading struct {
	vocabulary *ctc.Vocabulary
	pieces     []piece
	period     int // samples of a row
	samples    int // of the recording
}

func (r reading) greedy(decoded []ctc.Token) Transcript {
	t := Transcript{Samples: r.samples}
	t.Tokens, t.Raw = r.tokens(decoded)
	t.Words = words(t.Tokens)
	return t
}

// tokens gives what is shown of the tokens decoded, and their text.
func (r reading) tokens(decoded []ctc.Token) ([]Token, string) {
	var ids []int
	var tokens []Token
	for _, token := range decoded {
		if !r.vocabulary.Shown(token.ID) {
			continue
		}
		ids = append(ids, token.ID)
		tokens = append(tokens, Token{
			ID:         token.ID,
			Piece:      r.vocabulary.Piece(token.ID),
			Start:      r.time(r.frame(token.Start)),
			End:        r.time(r.frame(token.End-1) + 1),
			Confidence: token.Confidence,
		})
	}
	return tokens, r.vocabulary.Text(ids)
}

// frame returns which frame of the recording a kept row is. With less than
// three rows of stride windows leave gaps between their rows.
func (r reading) frame(row int) int {
	next, _ := slices.BinarySearchFunc(r.pieces, row+1, func(p piece, row int) int { return p.row - row })
	p := r.pieces[max(0, next-1)]
	return p.frame + row - p.row
}

// time returns where a frame starts, in seconds: frame j sees samples 640 j to
// 640 j + 2319 and counts for the first 40 ms of them. No time lies beyond the
// end of the recording.
func (r reading) time(frame int) float64 {
	return min(float64(frame*r.period), float64(r.samples)) / SampleRate
}

// clone returns a transcript that shares nothing with t.
func (t Transcript) clone() Transcript {
	t.Tokens, t.Words, t.Alternatives = slices.Clone(t.Tokens), slices.Clone(t.Words), slices.Clone(t.Alternatives)
	return t
}
