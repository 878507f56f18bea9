package app

import (
	"context"
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
	preparing  string  // what takes time in loading
	previewing bool    // a preview is shown
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
		arrived.newModel = !arrived.settings.sameModel(r.settings)
		r.adopt(arrived.settings)
		in = arrived
	case named:
		if arrived.id == r.settings.Microphone {
			r.microphone = arrived.name
		}
	case progressed:
		if r.state.loading {
			r.preparing = arrived.words
		}
	case previewed:
		r.preview(arrived.preview)
	case recognised:
		r.preview(Preview{})
	case modelLoaded:
		r.arrive(arrived)
	case computes:
		r.compute(arrived)
	case cardAsked:
		if r.model != nil && r.model.TryCard != nil {
			r.model.TryCard()
		}
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
	for _, speech := range r.speeches {
		speech.show(!s.NoPreview)
	}
	if s.NoPreview {
		r.preview(Preview{})
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
		r.speeches[a.id].release()
	case resume:
		r.speeches[a.id].resume()
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
