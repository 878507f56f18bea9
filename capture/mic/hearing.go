package mic

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/gordonklaus/portaudio"

	"fermata/capture"
)

// blocksPerSecond makes blocks of 20 ms.
const blocksPerSecond = 50

// waiting is how many pieces may wait for who takes them: 5 s.
const waiting = 5 * blocksPerSecond

// piece is one block as the device gave it, or the error that ended it all.
type piece struct {
	samples        []float32 // channels interleaved
	rate, channels int
	err            error
}

// hearing is one recording. All that touches the device runs on one goroutine,
// because any call may hang; who listens does not hang with it.
type hearing struct {
	pieces chan piece    // closed by the goroutine, once the device is free again
	quit   chan struct{} // closed by finish
	once   sync.Once

	// Of who listens.
	resampler *capture.Resampler
	mono, out []float32
}

func listen(id string) *hearing {
	h := &hearing{pieces: make(chan piece, waiting), quit: make(chan struct{})}
	go h.run(id)
	return h
}

// finish asks the goroutine to end.
func (h *hearing) finish() { h.once.Do(func() { close(h.quit) }) }

// stop ends the goroutine and waits for it, unless it hangs in the device: then
// it is left to end by itself, and keeps nobody from anything.
func (h *hearing) stop() {
	h.finish()
	limit := time.NewTimer(release)
	defer limit.Stop()
	for {
		select {
		case _, more := <-h.pieces:
			if !more {
				return
			}
		case <-limit.C:
			return
		}
	}
}

// run opens the device, reads it until it is asked to end, and closes it.
func (h *hearing) run(id string) {
	defer close(h.pieces)
	defer hush()()
	if !system.take(h.quit) {
		return
	}
	s, err := system.open(id)
	system.leave()
	if err != nil {
		h.send(piece{err: err})
		return
	}
	if err := h.read(s); err != nil {
		h.send(piece{err: err}) // before close, which may hang
	}
	system.close(s)
}

// send passes a piece on, and reports whether it could: who listens may have
// gone, and have left pieces behind.
func (h *hearing) send(p piece) bool {
	select {
	case h.pieces <- p:
		return true
	default:
	}
	select {
	case h.pieces <- p:
		return true
	case <-h.quit:
		return false
	}
}

// read passes on what the device hears. Once asked to end it still takes what
// lies ready.
func (h *hearing) read(s *stream) error {
	if err := s.Start(); err != nil {
		return s.refused(err)
	}
	for ending := false; ; {
		if err := s.Read(); err != nil && !errors.Is(err, portaudio.InputOverflowed) {
			return fmt.Errorf("%s: was taken away while recording; plug it in again", s.name)
		}
		if !h.send(piece{samples: slices.Clone(s.buffer), rate: s.rate, channels: s.channels}) {
			return nil
		}
		select {
		case <-h.quit:
			ending = true
		default:
		}
		if n, err := s.AvailableToRead(); ending && (err != nil || n < len(s.buffer)/s.channels) {
			return nil
		}
	}
}

// emit gives a piece to who listens, as the contract wants it.
func (h *hearing) emit(p piece, emit func([]float32)) {
	if h.resampler == nil {
		h.resampler = capture.NewResampler(p.rate, capture.SampleRate)
	}
	h.mono = average(h.mono[:0], p.samples, p.channels)
	h.out = h.resampler.Process(h.out[:0], h.mono)
	h.give(emit)
}

// flush gives the last 4 ms, which the resampler has kept.
func (h *hearing) flush(emit func([]float32)) {
	if h.resampler == nil {
		return
	}
	h.out = h.resampler.Flush(h.out[:0])
	h.resampler = nil
	h.give(emit)
}

func (h *hearing) give(emit func([]float32)) {
	for i, x := range h.out {
		h.out[i] = max(-1, min(1, x))
	}
	if len(h.out) > 0 {
		emit(h.out)
	}
}

// average appends the mean of each frame's channels.
func average(dst, interleaved []float32, channels int) []float32 {
	for i := 0; i < len(interleaved); i += channels {
		sum := float32(0)
		for _, x := range interleaved[i : i+channels] {
			sum += x
		}
		dst = append(dst, sum/float32(channels))
	}
	return dst
}
