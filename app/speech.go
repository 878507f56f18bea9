package app

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"fermata/capture"
)

// MaxSpeech is how much speech is kept in memory at most, over all dictations
// whose text has not come: about 460 MB. A recording that reaches it ends with
// an error; nothing is dropped in silence.
const MaxSpeech = 2 * time.Hour

const maxSamples = int(MaxSpeech/time.Second) * capture.SampleRate

// errFull ends a recording that has reached MaxSpeech.
var errFull = fmt.Errorf("microphone: %v of speech are waiting for their text and no more can be kept; let the model finish or choose Retry, then go on", MaxSpeech)

// chunk is a second of samples. Chunks never grow or move, so that adding a
// block never waits for a large copy.
const chunk = capture.SampleRate

// speech is the samples of one dictation, from the goroutine that records them
// to the one that recognises them. They stay until the text has come, and can
// be read again from the first.
type speech struct {
	room int           // samples it may have
	more chan struct{} // holds one word when samples came or the end; never closed

	mu     sync.Mutex
	chunks [][]float32
	length int
	ended  bool
	loud   float64 // greatest RMS of any stretch, in dBFS
}

func newSpeech(room int) *speech {
	return &speech{room: room, more: make(chan struct{}, 1), loud: Silence}
}

// add copies a block and says whether all of it had room. It never waits.
func (s *speech) add(block []float32) bool {
	s.mu.Lock()
	fits := min(len(block), s.room-s.length)
	for rest := block[:fits]; len(rest) > 0; {
		if s.length%chunk == 0 {
			s.chunks = append(s.chunks, make([]float32, 0, chunk))
		}
		last := &s.chunks[len(s.chunks)-1]
		n := min(len(rest), chunk-len(*last))
		*last = append(*last, rest[:n]...)
		s.length += n
		rest = rest[n:]
	}
	s.mu.Unlock()
	s.ring()
	return fits == len(block)
}

// end says that no block will follow.
func (s *speech) end() {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.ring()
}

// from returns samples from position at on, up to the end of a chunk, and
// waits for them. It returns none at the end of the speech, and ctx's error
// when ctx ends. The samples stay as they are. One reader at a time.
func (s *speech) from(ctx context.Context, at int) ([]float32, error) {
	for {
		s.mu.Lock()
		length, ended := s.length, s.ended
		var samples []float32
		if at < length {
			samples = s.chunks[at/chunk][at%chunk:]
		}
		s.mu.Unlock()
		if len(samples) > 0 || ended {
			return samples, ctx.Err()
		}
		select {
		case <-s.more:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// samples is how many there are so far.
func (s *speech) samples() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.length
}

func (s *speech) seconds() float64 { return float64(s.samples()) / capture.SampleRate }

// louder notes the RMS of a stretch.
func (s *speech) louder(rms float64) {
	s.mu.Lock()
	s.loud = math.Max(s.loud, rms)
	s.mu.Unlock()
}

func (s *speech) loudest() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loud
}

func (s *speech) ring() {
	select {
	case s.more <- struct{}{}:
	default: // it has been told already
	}
}
