package app

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

// discard lets the oldest dictation go that a failure left behind, and trusts
// the model no more than Retry does.
func discard(s state) (state, []action) {
	d, ok := s.discardable()
	if !ok {
		return s, nil
	}
	s.micErr, s.wantModel = nil, true
	s.queue = s.queue[1:]
	return s, []action{forget{d.id}}
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
