package app

import (
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
	more chan struct{} // holds one word when anything has changed; never closed

	mu      sync.Mutex
	chunks  [][]float32
	length  int
	ended   bool
	loud    float64 // greatest RMS of any stretch, in dBFS
	preview bool    // somebody wants to read it while it is spoken
	tail    tail
	watch   watch
}

func newSpeech(room int, preview bool) *speech {
	return &speech{room: room, more: make(chan struct{}, 1), loud: Silence, preview: preview, tail: tail{from: held}}
}

// add copies a block and says whether all of it had room. It never waits.
func (s *speech) add(block []float32) bool {
	fits := 0
	s.change(func() {
		fits = min(len(block), s.room-s.length)
		s.tail.hear(block[:fits])
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
	})
	return fits == len(block)
}

// end says that no block will follow.
func (s *speech) end() {
	s.change(func() {
		s.tail.end()
		s.ended = true
	})
}

// release says that the key came up: what follows is the tail.
func (s *speech) release() { s.change(func() { s.tail.begin(s.length) }) }

// resume says that the key is down again: there was no tail.
func (s *speech) resume() { s.change(func() { s.tail.from = held }) }

// show says whether somebody wants to read it while it is spoken.
func (s *speech) show(preview bool) { s.change(func() { s.preview = preview }) }

// shown says whether previews of it are wanted now.
func (s *speech) shown() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shownLocked()
}

func (s *speech) shownLocked() bool { return s.preview && !s.ended && s.tail.from == held }

// standing is where a reader of a speech stands.
type standing int

const (
	following standing = iota // more may follow
	atRelease                 // the key is up; the tail has brought silence so far
	atEnd                     // of what is to be recognised
)

// next returns samples from position at on, up to the end of a chunk, without
// waiting for them, or none and where the reader stands. It goes no further
// than the release while the tail is silence. The samples stay as they are.
func (s *speech) next(at int) ([]float32, standing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	limit := s.length
	if s.tail.silent() {
		limit = s.tail.from
	}
	switch {
	case at < limit:
		samples := s.chunks[at/chunk][at%chunk:]
		return samples[:min(len(samples), limit-at)], following
	case s.ended:
		return nil, atEnd
	case s.tail.silent():
		return nil, atRelease
	}
	return nil, following
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

// change does something to the speech and tells whoever waits for it.
func (s *speech) change(do func()) {
	s.mu.Lock()
	do()
	s.watch.look()
	s.mu.Unlock()
	select {
	case s.more <- struct{}{}:
	default: // it has been told already
	}
}
