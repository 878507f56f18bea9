package inference

import (
	"context"
	"errors"
	"math"
	"reflect"
	"testing"
)

// What is there so far costs one run, once: not again for who asks again, and
// not for Finish.
func TestSoFarIsRemembered(t *testing.T) {
	ctx := context.Background()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	e := &ear{}
	s := recognizer(t, e, GoogleWindows()).Stream()
	write := func(n int) {
		t.Helper()
		if err := s.Write(ctx, noise(n)); err != nil {
			t.Fatal(err)
		}
	}
	write(20000)
	if _, err := s.SoFar(gone); !errors.Is(err, context.Canceled) {
		t.Fatalf("given up: %v", err)
	}
	e.calls = 0
	first, err := s.SoFar(ctx)
	if err != nil || len(first.Tokens) == 0 {
		t.Fatalf("%d tokens, %v", len(first.Tokens), err)
	}
	again, err := s.SoFar(gone)
	if err != nil || !reflect.DeepEqual(again, first) || e.calls != 1 {
		t.Errorf("asked again: %d calls, %v", e.calls, err)
	}
	if rows, _ := s.Logits(); len(rows) != 0 {
		t.Errorf("%d scores are kept of a window that is open", len(rows))
	}
	write(0)
	if _, err := s.SoFar(ctx); err != nil || e.calls != 1 {
		t.Errorf("nothing written, asked again: %d calls, %v", e.calls, err)
	}
	write(1)
	if _, err := s.SoFar(ctx); err != nil || e.calls != 2 {
		t.Errorf("after one sample more: %d calls, %v", e.calls, err)
	}
	last, err := s.Finish(gone)
	if err != nil || last.Samples != 20001 || e.calls != 2 {
		t.Errorf("finished: %d calls, %d samples, %v", e.calls, last.Samples, err)
	}
	if rows, _ := s.Logits(); len(rows) == 0 {
		t.Error("the scores are gone")
	}
}

func TestSoFarIsTheCallersOwn(t *testing.T) {
	s := recognizer(t, &ear{}, GoogleWindows()).Stream()
	if err := s.Write(context.Background(), noise(40000)); err != nil {
		t.Fatal(err)
	}
	first, err := s.SoFar(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	first.Tokens[0].Piece, first.Words[0].Text = "changed", "changed"
	second, err := s.Finish(context.Background())
	if err != nil || second.Tokens[0].Piece == "changed" || second.Words[0].Text == "changed" {
		t.Errorf("%+v, %v", second.Tokens[0], err)
	}
}

func TestDue(t *testing.T) {
	s := recognizer(t, &ear{}, Options{Window: 6400, Stride: 640}).Stream()
	for _, c := range []struct{ write, due int }{{0, 6401}, {6400, 1}, {1, 5120}, {5119, 1}, {1, 5120}} {
		if err := s.Write(context.Background(), noise(c.write)); err != nil {
			t.Fatal(err)
		}
		if got := s.Due(); got != c.due {
			t.Errorf("after %d samples %d are due, want %d", s.received, got, c.due)
		}
	}
	if due := recognizer(t, &ear{}, Options{}).Stream().Due(); due != math.MaxInt {
		t.Errorf("a single pass is due after %d samples", due)
	}
}
