package app

import (
	"context"

	"fermata/app/spoken"
	"fermata/inference"
)

// Levels and lengths that decide what is said about a dictation without text.
const (
	quiet = -60 // dBFS: below it, at every moment, nobody has spoken
	tap   = 0.5 // seconds, the tail included: nobody meant to say anything
)

// record starts recording into a new speech.
func (r *running) record(id int) {
	room := r.room
	for _, s := range r.speeches {
		room -= s.samples()
	}
	s := newSpeech(room)
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
	old, name := r.model, r.settings.Model
	r.model = nil
	ctx, cancel := context.WithCancel(r.ctx)
	r.endLoad = cancel
	r.workers.Go(func() {
		defer cancel()
		closeErr := free(old)
		model, err := r.parts.Load(ctx, name)
		r.inbox.put(modelLoaded{model, err, closeErr})
	})
}

// free closes a model, if there is one.
func free(m *Loaded) error {
	if m == nil || m.Close == nil {
		return nil
	}
	return m.Close()
}

// recognise starts turning a speech into text. It keeps pace with a speech
// that is still growing.
func (r *running) recognise(s *speech) {
	stream := r.model.Recognizer.Stream()
	r.workers.Go(func() {
		transcript, err := transcribe(r.ctx, stream, s)
		r.inbox.put(outcome(s, transcript, err))
	})
}

func transcribe(ctx context.Context, stream Stream, s *speech) (inference.Transcript, error) {
	for at := 0; ; {
		samples, err := s.from(ctx, at)
		if err != nil {
			return inference.Transcript{}, err
		}
		if len(samples) == 0 {
			return stream.Finish(ctx)
		}
		if err := stream.Write(ctx, samples); err != nil {
			return inference.Transcript{}, err
		}
		at += len(samples)
	}
}

// outcome is the text, or why there is none.
func outcome(s *speech, t inference.Transcript, err error) recognised {
	if err != nil {
		return recognised{err: err}
	}
	out := recognised{text: Text{Written: spoken.Write(t.Raw), Transcript: t}}
	switch {
	case out.text.Written != "" || s.seconds() < tap:
	case s.loudest() < quiet:
		out.hint = "nothing was heard; check the microphone"
	default:
		out.hint = "no words were recognised"
	}
	return out
}

// nameMicrophone asks for the chosen microphone's name, which may take a while.
func (r *running) nameMicrophone() {
	id := r.settings.Microphone
	r.workers.Go(func() { r.inbox.put(named{id, r.parts.MicrophoneName(id)}) })
}
