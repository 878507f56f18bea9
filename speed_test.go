package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fermata/inference/mel"
)

// counted is an acoustic model that counts its calls.
type counted struct {
	calls int
	err   error
}

func (c *counted) Logits(_ context.Context, frames []float32) ([]float32, int, error) {
	c.calls++
	time.Sleep(time.Millisecond)
	return make([]float32, len(frames)/mel.Bins), 1, c.err
}

func TestSpeedIsMeasuredOnceForEveryModel(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "cache", "speed.json")
	var m counted
	told := 0
	tell := func() { told++ }
	first, err := speed(ctx, &m, path, "a", tell)
	if err != nil || first <= 0 || m.calls != 4 {
		t.Fatal(first, err, m.calls)
	}
	if again, err := speed(ctx, &m, path, "a", tell); again != first || err != nil || m.calls != 4 {
		t.Errorf("again: %v, %v, %d calls", again, err, m.calls)
	}
	if _, err := speed(ctx, &m, path, "b", tell); err != nil || m.calls != 8 {
		t.Errorf("another model: %v, %d calls", err, m.calls)
	}
	for _, damaged := range []string{"", "{", "null", `{"a":-1}`} {
		if err := os.WriteFile(path, []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		m.calls = 0
		if d, err := speed(ctx, &m, path, "a", tell); d <= 0 || err != nil || m.calls != 4 {
			t.Errorf("%q: %v, %v, %d calls", damaged, d, err, m.calls)
		}
	}
	if told != 6 {
		t.Errorf("%d measurements were told", told)
	}
	m.err = errors.New("broken")
	if _, err := speed(ctx, &m, path, "c", tell); err == nil {
		t.Error("a broken model has a speed")
	}
}

func TestSpeedInWords(t *testing.T) {
	for d, want := range map[time.Duration]string{
		3 * time.Millisecond:    "this computer finishes 20 s of speech in 0.01 s",
		63 * time.Millisecond:   "this computer finishes 20 s of speech in 0.06 s",
		310 * time.Millisecond:  "this computer finishes 20 s of speech in 0.3 s",
		2500 * time.Millisecond: "this computer finishes 20 s of speech in 2.5 s; 8-bit precision is quicker",
		12 * time.Second:        "this computer finishes 20 s of speech in 12 s; 8-bit precision is quicker",
	} {
		if got := inWords(d, true); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	if got := inWords(2*time.Second, false); got != "this computer finishes 20 s of speech in 2.0 s" {
		t.Error(got)
	}
}
