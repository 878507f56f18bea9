package card

import (
	"context"
	"sync"
	"time"
)

// precedence lets dictations go before checks: what a check runs is ended when
// a dictation asks, and runs again when that has its answer. The zero value is
// ready.
type precedence struct {
	mu     sync.Mutex
	asking int
	yield  context.CancelFunc // ends what the check runs
	over   chan struct{}      // closed when nobody asks any more
}

// enter says that a dictation asks, until leave is called.
func (p *precedence) enter() (leave func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asking++; p.asking == 1 {
		p.over = make(chan struct{})
	}
	if p.yield != nil {
		p.yield()
	}
	return p.leave
}

func (p *precedence) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asking--; p.asking == 0 {
		close(p.over)
	}
}

// quiet waits until nobody asks and returns a context that ends when somebody
// does. One caller at a time.
func (p *precedence) quiet(ctx context.Context) (context.Context, context.CancelFunc, error) {
	for {
		p.mu.Lock()
		if p.asking == 0 {
			inner, cancel := context.WithCancel(ctx)
			p.yield = cancel
			p.mu.Unlock()
			return inner, cancel, ctx.Err()
		}
		over := p.over
		p.mu.Unlock()
		select {
		case <-over:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}

// A patient is an acoustic model as a check may use it.
type patient struct {
	before *precedence
	run    func(ctx context.Context, frames []float32) ([]float32, int, error)
	last   time.Duration
}

// Logits runs until it is not disturbed.
func (p *patient) Logits(ctx context.Context, frames []float32) ([]float32, int, error) {
	for {
		quiet, stop, err := p.before.quiet(ctx)
		if err != nil {
			return nil, 0, err
		}
		begun := time.Now()
		logits, vocab, err := p.run(quiet, frames)
		p.last = time.Since(begun)
		disturbed := quiet.Err() != nil && ctx.Err() == nil
		stop()
		if err == nil || !disturbed {
			return logits, vocab, err
		}
	}
}

// took is how long the run took that was not disturbed.
func (p *patient) took() time.Duration { return p.last }
