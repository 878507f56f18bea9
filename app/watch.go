package app

import "context"

// until returns a context that ends with ctx, and as soon as holds says yes.
// The caller calls stop when it needs the context no more. holds sees the
// speech in one state, and is asked whenever it changes. One at a time.
func (s *speech) until(ctx context.Context, holds func() bool) (limited context.Context, stop func()) {
	limited, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	s.watch = watch{holds, cancel}
	s.watch.look()
	s.mu.Unlock()
	return limited, func() {
		s.mu.Lock()
		s.watch = watch{}
		s.mu.Unlock()
		cancel()
	}
}

// watch ends a context when something holds. The zero value watches nothing.
type watch struct {
	holds  func() bool
	cancel context.CancelFunc
}

func (w watch) look() {
	if w.holds != nil && w.holds() {
		w.cancel()
	}
}
