package card

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// TestFirstDictationRunsOnTheCPU asks while the card's model is loaded, compiled
// and checked, which takes long, and wants the CPU's time.
func TestFirstDictationRunsOnTheCPU(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func() *ear {
			return &ear{takes: cardTakes, fault: func(call int, ctx context.Context, l []float32) ([]float32, error) {
				if call < 8 {
					return l, sleep(ctx, 2*time.Second) // shaders
				}
				return l, nil
			}}
		})
		load := r.found.Load
		r.found.Load = func(ctx context.Context) (Model, error) {
			if err := sleep(ctx, 3*time.Second); err != nil {
				return nil, err
			}
			return load(ctx)
		}
		if err := r.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		done := make(chan State, 1)
		go func() { done <- r.Adopt(t.Context(), false) }()
		for dictations := 0; ; dictations++ {
			select {
			case s := <-done:
				if s.Card == nil || s.Words != "Card 9, checked, 15 times this CPU" || dictations < 10 {
					t.Errorf("%+v after %d dictations", s, dictations)
				}
				r.end(t)
				return
			case <-time.After(333 * time.Millisecond):
			}
			begun := time.Now()
			if _, _, err := r.Logits(t.Context(), features(2)); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(begun); took > 31*time.Millisecond {
				t.Fatalf("dictation %d took %v", dictations, took)
			}
			if dictations > 200 {
				time.Sleep(30 * time.Second)
			}
		}
	})
}

// TestOneModelAtATime frees the CPU's model when the card computes, and loads it
// when it is needed again.
func TestOneModelAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fail := false
		r := newRig(t, func() *ear {
			return &ear{takes: cardTakes, fault: func(_ int, _ context.Context, l []float32) ([]float32, error) {
				if fail {
					return nil, errLost
				}
				return l, nil
			}}
		})
		r.Adopt(t.Context(), false)
		if len(r.cpus) != 1 || !r.cpus[0].closed {
			t.Errorf("%d CPU models, beside a card", len(r.cpus))
		}
		fail = true
		for range 2 {
			if _, _, err := r.Logits(t.Context(), features(1)); err != nil {
				t.Error(err)
			}
		}
		if len(r.cpus) != 2 || r.cpus[1].closed || !r.cards[0].closed {
			t.Errorf("%d CPU models, the last for use", len(r.cpus))
		}
		fail = false
		if s := r.Adopt(t.Context(), true); s.Card == nil || !r.cpus[1].closed {
			t.Errorf("tried again: %+v", s)
		}
		want := []string{"Card 9, checked, 15 times this CPU", "using the CPU: the graphics card failed", "", "Card 9, checked, 15 times this CPU"}
		if len(r.words) != len(want) {
			t.Fatalf("told %q", r.words)
		}
		for i := range want {
			if r.words[i] != want[i] {
				t.Errorf("told %q, want %q", r.words[i], want[i])
			}
		}
		r.end(t)
	})
}

// TestVerdictIsRemembered starts the program again and again.
func TestVerdictIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := good
		r := newRig(t, func() *ear { return next() })
		again := func() (s State, asked int) {
			t.Helper()
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			r.begin()
			cards := len(r.cards)
			s = r.Adopt(t.Context(), false)
			for _, e := range r.cards[cards:] {
				asked += e.count()
			}
			return s, asked
		}
		first := r.Adopt(t.Context(), false)
		if s, asked := again(); asked != 0 || s.Card == nil || s.Words != first.Words {
			t.Errorf("%+v, asked %d times", s, asked)
		}
		for _, change := range []func(){
			func() { r.found.Key.Model = "other.onnx" },
			func() { r.found.Key.Driver = "1.3" },
			func() { r.found.Key.Runtime = "s" },
			func() { r.found.Key.Device = "Card 10" },
			func() { _ = os.WriteFile(r.parts.Memory.Path, []byte(`{"m.on`), 0o600) },
			func() { _ = os.WriteFile(r.parts.Memory.Path, []byte(`[1]`), 0o600) },
			func() {
				_ = r.parts.Memory.Remember(r.found.Key.String(), Verdict{OK: true, Final: true, Words: "great"})
			},
		} {
			change()
			if s, asked := again(); asked == 0 || s.Card == nil {
				t.Errorf("%+v, asked %d times", s, asked)
			}
			if s, asked := again(); asked != 0 || s.Card == nil {
				t.Errorf("then: %+v, asked %d times", s, asked)
			}
		}
		next = func() *ear { return &ear{takes: cpuTakes} } // too slow
		r.found.Key.Driver = "1.4"
		if s, _ := again(); s.Card != nil {
			t.Errorf("%+v", s)
		}
		cards := len(r.cards)
		if s, _ := again(); s.Card != nil || len(r.cards) != cards || s.Words != "using the CPU: Card 9 gains too little (1.0 times as fast)" {
			t.Errorf("%+v, loaded %d times", s, len(r.cards)-cards)
		}
		if v, known := Latest(r.parts.Memory, r.found.Key); !known || v.OK {
			t.Errorf("%+v", v)
		}
		next = good
		if s := r.Adopt(t.Context(), true); s.Card == nil { // the user asks
			t.Errorf("%+v", s)
		}
		r.end(t)
	})
}

// TestFailureIsNotFinal checks again at the next start: memory that was short may
// be there then.
func TestFailureIsNotFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func() *ear {
			return &ear{fault: always(func([]float32) ([]float32, error) { return nil, errLost })}
		})
		if s := r.Adopt(t.Context(), false); s.Card != nil || !s.Failed || s.Words != "using the CPU: the graphics card failed" {
			t.Errorf("%+v", s)
		}
		if v, known := Latest(r.parts.Memory, r.found.Key); !known || v.Final || v.Words != "using the CPU: the graphics card failed" {
			t.Errorf("%+v is remembered", v)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		r.begin()
		r.card = good
		if s := r.Adopt(t.Context(), false); s.Card == nil {
			t.Errorf("%+v at the next start", s)
		}
		r.end(t)
	})
}

func TestNoCard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func() *ear { return nil })
		if s := r.Adopt(t.Context(), false); s.Words != "using the CPU: card: has no memory left; close other programs" {
			t.Errorf("%+v", s)
		}
		r.found = nil
		if s := r.Adopt(t.Context(), false); s != (State{}) {
			t.Errorf("%+v", s)
		}
		r.findErr = errors.New("Card 9: is not there; plug it in")
		if s := r.Adopt(t.Context(), false); s.Words != "using the CPU: Card 9: is not there; plug it in" {
			t.Errorf("%+v", s)
		}
		r.end(t)
	})
}

// TestNextCard takes the second best where the best one is of no use.
func TestNextCard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func() *ear { return nil })
		second := *r.found
		second.Device, second.Key.Device = Device{ID: "webgpu:1", Name: "Card 8"}, "Card 8"
		second.Load = func(context.Context) (Model, error) {
			r.cards = append(r.cards, good())
			return r.cards[0], nil
		}
		r.others = []Card{second}
		if s := r.Adopt(t.Context(), false); s.Card == nil || s.Card.ID != "webgpu:1" || s.Words != "Card 8, checked, 15 times this CPU" {
			t.Errorf("%+v", s)
		}
		r.end(t)
	})
}

// TestWantedCardMayBeSlow is for users who name a card.
func TestWantedCardMayBeSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func() *ear { return &ear{takes: 10 * cpuTakes} })
		r.parts.Wanted = true
		r.parts.Warm = true
		r.begin()
		s := r.Adopt(t.Context(), false)
		if s.Card == nil || s.Words != "Card 9, checked, 10 times slower than this CPU" {
			t.Errorf("%+v", s)
		}
		if _, _, err := r.Logits(t.Context(), features(20)); err != nil || r.State().Card == nil {
			t.Errorf("%v, %+v", err, r.State())
		}
		r.end(t)
	})
}

// warmable is an ear that knows what to compile.
type warmable struct {
	*ear
	warmed int
	takes  time.Duration
}

func (w *warmable) Warm(ctx context.Context) error {
	w.warmed++
	return sleep(ctx, w.takes)
}

// TestWarmed wants a card warmed before it is asked, unless nobody asks for that,
// and refused where that takes for ever.
func TestWarmed(t *testing.T) {
	for _, c := range []struct {
		warm   bool
		takes  time.Duration
		warmed int
		words  string
	}{
		{true, time.Second, 1, "Card 9, checked, 15 times this CPU"},
		{false, time.Second, 0, "Card 9, checked, 15 times this CPU"},
		{true, time.Hour, 1, "using the CPU: the graphics card does not answer"},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, good)
			w := &warmable{ear: good(), takes: c.takes}
			r.found.Load = func(context.Context) (Model, error) { return w, nil }
			r.parts.Warm = c.warm
			r.begin()
			if s := r.Adopt(t.Context(), false); s.Words != c.words || w.warmed != c.warmed {
				t.Errorf("%+v, warmed %d times", s, w.warmed)
			}
			r.end(t)
		})
	}
}

// TestCloseEndsTheCheck closes in the middle of loading and of checking.
func TestCloseEndsTheCheck(t *testing.T) {
	for _, after := range []time.Duration{0, 100 * time.Millisecond, time.Second, 40 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, func() *ear { return &ear{takes: time.Minute} })
			done := make(chan State, 1)
			go func() { done <- r.Adopt(t.Context(), false) }()
			time.Sleep(after)
			begun := time.Now()
			r.end(t)
			if took := time.Since(begun); took > 500*time.Millisecond {
				t.Errorf("closing after %v took %v", after, took)
			}
			if s := <-done; s.Card != nil {
				t.Errorf("%+v", s)
			}
			if s := r.Adopt(t.Context(), false); s.Card != nil { // too late
				t.Errorf("%+v", s)
			}
		})
	}
}

// TestHangingCheck gives a card up that does not come back from its first run,
// and tells a software driver's slowness from that.
func TestHangingCheck(t *testing.T) {
	for software, want := range map[bool]string{
		false: "using the CPU: the graphics card does not answer",
		true:  "using the CPU: the graphics driver is a software one (more than 67 times slower)",
	} {
		synctest.Test(t, func(t *testing.T) {
			hung := make(chan struct{})
			r := newRig(t, func() *ear {
				return &ear{fault: always(func(l []float32) ([]float32, error) { <-hung; return l, nil })}
			})
			r.found.Software = software
			s := r.Adopt(t.Context(), false)
			if s.Words != want || s.Failed == software {
				t.Errorf("%+v", s)
			}
			close(hung)
			synctest.Wait()
			r.end(t)
			if !software {
				return
			}
			r.parts.Wanted = true // a user who asks may have it
			r.begin()
			if s := r.Adopt(t.Context(), false); s.Card == nil {
				t.Errorf("%+v", s)
			}
			r.end(t)
		})
	}
}
