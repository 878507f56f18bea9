package app

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
		return s, []action{stopTail{}, resume{s.last}}
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
	return s, []action{startTail{s.last}}
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
