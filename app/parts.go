package app

import (
	"context"
	"time"

	"fermata/capture"
	"fermata/inference"
)

// Recognizer makes streams, one for every dictation.
type Recognizer interface {
	// Stream starts one dictation. The Desk uses one stream at a time.
	Stream() Stream
}

// Stream recognises one dictation while it is spoken. It belongs to one
// goroutine.
type Stream interface {
	// Write takes the next samples, mono float32 in [-1, 1] at
	// [inference.SampleRate], and runs the windows that they fill. The samples
	// are the caller's and must not be changed. It returns early when ctx ends.
	Write(ctx context.Context, samples []float32) error
	// SoFar returns the transcript as if nothing followed, and leaves the
	// stream as it was. It returns early when ctx ends, with an error.
	SoFar(ctx context.Context) (inference.Transcript, error)
	// Due is how many samples have still to be written until Write runs a
	// window.
	Due() int
	// Finish runs what is left and returns the transcript of everything
	// written. The stream is used up then. Right after SoFar nothing is left.
	Finish(ctx context.Context) (inference.Transcript, error)
}

// Loaded is a model that is ready to recognise.
type Loaded struct {
	Recognizer Recognizer
	Model      string // as the user would name it
	Decoder    string // how scores become words, in words: "with its language model"
	Device     string // what computes, in words: "CPU, 2 threads"
	Speed      string // "this computer finishes 20 s of speech in 0.3 s", or "" if not measured
	// OnDevice, where it is not nil, is called once and has tell hear Device and Speed
	// whenever they change while the model is in use, and at once. tell does not
	// wait, and may be called from any goroutine, also after Close.
	OnDevice func(tell func(device, speed string))
	// TryCard checks the graphics card anew beside everything else, and takes it up
	// if it may be believed; nil where there is none. It does not wait.
	TryCard func()
	Demo    bool         // the demonstration model
	Close   func() error // frees it; nil if there is nothing to free; called once, when no stream is in use
}

// Parts is what a Desk is joined from. Every field but Tail is needed.
type Parts struct {
	// Microphone gives the source with a device's ID, "" being the system's
	// choice. It only names the source: Record opens it.
	Microphone func(id string) capture.Source
	// MicrophoneName gives the words for that device. It may take its time and
	// is called beside everything else.
	MicrophoneName func(id string) string
	// Load makes the settings' model ready, with their decoder, precision and device.
	// It may take long, and returns early when ctx ends. While it works it may
	// call progress, from one goroutine at a time, with what it is doing
	// ("preparing the language model") and how far it is, 0 to 1, or less than
	// 0 where that is not known. One call at a time, and the model before has
	// been closed.
	Load func(ctx context.Context, s Settings, progress func(words string, fraction float64)) (*Loaded, error)
	// Tail is how long the microphone goes on after the release; 0 is
	// [DefaultTail]. People let go early, and devices deliver late.
	Tail time.Duration
}

// DefaultTail is long enough for the end of a word and the device's latency.
const DefaultTail = 250 * time.Millisecond
