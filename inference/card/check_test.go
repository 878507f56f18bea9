package card

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestClip(t *testing.T) {
	if len(clip) != clipSeconds*16000 {
		t.Fatalf("the clip has %d bytes", len(clip))
	}
	var loud float32
	for b, want := range map[byte]float32{0xff: 0, 0x7f: 0, 0x80: 32124. / 32768, 0: -32124. / 32768, 0xfe: 8. / 32768} {
		if got := linear(b); got != want {
			t.Errorf("%#x is %v, want %v", b, got, want)
		}
	}
	for _, b := range clip {
		loud = max(loud, linear(b))
	}
	if loud < 0.1 || len(features(20)) != framesIn(20)*bins {
		t.Errorf("as loud as %v, %d features", loud, len(features(20)))
	}
}

func TestVerdicts(t *testing.T) {
	spoil := func(i int, v float32) func([]float32) ([]float32, error) {
		return func(l []float32) ([]float32, error) {
			l[len(l)-i] = v
			return l, nil
		}
	}
	for _, c := range []struct {
		name     string
		gpu      *ear
		software bool
		ok, same bool
		words    string
	}{
		{"good", &ear{takes: time.Second / 41}, false, true, true, "Card 9, checked, 4.1 times this CPU"},
		{"great", &ear{takes: time.Second / 412}, false, true, true, "Card 9, checked, 41 times this CPU"},
		{"fast enough", &ear{takes: 70 * time.Millisecond}, false, true, true, "Card 9, checked, 1.4 times this CPU"},
		{"hardly", &ear{takes: 80 * time.Millisecond}, false, false, true, "using the CPU: Card 9 gains too little (1.2 times as fast)"},
		{"slower", &ear{takes: 200 * time.Millisecond}, false, false, true, "using the CPU: Card 9 gains too little (2.0 times slower)"},
		{"software", &ear{takes: 1200 * time.Millisecond}, true, false, true, "using the CPU: the graphics driver is a software one (12 times slower)"},
		{"near", &ear{fault: always(func(l []float32) ([]float32, error) {
			for i := range l {
				l[i] *= 1 + 1e-5
			}
			return l, nil
		})}, false, true, true, "Card 9, checked, "},
		{"far", &ear{fault: always(func(l []float32) ([]float32, error) { l[20] += 2e-3; return l, nil })}, false, false, false, "using the CPU: the card's answer differs"},
		{"other best", &ear{fault: always(func(l []float32) ([]float32, error) { copy(l[8:16], []float32{9, 0, 0, 0, 0, 0, 0, 0}); return l, nil })}, false, false, false, "using the CPU: the card's answer differs"},
		{"other rows", &ear{fault: always(func(l []float32) ([]float32, error) { return l[8:], nil })}, false, false, false, "using the CPU: the card's answer differs"},
		{"nothing", &ear{fault: always(func(l []float32) ([]float32, error) { return nil, nil })}, false, false, false, "using the CPU: the card's answer differs"},
		{"NaN", &ear{fault: always(spoil(1, float32(math.NaN())))}, false, false, false, "using the CPU: the card's answer has values that are no numbers"},
		{"infinite", &ear{fault: always(spoil(9, float32(math.Inf(-1))))}, false, false, false, "using the CPU: the card's answer has values that are no numbers"},
		{"lost", &ear{fault: always(func([]float32) ([]float32, error) { return nil, errLost })}, false, false, false, "using the CPU: the graphics card failed"},
		{"lost later", &ear{fault: func(call int, _ context.Context, l []float32) ([]float32, error) {
			if call == 6 {
				return nil, errLost
			}
			return l, nil
		}}, false, false, false, "using the CPU: the graphics card failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v, err := Check(t.Context(), &ear{takes: 100 * time.Millisecond}, c.gpu, Device{Name: "Card 9", Software: c.software})
				if err != nil || v.OK != c.ok || v.Same != c.same || !strings.HasPrefix(v.Words, c.words) {
					t.Errorf("%+v, %v", v, err)
				}
			})
		})
	}
}

// TestNearTie wants the rows' best scores equal, however near the others are.
func TestNearTie(t *testing.T) {
	want := []float32{0, 1, 0.99999, -1, 2, 0, 0, 0}
	got := []float32{0, 0.99999, 1, -1, 2, 0, 0, 0}
	if d, err := compare(got, 4, want, 4); err == nil || d > Tolerance {
		t.Errorf("%v, %v", d, err)
	}
	if d, err := compare(want, 4, want, 4); err != nil || d != 0 {
		t.Errorf("%v, %v", d, err)
	}
}

func TestCheckEndsEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		if _, err := Check(ctx, &ear{takes: 100 * time.Millisecond}, good(), Device{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		boom := errors.New("boom")
		cpu := &ear{fault: always(func([]float32) ([]float32, error) { return nil, boom })}
		if _, err := Check(t.Context(), cpu, good(), Device{}); !errors.Is(err, boom) {
			t.Error(err)
		}
		cpu.fault = always(func(l []float32) ([]float32, error) { l[0] = float32(math.NaN()); return l, nil })
		if _, err := Check(t.Context(), cpu, good(), Device{}); err == nil {
			t.Error("a CPU without numbers is no measure")
		}
	})
}

// TestCheckIsShort holds a real card's check to five seconds, with a CPU that
// takes one for a window of 20 s, and a card that takes one to compile it.
func TestCheckIsShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gpu := &ear{takes: time.Millisecond, fault: func(call int, ctx context.Context, l []float32) ([]float32, error) {
			if call == 1 {
				return l, sleep(ctx, time.Second)
			}
			return l, nil
		}}
		begun := time.Now()
		v, err := Check(t.Context(), &ear{takes: 50 * time.Millisecond}, gpu, Device{Name: "Card 9"})
		if took := time.Since(begun); err != nil || took > 5*time.Second {
			t.Errorf("%v, %v", took, err)
		}
		if v.First < time.Second || v.Card != 19980*time.Microsecond || v.CPU != 999*time.Millisecond || v.Vocab != len(pieces) || v.Difference != 0 {
			t.Errorf("%+v", v)
		}
	})
}

// TestHopelessIsNotAskedForLong saves the user of a software driver the window
// of 20 s.
func TestHopelessIsNotAskedForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gpu := &ear{takes: 3 * time.Second}
		v, err := Check(t.Context(), &ear{takes: 10 * time.Millisecond}, gpu, Device{Name: "llvmpipe", Software: true})
		if err != nil || v.Words != "using the CPU: the graphics driver is a software one (300 times slower)" {
			t.Errorf("%+v, %v", v, err)
		}
		for _, frames := range gpu.asked {
			if frames > framesIn(clipSeconds) {
				t.Errorf("it was asked for %d frames", frames)
			}
		}
	})
}
