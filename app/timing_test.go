package app

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// What a dictation's text is depends on what was said and on when the key was
// held, and on nothing else: not on the model's speed, nor on previews.
func TestTextsDoNotDependOnTiming(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		words := make([]byte, 40)
		for i := range words {
			words[i] = "sss. "[r.IntN(5)]
		}
		var holds []time.Duration // held and let go in turn
		for range 2 * (1 + r.IntN(4)) {
			holds = append(holds, time.Duration(r.IntN(150))*10*ms+5*ms)
		}
		at := func(takes, ahead time.Duration, due int, previews bool) string {
			return dictate(t, talk(words), holds, &counting{takes: takes, ahead: ahead, due: due}, previews)
		}
		want := at(0, 0, 0, false)
		for range 4 {
			takes, ahead := time.Duration(r.IntN(4000))*ms+ms/2, time.Duration(r.IntN(700))*ms+ms/2
			if got := at(takes, ahead, 1+r.IntN(30000), r.IntN(4) > 0); got != want {
				t.Fatalf("seed %d, %q held %v, %v and %v slow: %s, want %s", seed, words, holds, takes, ahead, got, want)
			}
		}
	}
}

// dictate returns the texts of dictations that were held and let go so long in
// turn.
func dictate(t *testing.T, source talk, holds []time.Duration, r *counting, previews bool) (texts string) {
	synctest.Test(t, func(t *testing.T) {
		settings := DefaultSettings()
		settings.NoPreview = !previews
		s := beginWith(settings, source, with(r))
		s.room *= 100
		for i, d := range holds {
			if i%2 == 0 {
				s.Press(Key)
			} else {
				s.Release(Key)
			}
			elapse(d)
		}
		s.end(t)
		texts = fmt.Sprint(s.texts())
		shown := Preview{}
		for _, e := range s.seen() {
			switch e := e.(type) {
			case Preview:
				shown = e
			case Text:
				if shown != (Preview{}) {
					t.Errorf("a text came while %+v was shown", shown)
				}
			}
		}
		if shown != (Preview{}) {
			t.Errorf("at the end %+v is shown", shown)
		}
	})
	return texts
}
