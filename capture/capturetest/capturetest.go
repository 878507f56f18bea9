// Package capturetest holds a source to its contract: call [Run] from the test
// of every [capture.Source]. It is for tests alone, and judges nothing by the
// clock but whether a source returns at all.
package capturetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fermata/capture"
)

// patience is how long a source may take for anything before it counts as hung.
const patience = 30 * time.Second

// longest is how many samples a block may have: 100 ms.
const longest = capture.SampleRate / 10

// Run checks a source that can be heard, and that can be recorded again and
// again.
func Run(t *testing.T, source capture.Source) {
	t.Helper()
	if err := Check(source); err != nil {
		t.Error(err)
	}
}

// Check returns the first thing in which a source breaks its contract.
func Check(source capture.Source) error {
	if err := cancelled(source); err != nil {
		return fmt.Errorf("with a context that has ended: %w", err)
	}
	for _, blocks := range []int{1, 10} {
		if err := recorded(source, blocks); err != nil {
			return fmt.Errorf("recording %d blocks: %w", blocks, err)
		}
	}
	return nil
}

// cancelled records with a context that ended before.
func cancelled(source capture.Source) error {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return run(ctx, source, func([]float32) {})
}

// recorded ends the context from within emit, at the given block.
func recorded(source capture.Source, blocks int) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w := &watch{}
	err := run(ctx, source, func(block []float32) {
		if w.see(block) == blocks {
			cancel()
		}
	})
	switch {
	case err != nil:
		return err
	case w.twice.Load():
		return errors.New("called emit while emit was running")
	case w.broken != nil:
		return w.broken
	case w.blocks < blocks:
		return fmt.Errorf("returned after %d blocks without an error", w.blocks)
	}
	return nil
}

// run is Record, given up if it hangs. Once it has returned, emit must not be
// called any more.
func run(ctx context.Context, source capture.Source, emit func([]float32)) error {
	var returned, late atomic.Bool
	done := make(chan error, 1)
	go func() {
		err := source.Record(ctx, func(block []float32) {
			if returned.Load() {
				late.Store(true)
				return
			}
			emit(block)
		})
		returned.Store(true)
		done <- err
	}()
	select {
	case err := <-done:
		time.Sleep(100 * time.Millisecond) // for a block that comes too late
		if late.Load() {
			return errors.New("called emit after it had returned")
		}
		return err
	case <-time.After(patience):
		return errors.New("does not return")
	}
}

// watch looks at blocks.
type watch struct {
	running sync.Mutex
	twice   atomic.Bool
	blocks  int
	broken  error
}

// see takes a block and returns how many there have been.
func (w *watch) see(block []float32) int {
	if !w.running.TryLock() {
		w.twice.Store(true)
		return 0
	}
	defer w.running.Unlock()
	w.blocks++
	if len(block) == 0 || len(block) > longest {
		w.broken = fmt.Errorf("a block of %d samples, which must be 1 to %d", len(block), longest)
	}
	for _, x := range block {
		if math.IsNaN(float64(x)) || x < -1 || x > 1 {
			w.broken = fmt.Errorf("a sample of %v, beyond [-1, 1]", x)
		}
	}
	return w.blocks
}
