package capturetest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"
)

// fake is a source that does as it is told.
type fake func(ctx context.Context, emit func([]float32)) error

func (f fake) Record(ctx context.Context, emit func([]float32)) error { return f(ctx, emit) }

// steady is a good source of such blocks.
func steady(block []float32) fake {
	return func(ctx context.Context, emit func([]float32)) error {
		for ctx.Err() == nil {
			emit(block)
		}
		return nil
	}
}

func TestRun(t *testing.T) { Run(t, steady(make([]float32, 320))) }

func TestCheck(t *testing.T) {
	block := make([]float32, 320)
	for want, source := range map[string]fake{
		"a block of 0 samples":          steady(nil),
		"a block of 1601 samples":       steady(make([]float32, 1601)),
		"a sample of 2,":                steady([]float32{0, 2}),
		"without an error":              func(context.Context, func([]float32)) error { return nil },
		"context canceled":              func(ctx context.Context, emit func([]float32)) error { emit(block); <-ctx.Done(); return ctx.Err() },
		"after it had returned":         late,
		"while emit was running":        twice,
		"recording 10 blocks: returned": once,
	} {
		if err := Check(source); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// late goes on after it has returned.
func late(ctx context.Context, emit func([]float32)) error {
	go func() {
		time.Sleep(10 * time.Millisecond)
		emit(make([]float32, 320))
	}()
	return nil
}

// twice calls emit on two goroutines, often enough to be seen.
func twice(_ context.Context, emit func([]float32)) error {
	many := func() {
		for range 20000 {
			emit(make([]float32, 1600))
		}
	}
	var both sync.WaitGroup
	both.Go(many)
	both.Go(many)
	both.Wait()
	return nil
}

// once gives one block and no more.
func once(ctx context.Context, emit func([]float32)) error {
	if ctx.Err() == nil {
		emit(make([]float32, 320))
	}
	return nil
}
