package app

import (
	"fermata/app/spoken"
	"fermata/inference"
)

// Levels and lengths that decide what is said about a dictation without text.
const (
	quiet = -60 // dBFS: below it, at every moment, nobody has spoken
	tap   = 0.5 // seconds, the tail included: nobody meant to say anything
)

// recognise starts turning a speech into text. It keeps pace with a speech
// that is still growing.
func (r *running) recognise(s *speech) {
	p := pass{stream: r.model.Recognizer.Stream(), speech: s, tell: r.inbox.put}
	r.workers.Go(func() {
		transcript, err := p.finish(r.ctx)
		r.inbox.put(outcome(s, transcript, err))
	})
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
