package onnx

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fermata/inference/mel"
)

func load(t testing.TB, name string) *Model {
	t.Helper()
	m, err := Load(filepath.Join("testdata", name+".onnx"), Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func frames(n int) []float32 {
	f := make([]float32, n*mel.Bins)
	for i := range f {
		f[i] = float32(math.Sin(float64(i)))
	}
	return f
}

// Each family gives every fourth frame's first six features and a half; a
// mask of anything but ones would show.
func TestFamilies(t *testing.T) {
	for _, c := range []struct {
		name        string
		frames      int
		rows, vocab int
	}{
		{"sherpa", 13, 2, 6}, // four rows, of which logits_len keeps 13/4-1
		{"sherpa", 40, 9, 6},
		{"masked_int32", 13, 4, 6},
		{"masked_int64", 40, 10, 6},
		{"masked_bool", 41, 11, 6},
		{"plain", 13, 4, 6},
	} {
		in := frames(c.frames)
		got, vocab, err := load(t, c.name).Logits(context.Background(), in)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var want []float32
		for row := range c.rows {
			for i := range c.vocab {
				want = append(want, in[row*4*mel.Bins+i]+0.5)
			}
		}
		if vocab != c.vocab || !slices.Equal(got, want) {
			t.Errorf("%s: %d values of %d, want %d of %d", c.name, len(got), vocab, len(want), c.vocab)
		}
	}
}

func TestAnswerOfTheWrongRank(t *testing.T) {
	_, _, err := load(t, "flat").Logits(context.Background(), frames(20))
	if err == nil || !strings.Contains(err.Error(), "shape") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v, want a sentence about the shape", err)
	}
}

func TestFewerThanThirteenFrames(t *testing.T) {
	for _, n := range []int{0, 1, 12} {
		got, _, err := load(t, "plain").Logits(context.Background(), frames(n))
		if err != nil || len(got) != 0 {
			t.Errorf("%d frames: %d values, %v", n, len(got), err)
		}
	}
	if _, _, err := load(t, "plain").Logits(context.Background(), make([]float32, 13*mel.Bins+1)); err == nil {
		t.Error("half a frame is taken")
	}
}

// The loop would run for years, and the test with it if cancelling did not
// end it.
func TestCancelledWhileRunning(t *testing.T) {
	m := load(t, "endless")
	for range 3 {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() {
			_, _, err := m.Logits(ctx, frames(13))
			done <- err
		}()
		select {
		case err := <-done:
			t.Fatalf("ended by itself: %v", err)
		case <-time.After(20 * time.Millisecond): // so that it is within the loop
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Fatalf("%v, want %v", err, context.Canceled)
		}
	}
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m := load(t, "plain")
	if _, _, err := m.Logits(ctx, frames(13)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
	if _, _, err := m.Logits(context.Background(), frames(13)); err != nil {
		t.Errorf("the next run: %v", err)
	}
}

// Models come and go while the window stays open.
func TestFiftyModels(t *testing.T) {
	for range 50 {
		m, err := Load("testdata/masked_int64.onnx", Options{Threads: 2})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := m.Logits(context.Background(), frames(100)); err != nil {
			t.Fatal(err)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if runtimeState.models != 0 {
		t.Errorf("%d models are counted as open", runtimeState.models)
	}
}

func TestClosed(t *testing.T) {
	m := load(t, "plain")
	for range 2 {
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := m.Logits(context.Background(), frames(13)); err == nil {
		t.Error("a closed model answers")
	}
}

func TestConcurrentCallsTakeTurns(t *testing.T) {
	m := load(t, "masked_int32")
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for range 20 {
				got, _, err := m.Logits(context.Background(), frames(16+4*n))
				if err != nil || len(got) != (4+n)*6 {
					t.Errorf("%d values, %v", len(got), err)
				}
			}
		})
	}
	group.Wait()
}

func TestDevice(t *testing.T) {
	for threads, want := range map[int]string{1: "CPU, 1 thread", 3: "CPU, 3 threads"} {
		if got := (&Model{threads: threads}).Device(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if cores() < 1 {
		t.Errorf("%d cores", cores())
	}
}
