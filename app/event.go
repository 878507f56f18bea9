package app

import "fermata/inference"

// Stage is what Fermata is doing. The window says it in words.
type Stage int

// The stages, in the order of a dictation.
const (
	Loading   Stage = iota // the model is being made ready; speech is kept
	Ready                  // waiting for the key
	Opening                // the key is down, no sample has come yet
	Listening              // samples are coming in
	Finishing              // the key is up, the text is on its way
	Failed                 // Status.Err says why and what to do
)

// An Event is something the window has to show: a [Status], a [Level], a
// [Preview] or a [Text]. Events are plain values, and one goroutine emits them
// all, in order.
type Event interface{ event() }

// Status is everything the state line tells. It is emitted whenever something
// in it has changed.
type Status struct {
	Stage      Stage
	Microphone string  // as the system names it
	Model      string  // as the user would name it
	Decoder    string  // how scores become words, in words: "with its language model"
	Device     string  // what computes, in words: "CPU, 2 threads"; may change while a model is in use
	Speed      string  // "this computer finishes 20 s of speech in 0.3 s", or "" if not measured
	Demo       bool    // the model is the demonstration model
	Preparing  string  // what takes time while Stage is Loading, "preparing the language model, 40 %", or ""
	Pending    int     // dictations whose key is up and whose text has not come yet
	Kept       float64 // seconds of speech kept because recognition failed; Retry takes them up
	Discards   float64 // how many of them Discard would throw away; 0 if it would do nothing
	Err        error   // when Stage is Failed; one sentence: what is wrong and what to do
	Hint       string  // why the last dictation gave no text, or ""; no error
}

// Level is how loud the last samples were, in dBFS: 0 is full scale, and
// nothing is below [Silence]. About 25 a second come while Stage is Listening,
// and none otherwise.
type Level struct{ Peak, RMS float64 }

// Text is the finished text of one dictation. They come in spoken order.
type Text struct {
	Written    string // marks written out, without the spaces and capital that its place in the note asks for
	Transcript inference.Transcript
}

// Preview is what a dictation that is still being spoken reads as so far:
// Stable, and right behind it Tentative. It is shown and nothing more: the
// note receives the finished text alone. A preview takes the place of the one
// before; an empty one puts it away, which happens before the dictation's Text
// and where there is none.
type Preview struct {
	Stable    string // what two previews in a row agree on
	Tentative string // what may change with the next words
}

func (Status) event()  {}
func (Level) event()   {}
func (Preview) event() {}
func (Text) event()    {}
