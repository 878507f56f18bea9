package app

import (
	"fmt"
	"path/filepath"
)

// show emits the status if anything in it has changed.
func (r *running) show() {
	now := r.status()
	if r.shown == nil || !same(now, *r.shown) {
		r.shown = &now
		r.emit(now)
	}
}

// same compares errors by their words, because not every error can be compared.
func same(a, b Status) bool {
	words := fmt.Sprint(a.Err) == fmt.Sprint(b.Err)
	a.Err, b.Err = nil, nil
	return words && a == b
}

func (r *running) status() Status {
	s := Status{Stage: r.state.stage(), Microphone: r.microphone, Pending: len(r.state.released()), Hint: r.state.hint, Preparing: r.preparing}
	if s.Stage == Failed {
		s.Err = r.state.err()
	}
	if r.state.modelErr != nil {
		s.Kept = r.kept(r.state.released())
	}
	if d, ok := r.state.discardable(); ok {
		s.Discards = r.kept([]dictation{d})
	}
	switch {
	case r.model != nil:
		s.Model, s.Decoder, s.Demo = r.model.Model, r.model.Decoder, r.model.Demo
		s.Device, s.Speed = r.model.Device, r.model.Speed
	case r.settings.Model != "":
		s.Model = filepath.Base(r.settings.Model)
	}
	return s
}

// kept is how many seconds of speech there are in these dictations.
func (r *running) kept(of []dictation) float64 {
	var sum float64
	for _, d := range of {
		sum += r.speeches[d.id].seconds()
	}
	return sum
}

// preview shows a preview, or puts the one that is shown away.
func (r *running) preview(p Preview) {
	shows := p != Preview{}
	if shows && r.settings.NoPreview || !shows && !r.previewing {
		return // it was under way when previews were turned off; there is none
	}
	r.previewing = shows
	r.emit(p)
}
