package inference

import "fermata/inference/ctc"

// decode makes the transcript of the rows kept. They are decoded once, as one
// sequence: a token that lies across the seam of two windows is one token.
func (s *Stream) decode() Transcript {
	t := Transcript{Samples: s.received}
	vocabulary := s.recognizer.vocabulary
	var ids []int
	for _, token := range ctc.Greedy(s.logits, s.vocab) {
		if !vocabulary.Shown(token.ID) {
			continue
		}
		ids = append(ids, token.ID)
		t.Tokens = append(t.Tokens, Token{
			ID:         token.ID,
			Piece:      vocabulary.Piece(token.ID),
			Start:      s.time(s.frame(token.Start)),
			End:        s.time(s.frame(token.End-1) + 1),
			Confidence: token.Confidence,
		})
	}
	t.Raw = vocabulary.Text(ids)
	return t
}

// frame returns which frame of the recording a kept row is. With less than
// three rows of stride windows leave gaps between their rows.
func (s *Stream) frame(row int) int {
	p := s.pieces[0]
	for _, next := range s.pieces[1:] {
		if next.row > row {
			break
		}
		p = next
	}
	return p.frame + row - p.row
}

// time returns where a frame starts, in seconds: frame j sees samples 640 j to
// 640 j + 2319 and counts for the first 40 ms of them. No time lies beyond the
// end of the recording.
func (s *Stream) time(frame int) float64 {
	return min(float64(frame*s.recognizer.windows.Network.period()), float64(s.received)) / SampleRate
}
