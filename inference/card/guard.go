package card

import (
	"context"
	"time"
)

const (
	// tooLong is how many times its expectation a run may take.
	tooLong = 10
	// leastExpected is the least that is expected of a run: a length that was not met
	// before has to be compiled, and the card may be drawing a desktop.
	leastExpected = 200 * time.Millisecond
	// checkLimit is how long a run may take while nothing is known of the card: what
	// it compiles first takes seconds.
	checkLimit = 30 * time.Second
	// softwareLimit is the same for a software driver that nobody asked for. It would
	// be refused after 30 s as well.
	softwareLimit = 5 * time.Second
)

// expected is how long the card takes for so many frames. Up to a window of 20 s
// that grows with the length at most; what is longer has attention to pay to
// every pair of rows.
func (v Verdict) expected(frames int) time.Duration {
	length := float64(frames) / float64(framesIn(longSeconds))
	if length > 1 {
		length *= length
	}
	return max(leastExpected, time.Duration(length*float64(v.Card)))
}

// onCard asks the card, if one is believed. Where it fails it is believed no
// more, and ok is false; so it is when ctx ends, which is no failure.
func (a *Acoustic) onCard(ctx context.Context, frames []float32) (logits []float32, vocab int, ok bool) {
	a.mu.Lock()
	w, v := a.card, a.state.Verdict
	if w == nil {
		a.mu.Unlock()
		return nil, 0, false
	}
	defer w.hold()() // so that nobody closes it in between
	a.mu.Unlock()
	expected := v.expected(len(frames) / bins)
	if !w.ran.Load() { // it compiles
		expected += v.First
	}
	logits, vocab, err := w.run(ctx, frames, tooLong*expected)
	switch {
	case ctx.Err() != nil:
		return nil, 0, false
	case err != nil:
		a.rest(w, failure(err))
		return nil, 0, false
	case !numbers(logits):
		a.rest(w, noNumbers())
		return nil, 0, false
	case vocab != v.Vocab || len(logits)%vocab != 0:
		a.rest(w, differs())
		return nil, 0, false
	}
	return logits, vocab, true
}

// rest believes a card no more.
func (a *Acoustic) rest(w *watched, f *fault) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.card != w { // somebody else was first
		return
	}
	a.card = nil
	a.retireLocked(w)
	a.becomeLocked(State{Words: UsingCPU + f.words, Failed: true})
}

// becomeLocked is the only place where the state changes.
func (a *Acoustic) becomeLocked(s State) {
	a.state = s
	if a.parts.Tell != nil {
		a.parts.Tell(s)
	}
}
