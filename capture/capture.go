// Package capture is where samples come from. [Source] is the contract that
// every source keeps; [Read] takes a recording from a file. The microphone,
// which needs a device and cgo, is in capture/mic.
//
// Every sample that leaves this package is mono float32 in [-1, 1] at
// [SampleRate]. It refuses what is not audio, and keeps nothing on disk.
package capture

import "context"

// SampleRate is the rate of every sample that leaves this package, in hertz.
const SampleRate = 16000

// Source is something that can be heard.
type Source interface {
	// Record opens the source, calls emit for every block of samples from
	// the first to the last, and closes it. It returns nil when ctx ends,
	// after everything heard until then has been emitted, and an error when
	// the source cannot be opened, fails, is taken away or falls silent
	// (delivers no block at all) for longer than a source may.
	// The first call of emit means that sound is coming in.
	// A block is at most 100 ms, mono float32 in [-1, 1] at SampleRate, and
	// emit's until it returns: copy what is to be kept. emit is called on one
	// goroutine and must not wait.
	Record(ctx context.Context, emit func(block []float32)) error
}

// A Device is a microphone that can be chosen.
type Device struct {
	ID      string `json:"id"`   // what settings keep; stable over restarts
	Name    string `json:"name"` // what people read
	Default bool   `json:"default"`
	Rate    int    `json:"rate"` // hertz, the device's own
}
