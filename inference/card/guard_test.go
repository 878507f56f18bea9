package card

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fermata/inference"
)

// windows is how many windows the recording of the tests has.
const windows = 6

// faults are what a card may do, by name, and what is said of it then.
var faults = map[string]struct {
	do    func(ctx context.Context, hung <-chan struct{}, logits []float32) ([]float32, error)
	words string
}{
	"lost": {
		func(context.Context, <-chan struct{}, []float32) ([]float32, error) { return nil, errLost },
		"using the CPU: the graphics card failed",
	},
	"NaN": {func(_ context.Context, _ <-chan struct{}, l []float32) ([]float32, error) {
		l[3] = float32(math.NaN())
		return l, nil
	}, "using the CPU: the card's answer has values that are no numbers"},
	"nothing": {
		func(context.Context, <-chan struct{}, []float32) ([]float32, error) { return []float32{1}, nil },
		"using the CPU: the card's answer differs",
	},
	"hangs": {
		func(_ context.Context, hung <-chan struct{}, l []float32) ([]float32, error) { <-hung; return l, nil },
		"using the CPU: the graphics card does not answer",
	},
	"slow": {func(ctx context.Context, _ <-chan struct{}, l []float32) ([]float32, error) {
		return l, sleep(ctx, 3*time.Second)
	}, "using the CPU: the graphics card does not answer"},
}

// TestNoWordIsLost lets a card fail in every way at the first, a middle and the
// last window.
func TestNoWordIsLost(t *testing.T) {
	samples := noise(12800 + (windows-1)*10240 - 640)
	for name, fault := range faults {
		for _, window := range []int64{1, windows / 2, windows} {
			t.Run(fmt.Sprint(name, window), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					want, err := recognizer(t, &ear{}).Transcribe(t.Context(), samples)
					if err != nil {
						t.Fatal(err)
					}
					hung := make(chan struct{})
					var adopted atomic.Bool
					var asked atomic.Int64
					r := newRig(t, func() *ear {
						return &ear{takes: cardTakes, fault: func(_ int, ctx context.Context, l []float32) ([]float32, error) {
							if adopted.Load() && asked.Add(1) == window {
								return fault.do(ctx, hung, l)
							}
							return l, nil
						}}
					})
					if s := r.Adopt(t.Context(), false); s.Card == nil {
						t.Fatalf("%+v", s)
					}
					adopted.Store(true)
					begun := time.Now()
					got, err := recognizer(t, r).Transcribe(t.Context(), samples)
					if err != nil || !reflect.DeepEqual(got, want) || len(got.Tokens) == 0 {
						t.Errorf("%v: %d tokens, want %d", err, len(got.Tokens), len(want.Tokens))
					}
					if asked.Load() != window {
						t.Errorf("the card was asked for %d windows, want %d and no more", asked.Load(), window)
					}
					// A hung card's limit, the CPU's loading, and the windows.
					if took := time.Since(begun); took > 3*time.Second {
						t.Errorf("it took %v", took)
					}
					if s := r.State(); s.Card != nil || !s.Failed || s.Words != fault.words {
						t.Errorf("%+v", s)
					}
					close(hung)
					synctest.Wait()
					r.end(t)
				})
			})
		}
	}
}

// TestOverlappingDictations lets the card fail under two dictations at once.
func TestOverlappingDictations(t *testing.T) {
	samples := noise(60000)
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				want, err := recognizer(t, &ear{}).Transcribe(t.Context(), samples)
				if err != nil {
					t.Fatal(err)
				}
				hung := make(chan struct{})
				r := newRig(t, func() *ear {
					return &ear{takes: cardTakes, fault: func(call int, ctx context.Context, l []float32) ([]float32, error) {
						if call > 12 { // some after the check
							return fault.do(ctx, hung, l)
						}
						return l, nil
					}}
				})
				r.Adopt(t.Context(), false)
				rec := recognizer(t, r)
				var dictations sync.WaitGroup
				for n := range 2 {
					dictations.Go(func() {
						time.Sleep(time.Duration(n) * 5 * time.Millisecond)
						got, err := rec.Transcribe(t.Context(), samples)
						if err != nil || !reflect.DeepEqual(got, want) {
							t.Errorf("dictation %d: %v, %d tokens, want %d", n, err, len(got.Tokens), len(want.Tokens))
						}
					})
				}
				dictations.Wait()
				if s := r.State(); s.Words != fault.words {
					t.Errorf("%+v", s)
				}
				close(hung)
				synctest.Wait()
				r.end(t)
			})
		})
	}
}

// TestConcurrentCallers asks without a recogniser between, which would let one
// ask at a time.
func TestConcurrentCallers(t *testing.T) {
	r := newRig(t, func() *ear {
		return &ear{fault: func(call int, _ context.Context, l []float32) ([]float32, error) {
			if call == 12 {
				return nil, errLost
			}
			return l, nil
		}}
	})
	r.inRealTime()
	r.Adopt(t.Context(), false)
	frames := features(1)
	want, _, _ := good().Logits(t.Context(), frames)
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for range 3 {
				if got, _, err := r.Logits(t.Context(), frames); err != nil || !slices.Equal(got, want) {
					t.Error(err, len(got))
				}
			}
		})
	}
	callers.Wait()
	r.end(t)
}

// TestWrongCardIsNeverAsked is the check's part in it: nothing of a card that
// answers wrongly gets into a text.
func TestWrongCardIsNeverAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		samples := noise(60000)
		want, err := recognizer(t, &ear{}).Transcribe(t.Context(), samples)
		if err != nil {
			t.Fatal(err)
		}
		r := newRig(t, func() *ear {
			return &ear{takes: cardTakes, fault: always(func(l []float32) ([]float32, error) {
				slices.Reverse(l)
				return l, nil
			})}
		})
		r.Adopt(t.Context(), false)
		asked := r.cards[0].count()
		got, err := recognizer(t, r).Transcribe(t.Context(), samples)
		if err != nil || !reflect.DeepEqual(got, want) || r.cards[0].count() != asked {
			t.Errorf("%v, asked %d times after the check", err, r.cards[0].count()-asked)
		}
		if s := r.State(); s.Words != "using the CPU: the card's answer differs" || s.Failed {
			t.Errorf("%+v", s)
		}
		r.end(t)
	})
}

// TestHungCardAtTheEnd wants Close to come back.
func TestHungCardAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hung := make(chan struct{})
		r := newRig(t, func() *ear {
			return &ear{takes: cardTakes, fault: func(call int, _ context.Context, l []float32) ([]float32, error) {
				if call > 9 { // 8 were the check
					<-hung
				}
				return l, nil
			}}
		})
		r.Adopt(t.Context(), false)
		if r.State().Card == nil {
			t.Fatal("it was refused")
		}
		if _, _, err := r.Logits(t.Context(), features(1)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.Logits(t.Context(), features(1)); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if err := r.Close(); !errors.Is(err, ErrHung) || time.Since(begun) > patience {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
		if r.cards[0].closed {
			t.Error("a model was closed that somebody is in")
		}
		close(hung)
		synctest.Wait()
		if !r.cards[0].closed {
			t.Error("it was not closed when it came back")
		}
	})
}

// TestCancelledIsNoFailure ends a run on the card as the release of the key ends
// a preview.
func TestCancelledIsNoFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, good)
		r.Adopt(t.Context(), false)
		for range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			if _, _, err := r.Logits(ctx, features(20)); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			cancel()
			if _, _, err := r.Logits(t.Context(), features(1)); err != nil {
				t.Error(err)
			}
		}
		if s := r.State(); s.Card == nil || len(r.cpus) != 1 {
			t.Errorf("%+v, %d CPU models", s, len(r.cpus))
		}
		r.end(t)
	})
}

// TestFramesAreTheCallers changes them while a card that was given up reads
// them; the race detector watches.
func TestFramesAreTheCallers(t *testing.T) {
	r := newRig(t, func() *ear { return &ear{takes: time.Millisecond} })
	r.inRealTime()
	r.Adopt(t.Context(), false)
	frames := slices.Clone(features(5))
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, cancel)
	if _, _, err := r.Logits(ctx, frames); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	clear(frames)
	r.end(t)
}

// TestFirstRunMayCompile starts the program anew with a card that is known and
// compiles for three seconds once more, and wants no such patience later.
func TestFirstRunMayCompile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hung := make(chan struct{})
		r := newRig(t, func() *ear {
			return &ear{takes: cardTakes, fault: func(call int, ctx context.Context, l []float32) ([]float32, error) {
				switch {
				case call == 1:
					return l, sleep(ctx, 3*time.Second)
				case call > 9:
					<-hung
				}
				return l, nil
			}}
		})
		r.Adopt(t.Context(), false)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		r.begin()
		r.Adopt(t.Context(), false)
		for range 10 {
			begun := time.Now()
			if _, _, err := r.Logits(t.Context(), features(1)); err != nil || time.Since(begun) > 4*time.Second {
				t.Errorf("%v after %v", err, time.Since(begun))
			}
		}
		if s := r.State(); s.Words != "using the CPU: the graphics card does not answer" || r.cards[1].count() != 10 {
			t.Errorf("%+v, asked %d times", s, r.cards[1].count())
		}
		close(hung)
		synctest.Wait()
		r.end(t)
	})
}

// TestNoCPUNoText tells the CPU's error, because nothing else can answer.
func TestNoCPUNoText(t *testing.T) {
	boom := errors.New("model.onnx: is gone; copy it again")
	a := New(Parts{CPU: func(context.Context) (Model, error) { return nil, boom }})
	if err := a.Prepare(t.Context()); !errors.Is(err, boom) {
		t.Error(err)
	}
	if _, _, err := a.Logits(t.Context(), features(1)); !errors.Is(err, boom) {
		t.Error(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	var _ inference.Acoustic = a
}
