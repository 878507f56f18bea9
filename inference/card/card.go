// Package card is the acoustic model on a graphics card that is believed only
// after it was checked, with the CPU behind it. In most cases make an [Acoustic]
// with [New], give it to a recogniser, and beside that call [Acoustic.Adopt] once:
// until the card has been checked, when it is refused and from its first failure
// on, the CPU computes, and no window is lost. [Check] is the check alone.
//
// It knows no ONNX Runtime and no graphics driver: models come from functions. It
// refuses cards that compute something else, that are not worth their memory,
// and those that answer with no numbers, late, or not at all.
package card

import (
	"context"
	"sync"

	"fermata/inference"
	"fermata/models/keep"
)

var _ inference.Acoustic = (*Acoustic)(nil)

// A Card is a card that a model could compute on.
type Card struct {
	Device
	Key  Key
	Load func(ctx context.Context) (Model, error)
}

// Parts is what an Acoustic is joined from.
type Parts struct {
	// CPU loads the model for the CPU, also during a dictation, whenever there is
	// none: it is freed while a card computes. Keeping it would cost 430 MB with a
	// network of MedASR's size, of which nothing is shared with the card's, and
	// saves 0.6 s, once, after a failure (40 MB and 0.1 s with the demo model).
	CPU func(ctx context.Context) (Model, error)
	// Find names the cards to try, the best first; none without an error where
	// nothing is to be said about that. It may take its time.
	Find func(ctx context.Context) ([]Card, error)
	// Wanted says that the user asked for a card: then it need not be fast.
	Wanted bool
	// Memory has the verdicts.
	Memory keep.Map[Verdict]
	// Warm lets a card's model that has a method Warm(ctx) compile what it may be
	// asked for before it is used. Who asks once need not wait for that.
	Warm bool
	// Tell, which may be nil, hears of every change, in order and one at a time.
	// It must not wait, nor call the Acoustic.
	Tell func(State)
}

// State is what computes.
type State struct {
	Card    *Card   // nil while the CPU computes
	Verdict Verdict // of the card that computes
	Words   string  // for the user; "" where the CPU computes and nothing is to be said about that
	Failed  bool    // a card failed that may do when it is tried again
}

// An Acoustic is a model on a card while that is believed, and on the CPU else. It
// is safe for concurrent use, runs one window at a time, and answers every one
// that the CPU can answer.
type Acoustic struct {
	parts  Parts
	before precedence

	turn chan struct{} // holds a word while the CPU's model is used
	cpu  Model         // belongs to who has the turn; nil while it is not needed

	mu       sync.Mutex
	card     *watched // nil while the CPU computes
	state    State
	adopting context.CancelFunc
	adoption sync.WaitGroup
	gone     sync.WaitGroup // cards that are being closed
	errs     []error        // of closing them
	closed   bool
}

// New returns an Acoustic that computes on the CPU.
func New(p Parts) *Acoustic {
	return &Acoustic{parts: p, turn: make(chan struct{}, 1)}
}

// State is what computes now.
func (a *Acoustic) State() State {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state
}

// Logits runs the network once, as [inference.Acoustic] says, on the card or, if
// that fails, on the CPU. An error is the CPU's, or ctx's.
func (a *Acoustic) Logits(ctx context.Context, frames []float32) ([]float32, int, error) {
	defer a.before.enter()()
	if logits, vocab, ok := a.onCard(ctx, frames); ok {
		return logits, vocab, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	return a.onCPU(ctx, frames)
}

// onCPU loads the model where there is none.
func (a *Acoustic) onCPU(ctx context.Context, frames []float32) (logits []float32, vocab int, err error) {
	err = a.withCPU(ctx, func() error {
		if err := a.loadLocked(ctx); err != nil {
			return err
		}
		logits, vocab, err = a.cpu.Logits(ctx, frames)
		return err
	})
	return logits, vocab, err
}

// Prepare loads the CPU's model, unless it is there or a card computes.
func (a *Acoustic) Prepare(ctx context.Context) error {
	if a.State().Card != nil {
		return nil
	}
	return a.withCPU(ctx, func() error { return a.loadLocked(ctx) })
}

// withCPU does something in the CPU's turn.
func (a *Acoustic) withCPU(ctx context.Context, do func() error) error {
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return do()
}

func (a *Acoustic) loadLocked(ctx context.Context) (err error) {
	if a.cpu == nil {
		a.cpu, err = a.parts.CPU(ctx)
	}
	return err
}

// freeCPU closes the CPU's model after its last run, if a card computes.
func (a *Acoustic) freeCPU(ctx context.Context) error {
	return a.withCPU(ctx, func() error {
		if a.State().Card == nil {
			return nil
		}
		return a.closeLocked()
	})
}

func (a *Acoustic) closeLocked() error {
	if a.cpu == nil {
		return nil
	}
	err := a.cpu.Close()
	a.cpu = nil
	return err
}
