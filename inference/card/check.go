package card

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"fermata/inference"
)

const (
	// worthwhile is how many times as fast as the CPU a card must be: less is not
	// worth its memory and its risk.
	worthwhile = 1.3
	// hopeless is how many times slower than the CPU a card is on a window of 5 s
	// that is not asked for one of 20 s. Whatever a card takes for each run alike
	// is within 5 s too, so that it cannot be 1.3 times as fast with four times
	// as much to do unless it takes no time at all for that.
	hopeless = 3
)

// Check finds out whether a card may be believed, by five seconds of speech and
// by a window of 20 s, through both: no score is NaN or infinite, all agree
// within [Tolerance], every row has the same best score, and the card is at
// least 1.3 times as fast on the window, warm. A model that was loaded just now
// will do for either. It takes less than 5 s where the CPU needs less than a
// second for 20 s of speech and the card less than that, and ends early, with
// an error, when ctx ends or the CPU fails. A failure of the card is a verdict.
func Check(ctx context.Context, cpu, gpu inference.Acoustic, d Device) (Verdict, error) {
	c := check{cpu: cpu, gpu: gpu, device: d}
	for _, seconds := range []int{clipSeconds, longSeconds} {
		v, err := c.window(ctx, seconds)
		var fault *fault
		switch {
		case ctx.Err() != nil:
			return Verdict{}, ctx.Err()
		case errors.As(err, &fault):
			return c.refuse(fault), nil
		case err != nil:
			return Verdict{}, err
		}
		c.Verdict = v.rated(d)
		if c.Faster < 1.0/hopeless {
			break
		}
	}
	c.When, c.Final = now(), true
	return c.Verdict, nil
}

// check is one at work.
type check struct {
	Verdict
	cpu, gpu inference.Acoustic
	device   Device
}

// refuse is the verdict on a card with a fault.
func (c *check) refuse(f *fault) Verdict {
	v := c.Verdict
	v.OK, v.Same, v.When, v.Final, v.Late = false, false, now(), f.final, f.after > 0
	v.Words = UsingCPU + f.words
	return v
}

// window puts so many seconds through both and times them.
func (c *check) window(ctx context.Context, seconds int) (Verdict, error) {
	v, frames := c.Verdict, features(seconds)
	want, err := ask(ctx, c.cpu, frames)
	if err != nil {
		return v, err
	}
	got, err := ask(ctx, c.gpu, frames)
	if err != nil {
		return v, c.reason(failure(err), want.took)
	}
	if v.First == 0 {
		v.First = got.took
	}
	difference, err := compare(got.logits, got.vocab, want.logits, want.vocab)
	if err != nil {
		c.Difference = difference
		return v, err
	}
	v.Difference, v.Same, v.Vocab = max(v.Difference, difference), true, want.vocab
	if v.Card, err = quickest(ctx, c.gpu, frames, 0); err != nil {
		return v, failure(err)
	}
	v.CPU, err = quickest(ctx, c.cpu, frames, want.took)
	scale := time.Duration(longSeconds / seconds)
	v.Card, v.CPU = v.Card*scale, v.CPU*scale
	return v, err
}

// timed is a model that knows better than who waited for it how long its last
// run took.
type timed interface{ took() time.Duration }

func ask(ctx context.Context, a inference.Acoustic, frames []float32) (answer, error) {
	begun := time.Now()
	logits, vocab, err := a.Logits(ctx, frames)
	took := time.Since(begun)
	if t, ok := a.(timed); ok {
		took = t.took()
	}
	return answer{logits: logits, vocab: vocab, took: took}, err
}

// reason is the fault f, or what explains it: a software driver that was given
// up after a while on what took the CPU so long.
func (c *check) reason(f *fault, cpu time.Duration) *fault {
	if f.after == 0 || !c.device.Software {
		return f
	}
	return &fault{words: fmt.Sprintf("the graphics driver is a software one (more than %s slower)", times(f.after.Seconds()/cpu.Seconds())), final: true, after: f.after}
}

// quickest is the least time of three runs, or of those within half a second.
// The least, because whatever else the computer does only makes it longer. One
// run that took known counts, unless that is 0.
func quickest(ctx context.Context, a inference.Acoustic, frames []float32, known time.Duration) (time.Duration, error) {
	least, sum := time.Duration(math.MaxInt64), time.Duration(0)
	for n := range 3 {
		took := known
		if n > 0 || known == 0 {
			run, err := ask(ctx, a, frames)
			if err != nil {
				return 0, err
			}
			took = run.took
		}
		least, sum = min(least, took), sum+took
		if sum > time.Second/2 {
			break
		}
	}
	return max(least, time.Nanosecond), nil
}
