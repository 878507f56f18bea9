package app

// holding says whether anything is held down.
func (s state) holding() bool { return s.held[Key] || s.held[Button] }

// recording says whether the microphone is open for a dictation.
func (s state) recording() bool { return s.microphone == opening || s.microphone == hearing }

// listening says whether what is heard is to be shown.
func (s state) listening() bool { return s.holding() && s.microphone == hearing }

// released are the dictations whose hold has ended, in spoken order.
func (s state) released() []dictation {
	if s.holding() && s.recording() {
		return s.queue[:len(s.queue)-1]
	}
	return s.queue
}

// discardable is the oldest dictation that is kept because recognition failed.
// One whose recording has not ended yet is not.
func (s state) discardable() (dictation, bool) {
	if s.modelErr == nil || len(s.queue) == 0 || len(s.queue) == 1 && s.microphone != closed {
		return dictation{}, false
	}
	return s.queue[0], true
}

// stage puts first what the user's hand is doing, then what needs the user,
// then what the user is waiting for.
func (s state) stage() Stage {
	switch {
	case s.listening():
		return Listening
	case s.holding() && (s.microphone == opening || s.microphone == closing):
		return Opening
	case s.err() != nil:
		return Failed
	case s.loading || s.wantModel:
		return Loading
	case len(s.queue) > 0 || s.microphone != closed:
		return Finishing
	}
	return Ready
}

// err is what to tell. A failed microphone goes first: it is the fresher news,
// and the next press puts it away.
func (s state) err() error {
	if s.micErr != nil {
		return s.micErr
	}
	return s.modelErr
}

// done says whether Stop has nothing left to wait for. Speech that a failed
// model left behind is not waited for: nobody is there to ask for a retry.
func (s state) done() bool {
	nothing := len(s.queue) == 0 || s.modelErr != nil
	return s.stopping && s.microphone == closed && nothing
}
