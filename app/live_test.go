package app

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const ms = time.Millisecond

// What follows the release is silence: the run that began at the release is
// the result, and it is there when the tail is over.
func TestTheRunBeginsAtTheReleaseAndIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{takes: time.Hour, ahead: 200 * ms}
		s := begin(talk("ssssss"), with(r))
		s.hold(605 * ms)
		elapse(251 * ms)
		s.wantTexts(t, "9600 samples.") // 600 ms: none of the tail
		if got := r.askings(); len(got) != 1 || got[0] != (asking{605 * ms, 200 * ms, 9600, false}) {
			t.Errorf("asked %+v", got)
		}
		s.end(t)
	})
}

// A run that takes longer than the tail is waited for and not begun again.
func TestTheRunMayTakeLongerThanTheTail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{takes: time.Hour, ahead: 900 * ms}
		s := begin(talk("ssssss"), with(r))
		s.hold(605 * ms)
		elapse(899 * ms)
		s.wantTexts(t)
		elapse(2 * ms)
		s.wantTexts(t, "9600 samples.")
		s.end(t)
	})
}

// Sound in the tail ends the run at once, and everything is recognised.
func TestSoundInTheTailIsRecognised(t *testing.T) {
	for words, heard := range map[talk]time.Duration{
		"ssssss  s": 810 * ms, // a word that was let go too early
		"sssssssss": 610 * ms,
		"sssss.. s": 810 * ms,
	} {
		synctest.Test(t, func(t *testing.T) {
			r := &counting{takes: 100 * ms, ahead: time.Hour}
			s := begin(words, with(r))
			s.hold(605 * ms)
			elapse(time.Second)
			s.wantTexts(t, "13600 samples.") // 850 ms
			got := r.askings()
			if len(got) != 1 || !got[0].givenUp || got[0].began+got[0].took != heard {
				t.Errorf("%q: asked %+v, want the run given up at %v", words, got, heard)
			}
			s.end(t)
		})
	}
}

// Pressing again within the tail goes on with the same dictation.
func TestPressInTheTailEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{ahead: time.Hour}
		s := begin(talk("ssssss    ss"), with(r))
		s.hold(705 * ms)
		elapse(100 * ms)
		s.Press(Key)
		synctest.Wait()
		if got := r.askings(); len(got) != 1 || got[0].took != 100*ms || !got[0].givenUp {
			t.Errorf("asked %+v", got)
		}
		elapse(400 * ms)
		r.set(func() { r.ahead = 10 * ms })
		s.Release(Key)
		elapse(time.Second)
		s.wantTexts(t, "19200 samples.")
		s.end(t)
	})
}

// A dictation whose model comes late is cut at the same sample.
func TestTheTailIsJudgedTheSameLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{takes: 10 * ms, ahead: 10 * ms}
		s := begin(talk("ssssss"), with(r))
		r.set(func() { r.err = errModel })
		s.hold(605 * ms)
		elapse(time.Second)
		r.set(func() { r.err = nil })
		s.Retry()
		elapse(time.Second)
		s.wantTexts(t, "9600 samples.")
		s.end(t)
	})
}

// Previews come once a second and take a tenth of the time at most.
func TestPreviewsKeepTheirPace(t *testing.T) {
	for took, every := range map[time.Duration]time.Duration{
		20 * ms: time.Second, 100 * ms: time.Second, 200 * ms: 2 * time.Second, 700 * ms: 7 * time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			r := &counting{ahead: took}
			s := begin(talk(strings.Repeat("s", 1000)), with(r))
			s.room *= 20
			s.Press(Key)
			elapse(30 * time.Second)
			var spent time.Duration
			asked := r.askings()
			for i, a := range asked {
				spent += a.took
				if i > 0 && a.began-asked[i-1].began < every {
					t.Errorf("%v: asked %+v", took, asked)
					break
				}
			}
			last := asked[len(asked)-1]
			if want := int(29 * time.Second / every); len(asked) < want || spent-last.took > last.began/10 {
				t.Errorf("%v: %d previews in half a minute take %v", took, len(asked), spent)
			}
			s.Release(Key)
			s.end(t)
		})
	}
}

func TestPreviewsAreShownAndPutAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(talk(strings.Repeat("s", 30)), with(&counting{ahead: 5 * ms, takes: time.Second}))
		s.hold(3*time.Second + 5*ms)
		elapse(10 * time.Second)
		for i, p := range s.previews() {
			if i < 2 && (p.Stable != "" || !strings.HasSuffix(p.Tentative, "0 samples.")) {
				t.Errorf("preview %+v", p)
			}
		}
		if got := s.order(); got != "pp-T" {
			t.Errorf("order %s", got)
		}
		s.end(t)
	})
}

// A preview is at an end the moment the key comes up.
func TestReleaseEndsThePreview(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{ahead: 100 * time.Second, takes: 10 * ms}
		s := begin(talk(strings.Repeat("s", 30)), with(r))
		s.hold(2 * time.Second)
		if got := r.askings(); len(got) != 1 || !got[0].givenUp || got[0].began+got[0].took != 2*time.Second {
			t.Errorf("asked %+v", got)
		}
		elapse(250*ms + 11*ms)
		s.wantTexts(t, "36000 samples.")
		s.end(t)
	})
}

// A preview keeps no window waiting.
func TestAWholeWindowEndsThePreview(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{ahead: 100 * time.Second, due: 3 * 16000}
		s := begin(talk(strings.Repeat("s", 90)), with(r))
		s.Press(Key)
		elapse(3*time.Second + 5*ms)
		if got := r.askings(); len(got) != 1 || !got[0].givenUp || got[0].began+got[0].took != 3*time.Second {
			t.Errorf("asked %+v", got)
		}
		s.Release(Key)
		s.end(t)
	})
}

func TestNoPreview(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{ahead: 5 * ms}
		settings := DefaultSettings()
		settings.NoPreview = true
		s := beginWith(settings, talk(strings.Repeat("s", 30)), with(r))
		s.hold(3 * time.Second)
		if got := r.askings(); len(got) != 0 {
			t.Errorf("asked %+v", got)
		}
		s.end(t)
		if got := s.order(); got != "T" {
			t.Errorf("order %s", got)
		}
	})
}

// Turned off, a preview is gone, also the one that is being made.
func TestPreviewsAreTurnedOffAndOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{ahead: 5 * ms}
		s := begin(talk(strings.Repeat("s", 90)), with(r))
		s.room *= 20
		s.Press(Key)
		elapse(1500 * ms)
		r.set(func() { r.ahead = time.Hour })
		elapse(time.Second)
		off := DefaultSettings()
		off.NoPreview = true
		s.Apply(off)
		synctest.Wait()
		if got := s.order(); got != "p-" {
			t.Errorf("order %s", got)
		}
		if got := r.askings(); len(got) != 2 || !got[1].givenUp {
			t.Errorf("asked %+v", got)
		}
		r.set(func() { r.ahead = 0 })
		elapse(time.Second)
		s.Apply(DefaultSettings())
		elapse(30 * time.Second)
		if got := s.order(); !strings.HasPrefix(got, "p-pp") || len(s.loads) != 1 {
			t.Errorf("order %s after %d loads", got, len(s.loads))
		}
		s.Release(Key)
		s.end(t)
	})
}

// The first dictation has the machine until its text has come; the second is
// previewed from then on.
func TestPreviewOfTheSecondWaitsForTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{takes: 5 * time.Second, ahead: 10 * ms}
		s := begin(tone{value: 0.1}, with(r)) // the tail is never silence
		s.room *= 20
		s.hold(1500 * ms)
		elapse(300 * ms)
		s.Press(Key)
		elapse(2 * time.Second)
		if got := s.order(); got != "p" || s.status().Stage != Listening {
			t.Errorf("while the first is finishing: %s, %+v", got, s.status())
		}
		elapse(4500 * ms)
		if got := s.order(); !strings.HasPrefix(got, "p-Tp") {
			t.Errorf("when the first has come: %s", got)
		}
		s.Release(Key)
		elapse(time.Minute)
		if got := s.order(); strings.Count(got, "T") != 2 || !strings.HasSuffix(got, "p-T") {
			t.Errorf("at the end: %s", got)
		}
		s.end(t)
	})
}

func TestPreviewIsPutAwayWhereThereIsNoText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{ahead: 10 * ms, takes: 10 * ms}
		s := begin(talk(strings.Repeat("s", 90)), with(r))
		s.hold(1500 * ms)
		r.set(func() { r.mute = true })
		elapse(time.Second)
		if got := s.order(); got != "p-" {
			t.Errorf("nothing recognised: %s", got)
		}
		r.set(func() { r.mute = false })
		s.Press(Key)
		elapse(1500 * ms)
		r.set(func() { r.err = errModel })
		elapse(10 * ms)
		if got := s.order(); got != "p-p-" || s.status().Stage != Listening {
			t.Errorf("a failure: %s", got)
		}
		s.Release(Key)
		elapse(time.Second)
		r.set(func() { r.err = nil })
		s.Retry()
		s.end(t)
	})
}

func TestDiscard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{err: errModel}
		s := begin(talk(strings.Repeat("s", 90)), with(r))
		s.Discard()
		for _, d := range []time.Duration{time.Second, 2 * time.Second} {
			s.hold(d)
			elapse(time.Second)
		}
		if got := s.status(); got.Kept != 3.5 || got.Discards != 1.25 || got.Pending != 2 {
			t.Errorf("%+v", got)
		}
		r.set(func() { r.err = nil })
		s.Discard()
		elapse(time.Second)
		s.wantTexts(t, "36000 samples.")
		if got := s.status(); got.Kept != 0 || got.Discards != 0 || got.Stage != Ready {
			t.Errorf("%+v", got)
		}
		s.end(t)
	})
}

func TestLoadingTellsHowFarItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ready := make(chan bool)
		s := begin(talk(""), func(context.Context, string) (Recognizer, error) {
			<-ready
			return &counting{}, nil
		})
		var told []string
		for i := range 401 {
			s.progress("preparing the language model", float64(i)/1000)
			synctest.Wait()
			if got := s.status().Preparing; len(told) == 0 || told[len(told)-1] != got {
				told = append(told, got)
			}
		}
		if len(told) != 41 || told[40] != "preparing the language model, 40 %" {
			t.Errorf("told %q", told)
		}
		statuses := 0
		for _, e := range s.seen() {
			if _, ok := e.(Status); ok {
				statuses++
			}
		}
		if statuses > 44 {
			t.Errorf("%d statuses for 41 percents", statuses)
		}
		s.progress("opening the model", -1)
		synctest.Wait()
		if got := s.status(); got.Preparing != "opening the model" || got.Stage != Loading {
			t.Errorf("%+v", got)
		}
		ready <- true
		synctest.Wait()
		if got := s.status(); got.Preparing != "" || got.Stage != Ready || got.Decoder != "by " || got.Speed != "fast" {
			t.Errorf("%+v", got)
		}
		close(ready)
		s.end(t)
	})
}

// Another decoder or precision is loaded as another model is; a switch that
// has nothing to do with the model loads nothing.
func TestWhatLoadsTheModelAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(talk(""), with(&counting{}))
		settings := DefaultSettings()
		for i, change := range []func(){
			func() { settings.Decoder = "beam" },
			func() { settings.Precision = "int8" },
			func() { settings.NoPreview = true },
			func() { settings.Theme = "dark" },
			func() { settings.Model = "other" },
			func() { settings.Device = "Card 9" },
		} {
			change()
			s.Apply(settings)
			synctest.Wait()
			if want := []int{2, 3, 3, 3, 4, 5}[i]; len(s.loads) != want {
				t.Errorf("change %d: %d loads, want %d", i, len(s.loads), want)
			}
		}
		if got := s.status(); got.Decoder != "by beamint8" || got.Model != "mother" {
			t.Errorf("%+v", got)
		}
		s.end(t)
	})
}

// A model that fails in a preview fails as it does in a window.
func TestAPreviewThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &counting{ahead: 10 * ms}
		s := begin(talk(strings.Repeat("s", 90)), with(r))
		s.Press(Key)
		elapse(900 * ms)
		r.set(func() { r.err = errModel })
		elapse(time.Second)
		s.Release(Key)
		elapse(time.Second)
		if got := s.status(); !errors.Is(got.Err, errModel) || got.Kept == 0 {
			t.Errorf("%+v", got)
		}
		r.set(func() { r.err = nil })
		s.Retry()
		s.end(t)
	})
}

// A preview that was under way when previews were turned off is not shown.
func TestAPreviewTooLateIsNotShown(t *testing.T) {
	var shown []Event
	r := &running{Desk: New(Parts{}, Settings{NoPreview: true}), emit: func(e Event) { shown = append(shown, e) }}
	r.preview(Preview{Tentative: "No"})
	r.preview(Preview{})
	if len(shown) != 0 {
		t.Errorf("%+v is shown", shown)
	}
}
