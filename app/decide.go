package app

import "slices"

// microphone is what the one microphone is doing.
type microphone int

const (
	closed  microphone = iota
	opening            // recording, no sample yet
	hearing            // recording
	closing            // told to end, not yet gone: the next recording waits for it
)

// dictation is one hold whose text has not been emitted.
type dictation struct {
	id    int
	heard bool // it has samples
}

// state is everything a decision depends on.
type state struct {
	held        [holds]bool
	microphone  microphone
	tail        bool        // let go, and the microphone goes on a little
	queue       []dictation // in spoken order; the last is being recorded unless the microphone is closed
	last        int         // ID of the last dictation begun
	wantModel   bool        // the settings' model is to be loaded as soon as possible
	loading     bool
	ready       bool // a model is loaded and has not failed
	recognising bool // queue[0]
	micErr      error
	modelErr    error
	hint        string
	stopping    bool
}

// decide is what a Desk does about an input: the state after it and what is to
// be done, in this order. It is pure.
func decide(s state, in input) (state, []action) {
	s.queue = slices.Clone(s.queue)
	s, does := react(s, in)
	s, more := proceed(s)
	return s, append(does, more...)
}

func react(s state, in input) (state, []action) {
	switch in := in.(type) {
	case started:
		s.wantModel = true
	case pressed:
		return press(s, in.hold)
	case released:
		return letGo(s, in.hold)
	case focusLost:
		return letGo(s, Key, Button)
	case stopped:
		s.stopping = true
		return letGo(s, Key, Button)
	case tailOver:
		if s.tail {
			return endRecording(s)
		}
	case heard:
		return firstBlock(s), nil
	case recorded:
		return recordingEnded(s, in.err)
	case applied:
		return apply(s, in.newModel)
	case retried:
		s.micErr = nil
		s.wantModel = s.wantModel || !s.ready && !s.loading
	case discarded:
		return discard(s)
	case modelLoaded:
		return modelArrived(s, in.err), nil
	case recognised:
		return textArrived(s, in)
	}
	return s, nil
}
