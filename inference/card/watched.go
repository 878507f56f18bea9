package card

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"fermata/inference"
)

// Model is an acoustic model that is the holder's to close.
type Model interface {
	inference.Acoustic
	Close() error
}

// ErrHung is what closing gives where a card has not come back from a run.
var ErrHung = errors.New("graphics card: it does not come back from what it was asked, so that its memory is free only when Fermata has ended; restart the computer if that happens again")

// watched runs a card's model such that one that hangs holds nobody: every run
// has a goroutine of its own and its own copy of what it computes from. Close
// waits for them all.
type watched struct {
	model Model
	limit time.Duration // of a run while nothing is known of the card
	turn  chan struct{} // holds a word while the model runs
	ran   atomic.Bool   // it has answered
	runs  sync.WaitGroup
}

func watch(m Model, limit time.Duration) *watched {
	return &watched{model: m, limit: limit, turn: make(chan struct{}, 1)}
}

type answer struct {
	logits []float32
	vocab  int
	took   time.Duration
	err    error
}

// hold keeps the model open until release is called. It must not be called once
// close has been.
func (w *watched) hold() (release func()) {
	w.runs.Add(1)
	return w.runs.Done
}

// run is the model's Logits, for at most limit. It returns as soon as ctx ends
// or the limit is reached, whatever the model does.
func (w *watched) run(ctx context.Context, frames []float32, limit time.Duration) ([]float32, int, error) {
	inner, cancel := context.WithCancel(ctx)
	defer cancel() // an answer that nobody waits for any more need not be finished
	frames = slices.Clone(frames)
	came := make(chan answer, 1) // sent once, by the goroutine below
	w.runs.Go(func() { came <- w.answer(inner, frames) })
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case a := <-came:
		w.ran.Store(w.ran.Load() || a.err == nil)
		return a.logits, a.vocab, a.err
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	case <-timer.C:
		return nil, 0, late(limit)
	}
}

// unknown is run while nothing is known of the card.
func (w *watched) unknown(ctx context.Context, frames []float32) ([]float32, int, error) {
	return w.run(ctx, frames, w.limit)
}

// answer runs the model after the run before, which may be one given up.
func (w *watched) answer(ctx context.Context, frames []float32) answer {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return answer{err: ctx.Err()}
	}
	logits, vocab, err := w.model.Logits(ctx, frames)
	return answer{logits: logits, vocab: vocab, err: err}
}

// close closes the model after its last run. It may never return.
func (w *watched) close() error {
	w.runs.Wait()
	return w.model.Close()
}
