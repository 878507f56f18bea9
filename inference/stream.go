package inference

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"fermata/inference/mel"
)

// A Stream recognises one recording while it is still spoken: each window is
// run as soon as it is known to be complete and not the last, so that
// [Stream.Finish] has only the open one to do. How the recording is cut into
// blocks changes nothing, to the last bit.
//
// A stream holds the features of the open window and the logits kept of those
// before it, and no samples but the last few. It belongs to one goroutine.
type Stream struct {
	recognizer *Recognizer
	bank       *mel.Bank

	received int       // samples written
	start    int       // sample at which the open window starts
	frames   []float32 // features of the open window, [][mel.Bins]
	tail     []float32 // samples from the start of the next frame on

	logits []float32 // kept rows, [][vocab]
	vocab  int
	pieces []piece

	transcript *Transcript // after Finish
}

// A piece is the kept rows of one window.
type piece struct {
	row   int // its first row among those kept
	frame int // the same row counted from the start of the recording
}

// errFinished is a mistake of the program, not of the user.
var errFinished = errors.New("the recording is finished; start another stream")

// Write takes the next samples, mono in [-1, 1] at [SampleRate], of any
// number, and runs the windows they complete. A NaN or infinite sample, which
// a failing device may deliver, counts as silence: it must not spoil the
// seconds around it. The samples stay the caller's.
//
// When a window fails, or ctx ends while it runs, Write has taken all samples
// nevertheless, and the next Write or Finish runs the window again: nothing
// is lost.
func (s *Stream) Write(ctx context.Context, samples []float32) error {
	if s.transcript != nil {
		return errFinished
	}
	var err error
	for len(samples) > 0 {
		// In pieces, so that a long block is never held as a whole.
		n := min(len(samples), SampleRate)
		s.accept(samples[:n])
		samples = samples[n:]
		if err == nil {
			err = s.runComplete(ctx)
		}
	}
	return err
}

// Finish runs the open window, which is the last, and returns the transcript
// of everything written. After an error it can be called again. Once it has
// succeeded it returns the same transcript for ever, and Write fails.
func (s *Stream) Finish(ctx context.Context) (Transcript, error) {
	if s.transcript == nil {
		if err := s.finish(ctx); err != nil {
			return Transcript{}, err
		}
	}
	t := *s.transcript
	t.Tokens = slices.Clone(t.Tokens)
	return t, nil
}

func (s *Stream) finish(ctx context.Context) error {
	if err := s.runComplete(ctx); err != nil {
		return err
	}
	if err := s.run(ctx, s.received-s.start, 0); err != nil {
		return err
	}
	s.frames, s.tail = nil, nil
	t := s.decode()
	s.transcript = &t
	return nil
}

// Logits returns the scores kept so far, row-major [rows][vocab], those of
// all windows one after the other. Before the first window vocab is 0. The
// slice is the stream's: read only, and until the next Write or Finish.
func (s *Stream) Logits() (rows []float32, vocab int) { return s.logits, s.vocab }

// accept computes the frames that samples complete.
func (s *Stream) accept(samples []float32) {
	s.received += len(samples)
	from := len(s.tail)
	s.tail = append(s.tail, samples...)
	for i, v := range s.tail[from:] {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			s.tail[from+i] = 0
		}
	}
	s.frames = s.bank.Append(s.frames, s.tail)
	used := mel.Frames(len(s.tail)) * mel.Hop
	s.tail = s.tail[:copy(s.tail, s.tail[used:])]
}

// runComplete runs every window after which there is at least one sample
// more. One that ends with the last sample so far may be the last, which is
// cut differently.
func (s *Stream) runComplete(ctx context.Context) error {
	w := s.recognizer.windows
	for w.Window > 0 && s.received-s.start > w.Window {
		if err := s.run(ctx, w.Window, w.Stride); err != nil {
			return err
		}
		s.advance(w.step())
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
// as stride at its end, and keeps its rows. It leaves the stream as it was
// when it fails.
func (s *Stream) run(ctx context.Context, samples, right int) error {
	left := s.recognizer.windows.Stride
	if s.start == 0 {
		left = 0
	}
	if samples <= left {
		return ctx.Err() // nothing new in it
	}
	logits, vocab, err := s.recognizer.scores(ctx, s.frames[:mel.Frames(samples)*mel.Bins])
	if err != nil || vocab == 0 {
		return err
	}
	if s.vocab != 0 && vocab != s.vocab {
		return fmt.Errorf("the model answered with rows of %d scores and then of %d; use a model of MedASR's kind", s.vocab, vocab)
	}
	period := s.recognizer.windows.Network.period()
	from, to := kept(samples, left, right, len(logits)/vocab, period)
	s.vocab = vocab
	s.pieces = append(s.pieces, piece{row: len(s.logits) / vocab, frame: s.start/period + from})
	s.logits = append(s.logits, logits[from*vocab:to*vocab]...)
	return nil
}
