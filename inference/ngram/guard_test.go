package ngram

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// TestFileShortenedWhileOpen cuts a mapped file to nothing: within a guard
// that is an error, and the program goes on.
func TestFileShortenedWhileOpen(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("Windows lets nobody shorten a mapped file; the guard is tested elsewhere")
		return
	}
	path := save(t, "lm_6.kenlm", testdata(t, "order6.kenlm"))
	m := opened(t, path)
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	reached := false
	err := m.Guard(func() {
		state := m.Begin()
		m.Score(&state, m.End(), &state)
		reached = true
	})
	if err == nil || reached {
		t.Fatalf("no error (%v), or went on (%v)", err, reached)
	}
	sentence(t, "shortened", err, "lm_6.kenlm: ", "is gone")
	if w := m.Word("w1"); w != 0 {
		t.Errorf("w1 is word %d of a file that is gone", w)
	}
}

// TestGuardLetsOtherPanicsThrough: only the file's faults are its own.
func TestGuardLetsOtherPanicsThrough(t *testing.T) {
	m := open(t, "order1.kenlm")
	var nothing *State
	for name, f := range map[string]func(){
		"panic":   func() { panic("other") },
		"nil":     func() { _ = m.Score(nothing, 0, nothing) },
		"runtime": func() { _ = m.counts[m.Order()] },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			_ = m.Guard(f)
		}()
	}
	if err := m.Guard(func() {}); err != nil {
		t.Errorf("after the panics: %v", err)
	}
}

func TestGuardAfterClose(t *testing.T) {
	m := open(t, "order1.kenlm")
	for range 2 {
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}
	err := m.Guard(func() { t.Error("ran") })
	if err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("%v", err)
	}
}

// TestCloseWaits closes while others score.
func TestCloseWaits(t *testing.T) {
	m := open(t, "order6.kenlm")
	var all sync.WaitGroup
	started := make(chan struct{}, 4)
	for range cap(started) {
		all.Go(func() {
			for i := 0; ; i++ {
				closed := m.Guard(func() {
					state := m.Begin()
					for w := range Word(40) {
						m.Score(&state, w, &state)
					}
				})
				if closed != nil {
					return
				}
				if i == 0 {
					started <- struct{}{}
				}
			}
		})
	}
	for range cap(started) {
		<-started
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	all.Wait()
}

func TestWarm(t *testing.T) {
	path := save(t, "lm.kenlm", testdata(t, "order1.kenlm"))
	m := opened(t, path)
	if err := m.Warm(t.Context()); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.Warm(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("ended: %v", err)
	}
	m.path += "gone"
	if err := m.Warm(t.Context()); err == nil {
		t.Error("read a file that is gone")
	}
}
