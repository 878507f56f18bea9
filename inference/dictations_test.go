package inference_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"runtime"
	"sync"
	"testing"
	"time"

	"fermata/inference"
	"fermata/inference/ctc"
)

// TestManyDictations streams 200 dictations of random lengths through a real
// session, four at a time, in blocks of random sizes, with previews and with
// calls that are given up at any moment; a third of them is left where they
// are. What is finished is, to the last bit, what the whole recording gives.
func TestManyDictations(t *testing.T) {
	beam := ctc.GoogleBeam()
	windows := inference.Options{Window: 3 * inference.SampleRate, Stride: inference.SampleRate / 4}
	greedy := recognizer(t, filepath.Join(goldens, "a"), windows)
	windows.Decoder = inference.Decoder{Beam: &beam, Language: language(t, pieces(t, demo), sixgrams), NBest: 3}
	searching := recognizer(t, demo, windows)
	clip := clip(t)
	lengths := []int{0, 1000, 2320, 9000, 30000, 47999, 48000, 48001, 80000, 110000, 150000}
	kinds := []*many{newMany(t, greedy, clip, lengths), newMany(t, searching, clip, lengths)}

	before := runtime.NumGoroutine()
	var users sync.WaitGroup
	var finished [4]int
	for user := range finished {
		users.Go(func() {
			r := rand.New(rand.NewPCG(uint64(user), 9))
			for range 50 {
				if kinds[r.IntN(len(kinds))].dictate(t, r) {
					finished[user]++
				}
			}
		})
	}
	users.Wait()
	total := 0
	for _, n := range finished {
		total += n
	}
	if total < 100 || total == 200 {
		t.Errorf("%d of 200 dictations were finished", total)
	}
	for range 100 { // the last ones may still be on their way out
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines before and %d after", before, runtime.NumGoroutine())
}

// many are dictations with one recogniser, and what each has to give.
type many struct {
	recognizer *inference.Recognizer
	samples    []float32
	lengths    []int
	want       []inference.Transcript
}

func newMany(t *testing.T, r *inference.Recognizer, clip []float32, lengths []int) *many {
	m := &many{recognizer: r, samples: tile(clip, lengths[len(lengths)-1]), lengths: lengths}
	for _, n := range lengths {
		whole, err := r.Transcribe(context.Background(), m.samples[:n])
		if err != nil {
			t.Fatal(err)
		}
		m.want = append(m.want, whole)
	}
	return m
}

// dictate streams one dictation and reports whether it was finished.
func (m *many) dictate(t *testing.T, r *rand.Rand) bool {
	which := r.IntN(len(m.lengths))
	s := m.recognizer.Stream()
	for at, n := 0, m.lengths[which]; at < n; {
		block := min(1+r.IntN(30000), n-at)
		hurried(r, func(ctx context.Context) error { return s.Write(ctx, m.samples[at:at+block]) }, t)
		at += block
		if r.IntN(3) == 0 {
			hurried(r, func(ctx context.Context) error { _, err := s.SoFar(ctx); return err }, t)
		}
		if r.IntN(12) == 0 {
			return false
		}
	}
	got, err := s.Finish(context.Background())
	if err != nil || !reflect.DeepEqual(got, m.want[which]) {
		t.Errorf("%d samples: other than the whole, %v", m.lengths[which], err)
	}
	return true
}

// hurried gives a call a few milliseconds, or as long as it takes.
func hurried(r *rand.Rand, call func(context.Context) error, t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if r.IntN(2) == 0 {
		timer := time.AfterFunc(time.Duration(r.IntN(5000))*time.Microsecond, cancel)
		defer timer.Stop()
	}
	if err := call(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
