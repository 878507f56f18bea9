package app

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"
)

// running is a Desk at work. Everything in it belongs to Run's goroutine.
type running struct {
	*Desk
	ctx        context.Context // ends when Run does
	emit       func(Event)
	workers    sync.WaitGroup
	state      state
	shown      *Status         // nil before the first
	speeches   map[int]*speech // of the dictations in state.queue
	tail       *time.Timer
	model      *Loaded // nil while none is loaded
	microphone string  // its name
	endRecord  context.CancelFunc
	endLoad    context.CancelFunc
	closeErr   error // the first that closing a model gave
}

// Run loads the model and takes dictations until ctx ends or [Desk.Stop] has
// been called and every text has been emitted. It emits all events, on the
// goroutine that called it; emit should not wait long. When Run returns, the
// microphone is closed, the model is freed and no goroutine is left.
//
// The error is nil unless speech was given up (ctx ended before its text, or
// Stop found a failed model) or the model could not be freed. Run is called
// once.
func (d *Desk) Run(ctx context.Context, emit func(Event)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &running{Desk: d, ctx: ctx, emit: emit, speeches: map[int]*speech{}, tail: time.NewTimer(time.Hour)}
	r.tail.Stop()
	r.nameMicrophone()
	r.take(started{})
	for ctx.Err() == nil && !r.state.done() {
		select {
		case <-ctx.Done():
		case <-r.tail.C:
			r.take(tailOver{})
		case <-r.inbox.wake:
			r.empty()
		}
	}
	cancel()
	r.workers.Wait()
	return r.leave()
}

// empty takes everything in the inbox.
func (r *running) empty() {
	inputs, level := r.inbox.take()
	for _, in := range inputs {
		r.take(in)
	}
	if level != nil && r.state.listening() {
		r.emit(*level)
	}
}

// take decides about one input and does what follows.
func (r *running) take(in input) {
	switch arrived := in.(type) {
	case applied:
		arrived.newModel = arrived.settings.Model != r.settings.Model
		r.adopt(arrived.settings)
		in = arrived
	case named:
		if arrived.id == r.settings.Microphone {
			r.microphone = arrived.name
		}
	case modelLoaded:
		r.arrive(arrived)
	}
	var does []action
	r.state, does = decide(r.state, in)
	for _, a := range does {
		r.do(a)
	}
	r.show()
}

func (r *running) adopt(s Settings) {
	renamed := s.Microphone != r.settings.Microphone
	r.settings = s
	if renamed {
		r.microphone = ""
		r.nameMicrophone()
	}
}

func (r *running) do(a action) {
	switch a := a.(type) {
	case record:
		r.record(a.id)
	case closeMicrophone:
		r.endRecord()
	case startTail:
		r.tail.Reset(r.parts.Tail)
	case stopTail:
		r.tail.Stop()
	case load:
		r.load()
	case cancelLoad:
		r.endLoad()
	case recognise:
		r.recognise(r.speeches[a.id])
	case tell:
		r.emit(a.text)
	case forget:
		delete(r.speeches, a.id)
	}
}

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
	s := Status{Stage: r.state.stage(), Microphone: r.microphone, Pending: len(r.state.released()), Hint: r.state.hint}
	if s.Stage == Failed {
		s.Err = r.state.err()
	}
	if r.state.modelErr != nil {
		s.Kept = r.kept(r.state.released())
	}
	switch {
	case r.model != nil:
		s.Model, s.Device, s.Demo = r.model.Model, r.model.Device, r.model.Demo
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

// arrive takes a model over.
func (r *running) arrive(in modelLoaded) {
	r.model = in.model
	if r.closeErr == nil {
		r.closeErr = in.closeErr
	}
}

// leave, when every worker has gone, emits what they finished last, frees the
// model, and tells what was given up.
func (r *running) leave() error {
	inputs, _ := r.inbox.take()
	for _, in := range inputs {
		switch in := in.(type) {
		case modelLoaded:
			r.arrive(in)
		case recognised:
			r.state.recognising = false
			if in.err == nil {
				r.state.queue = r.state.queue[1:]
				if in.text.Written != "" {
					r.emit(in.text)
				}
			}
		}
	}
	err := r.closeErr
	if failed := free(r.model); err == nil {
		err = failed
	}
	if lost := r.kept(r.state.queue); lost > 0 {
		err = fmt.Errorf("dictation: %.0f seconds of speech had not become text when Fermata was closed; dictate them again", lost)
	}
	return err
}
