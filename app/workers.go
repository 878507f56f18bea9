package app

import (
	"context"
	"fmt"
)

// record starts recording into a new speech.
func (r *running) record(id int) {
	room := r.room
	for _, s := range r.speeches {
		room -= s.samples()
	}
	s := newSpeech(room, !r.settings.NoPreview)
	r.speeches[id] = s
	ctx, cancel := context.WithCancel(r.ctx)
	r.endRecord = cancel
	source := r.parts.Microphone(r.settings.Microphone)
	r.workers.Go(func() {
		defer cancel()
		var heardAny, full bool
		var m meter
		err := source.Record(ctx, func(block []float32) {
			if !s.add(block) {
				full = true
				cancel()
			}
			if !heardAny && s.samples() > 0 {
				heardAny = true
				r.inbox.put(heard{})
			}
			if level, ok := m.add(block); ok {
				s.louder(level.RMS)
				r.inbox.putLevel(level)
			}
		})
		if full {
			err = errFull
		}
		r.inbox.put(recorded{err}) // before the end, so that the text comes after it
		s.end()
	})
}

// load frees the model there is and starts loading the one in the settings.
func (r *running) load() {
	old, settings := r.model, r.settings
	r.model, r.preparing = nil, ""
	ctx, cancel := context.WithCancel(r.ctx)
	r.endLoad = cancel
	r.workers.Go(func() {
		defer cancel()
		closeErr := free(old)
		model, err := r.parts.Load(ctx, settings, r.progress())
		r.inbox.put(modelLoaded{model, err, closeErr})
	})
}

// progress tells what takes time in loading, once for every percent of it.
func (r *running) progress() func(words string, fraction float64) {
	told := ""
	return func(words string, fraction float64) {
		if fraction >= 0 {
			words = fmt.Sprintf("%s, %.0f %%", words, 100*min(fraction, 1))
		}
		if words != told {
			told = words
			r.inbox.put(progressed{words})
		}
	}
}

// free closes a model, if there is one.
func free(m *Loaded) error {
	if m == nil || m.Close == nil {
		return nil
	}
	return m.Close()
}

// nameMicrophone asks for the chosen microphone's name, which may take a while.
func (r *running) nameMicrophone() {
	id := r.settings.Microphone
	r.workers.Go(func() { r.inbox.put(named{id, r.parts.MicrophoneName(id)}) })
}
