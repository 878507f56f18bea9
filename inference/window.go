package inference

import (
	"context"
	"fmt"

	"fermata/inference/mel"
)

// A window is what was kept of one run of the network.
type window struct {
	logits []float32 // [][vocab]
	vocab  int       // 0 where the network was not asked
	frame  int       // the first row, counted from the start of the recording
}

// runComplete runs every window after which there is at least one sample
// more. One that ends with the last sample so far may be the last, which is
// cut differently.
func (s *Stream) runComplete(ctx context.Context) error {
	w := s.recognizer.windows
	for w.Window > 0 && s.received-s.start > w.Window {
		done, err := s.run(ctx, w.Window, w.Stride)
		if err != nil {
			return err
		}
		s.keep(done)
		s.advance(w.step())
		if err := s.feed(); err != nil {
			return err
		}
	}
	return nil
}

// advance moves the start of the open window. Without a stride it moves
// beyond the frames computed, into the tail.
func (s *Stream) advance(step int) {
	s.start += step
	gone := min(step/mel.Hop*mel.Bins, len(s.frames))
	s.frames = s.frames[:copy(s.frames, s.frames[gone:])]
	rest := step - gone/mel.Bins*mel.Hop
	s.tail = s.tail[:copy(s.tail, s.tail[rest:])]
}

// run recognises the open window, which has so many samples and right of them
// as stride at its end. It changes nothing in the stream.
func (s *Stream) run(ctx context.Context, samples, right int) (window, error) {
	left := s.recognizer.windows.Stride
	if s.start == 0 {
		left = 0
	}
	if samples <= left {
		return window{}, ctx.Err() // nothing new in it
	}
	logits, vocab, err := s.recognizer.scores(ctx, s.frames[:mel.Frames(samples)*mel.Bins])
	if err != nil || vocab == 0 {
		return window{}, err
	}
	if s.vocab != 0 && vocab != s.vocab {
		return window{}, fmt.Errorf("the model answered with rows of %d scores and then of %d; use a model of MedASR's kind", s.vocab, vocab)
	}
	period := s.recognizer.windows.Network.period()
	from, to := kept(samples, left, right, len(logits)/vocab, period)
	return window{logits: logits[from*vocab : to*vocab], vocab: vocab, frame: s.start/period + from}, nil
}

// keep adds a window's rows to those kept.
func (s *Stream) keep(w window) {
	if w.vocab == 0 {
		return
	}
	s.pieces = append(s.pieces, piece{row: len(s.logits) / w.vocab, frame: w.frame})
	s.vocab = w.vocab
	s.logits = append(s.logits, w.logits...)
}
