package inference

import (
	"errors"
	"testing"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		o  Options
		ok bool
	}{
		{GoogleWindows(), true},
		{Options{}, true},
		{Options{Stride: 99999}, true},                   // of a single pass there is none
		{Options{Window: 320000, Stride: 159680}, false}, // 249.5 rounds to 250 rows
		{Options{Window: 320000, Stride: 159360}, true},
		{Options{Window: 320000, Stride: 160000}, false},
		{Options{Window: 16000, Stride: 32000}, false},
		{Options{Window: -1}, false},
		{Options{Window: 320000, Stride: -1}, false},
		{Options{Window: 1}, false},
		{Options{Window: 1920}, false},
		{Options{Window: 2560}, true},
	} {
		err := c.o.Check()
		if (err == nil) != c.ok || (err != nil && !errors.Is(err, ErrWindows)) {
			t.Errorf("%+v: %v, want ok = %v", c.o, err, c.ok)
		}
		if _, errNew := New(nil, nil, c.o); (errNew == nil) != c.ok {
			t.Errorf("New(%+v): %v", c.o, errNew)
		}
	}
}

// Python's round takes the even neighbour of a half.
func TestAlignRoundsHalfToEven(t *testing.T) {
	for _, c := range []struct{ samples, want int }{
		{320000, 320000},
		{319, 0},
		{320, 0},         // 0.5
		{960, 1280},      // 1.5
		{1600, 1280},     // 2.5
		{320320, 320000}, // 500.5
		{320960, 321280}, // 501.5
		{48000, 48000},
	} {
		if got := align(c.samples, 640); got != c.want {
			t.Errorf("align(%d) = %d, want %d", c.samples, got, c.want)
		}
	}
}

// Expected values are those of transformers' rescale_stride and slice.
func TestKept(t *testing.T) {
	for _, c := range []struct {
		name                       string
		samples, left, right, rows int
		from, to                   int
	}{
		{"first of 20 s", 320000, 0, 32000, 497, 0, 450},
		{"inner", 320000, 32000, 32000, 497, 50, 450},
		{"last, full", 320000, 32000, 0, 497, 50, 497},
		{"only", 320000, 0, 0, 497, 0, 497},
		{"last, shortest after 20 s", 64001, 32000, 0, 97, 50, 97},
		{"last, half a row more", 64320, 32000, 0, 98, 50, 98},
		{"no stride", 320000, 0, 0, 497, 0, 497},
		{"less stride than rows missing", 64000, 0, 640, 97, 0, 97},
		{"fewer rows than left", 2560, 1920, 0, 1, 1, 1},
	} {
		from, to := kept(c.samples, c.left, c.right, c.rows, 640)
		if from != c.from || to != c.to {
			t.Errorf("%s: rows %d to %d, want %d to %d", c.name, from, to, c.from, c.to)
		}
	}
}

// With 20 s and 2 s every possible last window has 50 rows of left stride.
func TestEveryLastWindowIsCutAtTheSameTime(t *testing.T) {
	for n := 64001; n <= 320000; n++ {
		if from, _ := kept(n, 32000, 0, 1000, 640); from != 50 {
			t.Fatalf("%d samples: cut at %d, want 50", n, from)
		}
	}
}
