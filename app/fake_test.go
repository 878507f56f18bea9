package app

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"fermata/inference"
)

// counting is a recogniser whose words are how many samples it heard. It takes
// its time over the end, and over what there is so far.
type counting struct {
	takes time.Duration // Finish, unless SoFar has done the same
	ahead time.Duration // SoFar
	due   int           // samples of a window; 0 is without end
	err   error
	mute  bool

	mu    sync.Mutex // of ahead, err and mute while the desk is at work
	asked []asking
}

// asking is one call of SoFar that ran something.
type asking struct {
	began, took time.Duration // since time began, and from then on
	samples     int
	givenUp     bool
}

// bubble is when time begins in every bubble of testing/synctest.
var bubble = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// set changes it while the desk is at work.
func (c *counting) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

func (c *counting) fails() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *counting) Stream() Stream { return &count{counting: c, known: -1} }

type count struct {
	*counting
	samples int
	known   int // after how many samples SoFar answered last
}

func (c *count) Write(_ context.Context, samples []float32) error {
	c.samples += len(samples)
	return c.fails()
}

func (c *count) Due() int {
	if c.due == 0 {
		return math.MaxInt
	}
	return c.due - c.samples%c.due
}

func (c *count) SoFar(ctx context.Context) (inference.Transcript, error) {
	if c.known != c.samples {
		began := time.Now()
		c.mu.Lock()
		ahead := c.ahead
		c.mu.Unlock()
		err := sleep(ctx, ahead)
		c.mu.Lock()
		c.asked = append(c.asked, asking{began.Sub(bubble), time.Since(began), c.samples, err != nil})
		c.mu.Unlock()
		if err != nil {
			return inference.Transcript{}, err
		}
		c.known = c.samples
	}
	return c.transcript(), c.fails()
}

func (c *count) Finish(ctx context.Context) (inference.Transcript, error) {
	if c.known != c.samples {
		if err := sleep(ctx, c.takes); err != nil {
			return inference.Transcript{}, err
		}
	}
	return c.transcript(), c.fails()
}

func (c *count) transcript() inference.Transcript {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := inference.Transcript{Raw: fmt.Sprintf("%d samples {period}", c.samples), Samples: c.samples}
	if c.mute {
		t.Raw = ""
	}
	return t
}

// askings are the calls of SoFar so far.
func (c *counting) askings() []asking {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]asking(nil), c.asked...)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// talk is a source that gives 10 ms blocks of sound or silence, from the first
// moment on: an s is 100 ms of sound, a blank 100 ms of silence, a dot 100 ms
// of sound 50 dB below. After its end there is silence.
type talk string

func (s talk) Record(ctx context.Context, emit func([]float32)) error {
	levels := map[byte]float32{'s': 0.1, '.': 0.0003, ' ': 0}
	for n := 0; ; n++ {
		if err := sleep(ctx, 10*time.Millisecond); err != nil {
			return nil
		}
		level := float32(0)
		if n/10 < len(s) {
			level = levels[s[n/10]]
		}
		block := make([]float32, 160)
		for i := range block {
			block[i] = level * float32(1-2*(i%2))
		}
		emit(block)
	}
}

func (s *scene) previews() (all []Preview) {
	for _, e := range s.seen() {
		if p, ok := e.(Preview); ok {
			all = append(all, p)
		}
	}
	return all
}

// order names previews and texts as they came: "p", "-" for an empty preview,
// "T".
func (s *scene) order() string {
	var b strings.Builder
	for _, e := range s.seen() {
		switch e := e.(type) {
		case Preview:
			if e == (Preview{}) {
				b.WriteString("-")
			} else {
				b.WriteString("p")
			}
		case Text:
			b.WriteString("T")
		}
	}
	return b.String()
}
