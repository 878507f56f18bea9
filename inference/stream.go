package inference

import (
	"context"
	"errors"
	"math"

	"fermata/inference/ctc"
	"fermata/inference/mel"
)

// A Stream recognises one recording while it is still spoken: each window is
// run as soon as it is known to be complete and not the last, so that
// [Stream.Finish] has only the open one to do. How the recording is cut into
// blocks, and what is asked in between, changes nothing, to the last bit.
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

	settled settled   // what the decoder has of the rows kept, without a beam search
	beam    *ctc.Beam // with one; nil until rows are kept
	fed     int       // how many values of logits the beam has had

	ending   *ending // nil unless SoFar has been asked since the last Write
	finished bool
}

// A piece is the kept rows of one window.
type piece struct {
	row   int // its first row among those kept
	frame int // the same row counted from the start of the recording
}

// An ending is what the recording is if nothing follows: the rows of the open
// window, run as the last, and the transcript of everything.
type ending struct {
	window     window
	transcript Transcript
}

// errFinished is a mistake of the program, not of the user.
var errFinished = errors.New("the recording is finished; start another stream")

// Write takes the next samples, mono in [-1, 1] at [SampleRate], of any
// number, and runs the windows they complete. A NaN or infinite sample, which
// a failing device may deliver, counts as silence: it must not spoil the
// seconds around it. The samples stay the caller's.
//
// When a window fails, or ctx ends while it runs, Write has taken all samples
// nevertheless, and the next Write, SoFar or Finish runs the window again:
// nothing is lost.
func (s *Stream) Write(ctx context.Context, samples []float32) error {
	if s.finished {
		return errFinished
	}
	if len(samples) > 0 {
		s.ending = nil
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

// SoFar returns the transcript as if the recording ended with the last sample
// written, and leaves the recording open. It runs the open window, as Finish
// does, and keeps the answer: until the next Write, SoFar and Finish return it
// at no cost, whatever has become of ctx. After an error it can be called
// again.
func (s *Stream) SoFar(ctx context.Context) (Transcript, error) {
	if s.ending == nil {
		e, err := s.end(ctx)
		if err != nil {
			return Transcript{}, err
		}
		s.ending = &e
	}
	return s.ending.transcript.clone(), nil
}

func (s *Stream) end(ctx context.Context) (ending, error) {
	if err := s.runComplete(ctx); err != nil {
		return ending{}, err
	}
	last, err := s.run(ctx, s.received-s.start, 0)
	if err != nil {
		return ending{}, err
	}
	t, err := s.transcribe(last)
	return ending{last, t}, err
}

// Finish runs the open window, which is the last, and returns the transcript
// of everything written. After an error it can be called again. Once it has
// succeeded it returns the same transcript for ever, and Write fails.
func (s *Stream) Finish(ctx context.Context) (Transcript, error) {
	t, err := s.SoFar(ctx)
	if err != nil || s.finished {
		return t, err
	}
	s.keep(s.ending.window)
	s.finished = true
	s.frames, s.tail = nil, nil
	return t, nil
}

// Due returns how many samples have still to be written until a window runs:
// 1 or more, and [math.MaxInt] where none runs before the end. Who fills the
// time until then with SoFar knows by it when to stop.
func (s *Stream) Due() int {
	window := s.recognizer.windows.Window
	if window == 0 {
		return math.MaxInt
	}
	return max(1, s.start+window+1-s.received)
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
