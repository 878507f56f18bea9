package card

import (
	"context"
	"errors"
	"fmt"
)

// Adopt finds the best card, loads the model on it, checks it unless the verdict is
// remembered, warms the lengths that dictation uses, and lets it compute from
// then on. Meanwhile the CPU answers, and whatever Adopt runs gives way to that.
// With anew nothing is remembered, and a card that computes now is loaded
// again: for a user who asks. It returns what computes in the end, and
// returns early when ctx ends or Close is called. One at a time; a call while
// another is under way returns at once.
func (a *Acoustic) Adopt(ctx context.Context, anew bool) State {
	ctx, done := a.begin(ctx)
	if ctx == nil {
		return a.State()
	}
	defer done()
	if anew {
		a.forget()
	}
	if s := a.State(); s.Card != nil {
		return s
	}
	s, w, err := a.choose(ctx, anew)
	if err != nil && ctx.Err() != nil {
		return a.State()
	}
	if err != nil {
		s = refusal(err)
	}
	a.mu.Lock()
	a.card = w
	a.becomeLocked(s)
	a.mu.Unlock()
	_ = a.freeCPU(ctx) // its error costs nothing now
	return a.State()
}

// begin returns nil where Adopt is under way or the Acoustic is closed.
func (a *Acoustic) begin(ctx context.Context) (context.Context, func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.adopting != nil || a.closed {
		return nil, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	a.adopting = cancel
	a.adoption.Add(1)
	return ctx, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		cancel()
		a.adopting = nil
		a.adoption.Done()
	}
}

// forget lets go of the card that computes.
func (a *Acoustic) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.card != nil {
		a.retireLocked(a.card)
		a.card = nil
	}
	a.becomeLocked(State{})
}

// choose tries the cards in turn, and returns the first one's model that is to
// compute. Without any the state has the best one's reason, or there is an error.
func (a *Acoustic) choose(ctx context.Context, anew bool) (reason State, w *watched, err error) {
	cards, err := a.parts.Find(ctx)
	for i := range cards {
		s, w, failed := a.try(ctx, &cards[i], anew)
		if w != nil || ctx.Err() != nil {
			return s, w, failed
		}
		if i == 0 {
			reason, err = s, failed
		}
	}
	return reason, nil, err
}

// try returns the card's model if it is to compute, or why not.
func (a *Acoustic) try(ctx context.Context, card *Card, anew bool) (State, *watched, error) {
	v, known := a.parts.Memory.Recall(card.Key.String())
	known = known && v.Final && v.sound() && !anew && (!v.Late || !a.parts.Wanted)
	if known && !a.accepts(v) {
		return State{Words: v.Words}, nil, nil
	}
	model, err := card.Load(ctx)
	if err != nil {
		a.remember(card, Verdict{Words: refusal(err).Words, When: now()})
		return State{}, nil, err
	}
	w := watch(model, checkLimit)
	if card.Software && !a.parts.Wanted {
		w.limit = softwareLimit
	}
	if !known {
		v, err = a.check(ctx, w, card)
	}
	if err == nil && a.accepts(v) {
		err = a.warm(ctx, w)
	}
	if err != nil || !a.accepts(v) {
		a.mu.Lock()
		a.retireLocked(w)
		a.mu.Unlock()
		return State{Words: v.Words, Failed: !v.Final}, nil, err
	}
	return State{Card: card, Verdict: v, Words: v.inUse(card.Device)}, w, nil
}

// accepts says whether a card with that verdict is to be used.
func (a *Acoustic) accepts(v Verdict) bool { return v.OK || v.Same && a.parts.Wanted }

// remember keeps a verdict; where that fails the card is checked at the next start
// again.
func (a *Acoustic) remember(card *Card, v Verdict) {
	_ = a.parts.Memory.Remember(card.Key.String(), v)
}

// check checks the card and remembers the verdict.
func (a *Acoustic) check(ctx context.Context, w *watched, card *Card) (Verdict, error) {
	if err := a.Prepare(ctx); err != nil { // so that no run is timed with that
		return Verdict{}, err
	}
	v, err := Check(ctx, a.patient(a.onCPU), a.patient(w.unknown), card.Device)
	if err == nil {
		a.remember(card, v)
	}
	return v, err
}

func (a *Acoustic) patient(run func(context.Context, []float32) ([]float32, int, error)) *patient {
	return &patient{before: &a.before, run: run}
}

// warm has the card compile what dictations ask for, if its model knows what that
// is.
func (a *Acoustic) warm(ctx context.Context, w *watched) error {
	m, ok := w.model.(interface{ Warm(context.Context) error })
	if !ok || !a.parts.Warm {
		return nil
	}
	run := a.patient(func(ctx context.Context, _ []float32) ([]float32, int, error) {
		limited, cancel := context.WithTimeoutCause(ctx, w.limit, late(w.limit))
		defer cancel()
		err := m.Warm(limited)
		w.ran.Store(w.ran.Load() || err == nil)
		if cause := context.Cause(limited); cause != nil && ctx.Err() == nil {
			err = cause
		}
		return nil, 0, err
	})
	if _, _, err := run.Logits(ctx, nil); err != nil {
		return failure(err)
	}
	return nil
}

// refusal says why no card computes.
func refusal(err error) State {
	var f *fault
	if errors.As(err, &f) {
		return State{Words: UsingCPU + f.words, Failed: !f.final}
	}
	return State{Words: fmt.Sprintf("%s%v", UsingCPU, err)}
}
