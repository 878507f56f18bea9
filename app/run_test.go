package app

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fermata/capture"
)

// tone is a source that gives 20 ms blocks of its value, the first after wait.
type tone struct {
	value float32
	wait  time.Duration
	fails time.Duration // when it is pulled out; 0 is never
}

func (s tone) Record(ctx context.Context, emit func([]float32)) error {
	pulled := make(<-chan time.Time)
	if s.fails > 0 {
		pulled = time.After(s.fails)
	}
	next := time.After(s.wait + 20*time.Millisecond)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-pulled:
			return errMic
		case <-next:
			block := make([]float32, 320)
			for i := range block {
				block[i] = s.value * float32(1-2*(i%2)) // a constant would be no sound
			}
			emit(block)
			next = time.After(20 * time.Millisecond)
		}
	}
}

// scene is a desk at work in a bubble of its own time.
type scene struct {
	*Desk
	mu       sync.Mutex
	events   []Event
	loads    []string
	closes   int
	progress func(string, float64) // the last load's
	cancel   context.CancelFunc
	done     chan error // one error, from Run
}

// begin runs a desk with the default settings.
func begin(source capture.Source, load func(ctx context.Context, model string) (Recognizer, error)) *scene {
	return beginWith(DefaultSettings(), source, load)
}

// beginWith runs a desk. load is called in place of the loading proper.
func beginWith(settings Settings, source capture.Source, load func(ctx context.Context, model string) (Recognizer, error)) *scene {
	s := &scene{done: make(chan error, 1)}
	s.Desk = New(Parts{
		Microphone:     func(string) capture.Source { return source },
		MicrophoneName: func(id string) string { return "microphone " + id },
		Load: func(ctx context.Context, settings Settings, progress func(string, float64)) (*Loaded, error) {
			s.loads = append(s.loads, settings.Model)
			s.progress = progress
			r, err := load(ctx, settings.Model)
			if err != nil {
				return nil, err
			}
			return &Loaded{
				Recognizer: r, Model: "m" + settings.Model, Decoder: "by " + settings.Decoder + settings.Precision,
				Device: "CPU", Speed: "fast", Close: func() error { s.closes++; return nil },
			}, nil
		},
	}, settings)
	s.room = 5 * capture.SampleRate
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	go func() { s.done <- s.Run(ctx, s.see) }()
	synctest.Wait()
	return s
}

func (s *scene) see(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, e)
}

func (s *scene) seen() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}

func with(r Recognizer) func(context.Context, string) (Recognizer, error) {
	return func(context.Context, string) (Recognizer, error) { return r, nil }
}

// pass lets time go by and everything come to rest.
func elapse(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (s *scene) hold(d time.Duration) {
	s.Press(Key)
	elapse(d)
	s.Release(Key)
	synctest.Wait()
}

func (s *scene) texts() (all []string) {
	for _, e := range s.seen() {
		if text, ok := e.(Text); ok {
			all = append(all, text.Written)
		}
	}
	return all
}

func (s *scene) status() Status {
	var last Status
	for _, e := range s.seen() {
		if status, ok := e.(Status); ok {
			last = status
		}
	}
	return last
}

// stages are the stages one after the other, without repetitions.
func (s *scene) stages() (all []Stage) {
	for _, e := range s.seen() {
		status, ok := e.(Status)
		if ok && (len(all) == 0 || all[len(all)-1] != status.Stage) {
			all = append(all, status.Stage)
		}
	}
	return all
}

func (s *scene) wantTexts(t *testing.T, want ...string) {
	t.Helper()
	if got := s.texts(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("texts %q, want %q", got, want)
	}
}

// end stops the desk and checks that it frees what it loaded.
func (s *scene) end(t *testing.T) {
	t.Helper()
	s.Stop()
	if err := <-s.done; err != nil {
		t.Errorf("Run: %v", err)
	}
	s.cancel()
	if s.closes != len(s.loads) {
		t.Errorf("%d models closed of %d", s.closes, len(s.loads))
	}
}

func TestDictation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(tone{value: 0.5, wait: 40 * time.Millisecond}, with(&counting{takes: time.Second}))
		s.hold(time.Second + time.Millisecond)
		if got := s.status(); got.Stage != Finishing || got.Pending != 1 || got.Model != "m" || got.Microphone != "microphone " {
			t.Errorf("after the release: %+v", got)
		}
		levels := 0
		for _, e := range s.seen() {
			if l, ok := e.(Level); ok {
				levels++
				if math.Abs(l.Peak+6.02) > 0.01 || math.Abs(l.RMS+6.02) > 0.01 {
					t.Fatalf("level %+v of a half", l)
				}
			}
		}
		if levels < 20 || levels > 30 {
			t.Errorf("%d levels in a second", levels)
		}
		elapse(5 * time.Second)
		// 48 blocks in the second, 12 in the tail.
		s.wantTexts(t, "19200 samples.")
		if got := fmt.Sprint(s.stages()); got != fmt.Sprint([]Stage{Loading, Ready, Opening, Listening, Finishing, Ready}) {
			t.Errorf("stages %v", got)
		}
		s.end(t)
	})
}

func TestSecondDictationWhileTheFirstIsRecognised(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(tone{value: 0.5}, with(&counting{takes: 10 * time.Second}))
		s.hold(time.Second + time.Millisecond)
		elapse(time.Second)
		s.hold(2*time.Second + time.Millisecond)
		if got := s.status(); got.Pending != 2 {
			t.Errorf("%d pending, want 2", got.Pending)
		}
		elapse(time.Minute)
		s.wantTexts(t, "19840 samples.", "35840 samples.")
		s.end(t)
	})
}

func TestTapGivesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(tone{value: 0.5, wait: time.Second}, with(&counting{}))
		s.hold(30 * time.Millisecond)
		elapse(time.Minute)
		s.wantTexts(t)
		if got := s.status(); got.Stage != Ready || got.Err != nil || got.Hint != "" {
			t.Errorf("after a tap: %+v", got)
		}
		s.end(t)
	})
}

func TestHints(t *testing.T) {
	for value, want := range map[float32]string{
		0:     "nothing was heard; check the microphone",
		0.5:   "no words were recognised",
		0.005: "no words were recognised", // -46 dBFS
		5e-4:  "nothing was heard; check the microphone",
	} {
		synctest.Test(t, func(t *testing.T) {
			s := begin(tone{value: value}, with(&counting{mute: true}))
			s.hold(time.Second)
			elapse(time.Second)
			s.wantTexts(t)
			if got := s.status(); got.Hint != want || got.Stage != Ready {
				t.Errorf("%g: %+v, want %q", value, got, want)
			}
			s.end(t)
		})
	}
}

func TestMicrophonePulledOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(tone{value: 0.5, fails: 510 * time.Millisecond}, with(&counting{}))
		s.hold(2 * time.Second)
		elapse(time.Second)
		s.wantTexts(t, "8000 samples.")
		if got := s.status(); got.Stage != Failed || !errors.Is(got.Err, errMic) || got.Kept != 0 {
			t.Errorf("after the failure: %+v", got)
		}
		s.end(t)
	})
}

func TestSpeechWhileLoading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(tone{value: 0.5}, func(context.Context, string) (Recognizer, error) {
			time.Sleep(30 * time.Second)
			return &counting{}, nil
		})
		s.hold(time.Second + time.Millisecond)
		elapse(time.Second)
		if got := s.status(); got.Stage != Loading || got.Pending != 1 {
			t.Errorf("while loading: %+v", got)
		}
		s.wantTexts(t)
		elapse(time.Minute)
		s.wantTexts(t, "19840 samples.")
		s.end(t)
	})
}

func TestModelFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{err: errModel}
		s := begin(tone{value: 0.5}, with(r))
		s.hold(time.Second + time.Millisecond)
		elapse(time.Second)
		s.hold(time.Second + time.Millisecond)
		elapse(time.Second)
		if got := s.status(); got.Stage != Failed || math.Abs(got.Kept-2.48) > 0.001 || got.Pending != 2 || !errors.Is(got.Err, errModel) {
			t.Errorf("after the failure: %+v", got)
		}
		r.set(func() { r.err = nil })
		s.Retry()
		elapse(time.Second)
		s.wantTexts(t, "19840 samples.", "19840 samples.")
		if got := s.status(); got.Kept != 0 || got.Stage != Ready {
			t.Errorf("after the retry: %+v", got)
		}
		s.end(t)
	})
}

func TestAnotherModelTakesUpWhatWasKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(tone{value: 0.5}, func(_ context.Context, model string) (Recognizer, error) {
			if model == "" {
				return nil, errModel
			}
			return &counting{}, nil
		})
		s.hold(time.Second + time.Millisecond)
		elapse(time.Second)
		if got := s.status(); got.Stage != Failed || math.Abs(got.Kept-1.24) > 0.001 {
			t.Errorf("without a model: %+v", got)
		}
		s.Apply(Settings{Model: "/models/good", Microphone: "usb"})
		elapse(time.Second)
		s.wantTexts(t, "19840 samples.")
		if got := s.status(); got.Stage != Ready || got.Model != "m/models/good" || got.Microphone != "microphone usb" {
			t.Errorf("with the good model: %+v", got)
		}
		s.closes++ // the one that failed had nothing to close
		s.end(t)
	})
}

func TestAnotherModelWhileLoading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(tone{}, func(ctx context.Context, model string) (Recognizer, error) {
			if model == "" {
				<-ctx.Done() // a load that never ends by itself
				return nil, ctx.Err()
			}
			return &counting{}, nil
		})
		s.Apply(Settings{Model: "other"})
		elapse(time.Second)
		if got := s.status(); got.Stage != Ready || got.Model != "mother" {
			t.Errorf("%+v", got)
		}
		s.closes++
		s.end(t)
	})
}

func TestStopWaitsForTheText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(tone{value: 0.5}, with(&counting{takes: 5 * time.Second}))
		s.Press(Button)
		elapse(time.Second + time.Millisecond)
		s.end(t)
		s.wantTexts(t, "19840 samples.")
	})
}

func TestEndOfContextGivesSpeechUpAndSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(tone{value: 0.5}, with(&counting{takes: time.Hour}))
		s.Press(Button)
		elapse(2 * time.Second)
		s.cancel()
		err := <-s.done
		if err == nil || !strings.HasPrefix(err.Error(), "dictation: 2 seconds of speech") {
			t.Errorf("Run: %v", err)
		}
		if s.closes != 1 {
			t.Error("the model was not closed")
		}
	})
}

func TestEndOfContextWithNothingToDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(tone{value: 0.5}, with(&counting{}))
		s.cancel()
		if err := <-s.done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestModelThatCannotBeFreed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		parts := Parts{
			Microphone:     func(string) capture.Source { return tone{} },
			MicrophoneName: func(string) string { return "" },
			Load: func(_ context.Context, s Settings, _ func(string, float64)) (*Loaded, error) {
				l := &Loaded{Recognizer: &counting{}}
				if s.Model == "" {
					l.Close = func() error { return errModel }
				}
				return l, nil
			},
		}
		for _, next := range []string{"", "other"} {
			d := New(parts, DefaultSettings())
			done := make(chan error, 1)
			go func() { done <- d.Run(context.Background(), func(Event) {}) }()
			elapse(time.Second)
			d.Apply(Settings{Model: next})
			elapse(time.Second)
			d.Stop()
			if err := <-done; !errors.Is(err, errModel) {
				t.Errorf("then %q: Run: %v", next, err)
			}
		}
	})
}
