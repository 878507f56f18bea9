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
	case modelLoaded:
		return modelArrived(s, in.err), nil
	case recognised:
		return textArrived(s, in)
	}
	return s, nil
}

// press begins a dictation. A press within the tail takes the same dictation
// up again: the microphone is still open, so not a sample is missed, and the
// release-and-press pairs by which X11 repeats a held key do no harm.
func press(s state, h Hold) (state, []action) {
	if s.stopping || s.held[h] {
		return s, nil
	}
	first := !s.holding()
	s.held[h] = true
	switch {
	case !first:
		return s, nil
	case s.tail:
		s.tail = false
		return s, []action{stopTail{}}
	case s.microphone == closed:
		return beginRecording(s)
	}
	return s, nil // closing: recordingEnded begins it
}

func beginRecording(s state) (state, []action) {
	s.microphone = opening
	s.micErr, s.hint = nil, ""
	s.last++
	s.queue = append(s.queue, dictation{id: s.last})
	return s, []action{record{s.last}}
}

// letGo begins the tail when nothing is held any more.
func letGo(s state, which ...Hold) (state, []action) {
	was := s.holding()
	for _, h := range which {
		s.held[h] = false
	}
	if !was || s.holding() || !s.recording() {
		return s, nil
	}
	s.tail = true
	return s, []action{startTail{}}
}

func endRecording(s state) (state, []action) {
	s.tail = false
	s.microphone = closing
	return s, []action{closeMicrophone{}}
}

func firstBlock(s state) state {
	if s.microphone == opening {
		s.microphone = hearing
	}
	s.queue[len(s.queue)-1].heard = true // also while closing: it came, so it counts
	return s
}

// recordingEnded keeps what was heard, whatever ended it. If the microphone
// was closed on purpose and something has been pressed since, the next
// dictation begins; after a failure only a new press begins one, or a held key
// would open a broken microphone over and over.
func recordingEnded(s state, err error) (state, []action) {
	var does []action
	again := s.microphone == closing && s.holding()
	if s.tail {
		s.tail = false
		does = append(does, stopTail{})
	}
	s.microphone = closed
	if err != nil {
		s.micErr = err
	}
	if d := s.queue[len(s.queue)-1]; !d.heard { // a tap too short for the device
		s.queue = s.queue[:len(s.queue)-1]
		does = append(does, forget{d.id})
	}
	if !again {
		return s, does
	}
	s, more := beginRecording(s)
	return s, append(does, more...)
}

func apply(s state, newModel bool) (state, []action) {
	s.micErr = nil
	if !newModel {
		return s, nil
	}
	s.wantModel = true
	if s.loading {
		return s, []action{cancelLoad{}}
	}
	return s, nil
}

// modelArrived passes over the outcome if another model is wanted meanwhile.
func modelArrived(s state, err error) state {
	s.loading = false
	if s.wantModel {
		return s
	}
	s.ready, s.modelErr = err == nil, err
	return s
}

// textArrived takes the oldest dictation away, or, if it failed, keeps it and
// everything after it, so that texts come in spoken order. A model that has
// failed once is not trusted again: Retry loads it anew.
func textArrived(s state, in recognised) (state, []action) {
	s.recognising = false
	if in.err != nil {
		s.ready, s.modelErr = false, in.err
		return s, nil
	}
	does := []action{forget{s.queue[0].id}}
	s.queue = s.queue[1:]
	if in.text.Written != "" {
		return s, append([]action{tell{in.text}}, does...)
	}
	s.hint = in.hint
	return s, does
}

// proceed starts what can be started now: one model is in memory at a time,
// and it recognises one dictation at a time, the oldest first, from its first
// block on.
func proceed(s state) (state, []action) {
	switch {
	case s.recognising || s.loading:
		return s, nil
	case s.wantModel:
		s.wantModel, s.loading = false, true
		s.ready, s.modelErr = false, nil
		return s, []action{load{}}
	case s.ready && len(s.queue) > 0 && s.queue[0].heard:
		s.recognising = true
		return s, []action{recognise{s.queue[0].id}}
	}
	return s, nil
}
