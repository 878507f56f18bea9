package card

import (
	"context"
	"errors"
	"sync"
	"time"
)

// patience is how long Close waits for a card that does not answer.
const patience = 3 * time.Second

// Close ends what Adopt does and frees everything. A card that hangs is waited
// for a few seconds; the error is [ErrHung] then. Nothing else may be called
// after it, nor while it runs.
func (a *Acoustic) Close() error {
	a.mu.Lock()
	a.closed = true
	if a.adopting != nil {
		a.adopting()
	}
	a.mu.Unlock()
	a.adoption.Wait()

	a.mu.Lock()
	if a.card != nil {
		a.retireLocked(a.card)
		a.card = nil
	}
	a.mu.Unlock()
	err := a.withCPU(context.Background(), a.closeLocked)
	if !within(patience, &a.gone) {
		return errors.Join(err, ErrHung)
	}
	return errors.Join(append(a.errs, err)...)
}

// retireLocked closes a card beside everything else, because one that hangs
// takes its time.
func (a *Acoustic) retireLocked(w *watched) {
	a.gone.Go(func() {
		err := w.close()
		a.mu.Lock()
		defer a.mu.Unlock()
		a.errs = append(a.errs, err)
	})
}

// within says whether all of a group are done within d. The goroutine that
// waits for them longer ends with them.
func within(d time.Duration, group *sync.WaitGroup) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		group.Wait()
	}()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}
