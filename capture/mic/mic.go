// Package mic is the source of samples that is a microphone. [New] gives the
// one with an ID of [Devices], or the system's own choice, and its Record does
// everything else.
//
// It records through PortAudio, at 16 kHz if the device can and else at the
// device's own rate, resampled and averaged to mono. It refuses to wait: a
// device that hangs or delivers nothing is given up after [FirstBlock] or
// [NextBlock], and neither keeps the program from recording again nor from
// ending. Nothing that PortAudio, ALSA or JACK write reaches standard error
// while it works.
package mic

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fermata/capture"
)

// How long a microphone may take, with everything that comes before the sound,
// until its first block, and from one block to the next. A sound server that
// gets no processor for half a second happens, and must not end a dictation.
const (
	FirstBlock = 3 * time.Second
	NextBlock  = time.Second
)

// release is how long the device may take to stop.
const release = time.Second

// ErrNoMicrophone says that the system has no microphone at all.
var ErrNoMicrophone = errors.New("microphone: there is none on this computer; plug one in")

// Source is a microphone. It holds nothing while it does not record, and is
// safe for concurrent use.
type Source struct{ id string }

var _ capture.Source = (*Source)(nil)

// New names the microphone with the ID of one of [Devices], or for "" the one
// that the system prefers. Whether it is there shows when it records.
func New(id string) *Source { return &Source{id: id} }

// Record keeps the contract of [capture.Source]. Besides ErrNoMicrophone its
// errors are sentences that begin with the name of the microphone.
func (s *Source) Record(ctx context.Context, emit func(block []float32)) error {
	if ctx.Err() != nil {
		return nil
	}
	h := listen(s.id)
	defer h.stop()
	limit := time.NewTimer(FirstBlock)
	defer limit.Stop()
	done := ctx.Done()
	for {
		select {
		case p, more := <-h.pieces:
			if !more || p.err != nil {
				h.flush(emit)
				return p.err
			}
			h.emit(p, emit)
			if done != nil {
				limit.Reset(NextBlock)
			}
		case <-done:
			// What the device has heard by now still comes, and then the end.
			done = nil
			h.finish()
			limit.Reset(release)
		case <-limit.C:
			if len(h.pieces) > 0 { // it was emit that took so long
				limit.Reset(NextBlock)
				continue
			}
			h.flush(emit)
			if done == nil {
				return nil
			}
			return fmt.Errorf("%s: delivers no sound; check that it is plugged in, or choose another microphone", Name(s.id))
		}
	}
}
