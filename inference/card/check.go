package card

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"fermata/inference"
	"fermata/inference/ctc"
)

// Tolerance is how far the card's scores may be from the CPU's, in shares of
// their spread, the standard deviation of all of the CPU's (2 to 4 with MedASR's
// kind). Both compute in float32, which rounds by 2^-24 = 6e-8 in every step; in
// another order, and carried through the network, that shows as 1e-5 of the spread
// or less: the CPU and PyTorch differ by less than 5e-5, absolutely. Half
// precision rounds by 2^-11 = 5e-4, 8192 times as much: of the golden networks'
// scores, computed with every product and norm so rounded, some are 3e-3 to 2e-2
// of the spread away. What is more, its greatest number is 65504, while MedASR's
// activations reach 2e6 and then are no numbers at all. 1e-3 lies between: as far
// as a hundred times above the one, and a third of the least of the other.
const Tolerance = 1e-3

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

// A fault is what is wrong with a card, in words that follow its name or "the
// card".
type fault struct {
	words string
	final bool          // the same would be found again
	cause error         // nil where there is none
	after time.Duration // of waiting, 0 if it was not for that
}

func (f *fault) Error() string {
	if f.cause == nil {
		return f.words
	}
	return fmt.Sprintf("%s (%v)", f.words, f.cause)
}

func (f *fault) Unwrap() error { return f.cause }

// differs is the fault of a card that computes something else.
func differs() *fault { return &fault{words: "the card's answer differs", final: true} }

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

// failure is a fault for an error of the card's.
func failure(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	return &fault{words: "the graphics card failed", cause: err}
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

// compare returns the greatest difference of two answers in shares of the
// wanted one's standard deviation, and a fault where they do not agree.
func compare(got []float32, gotWidth int, want []float32, width int) (difference float64, err error) {
	switch {
	case !numbers(want) || width <= 0 || len(want) == 0:
		return 0, errors.New("the model answered on the CPU with values that are no numbers; copy the model folder again, and do not use a float16 one")
	case !numbers(got):
		return 0, noNumbers()
	case gotWidth != width || len(got) != len(want):
		return 0, differs()
	}
	var sum, squares float64
	for i, w := range want {
		w := float64(w)
		sum, squares = sum+w, squares+w*w
		difference = max(difference, math.Abs(float64(got[i])-w))
	}
	mean := sum / float64(len(want))
	if spread := math.Sqrt(squares/float64(len(want)) - mean*mean); spread > 0 {
		difference /= spread
	}
	if difference > Tolerance || !sameBest(got, want, width) {
		return difference, differs()
	}
	return difference, nil
}

// sameBest says whether greedy decoding gives the same.
func sameBest(got, want []float32, width int) bool {
	a, b := ctc.Greedy(got, width), ctc.Greedy(want, width)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].ID != b[i].ID || a[i].Start != b[i].Start || a[i].End != b[i].End {
			return false
		}
	}
	return true
}

func noNumbers() *fault {
	return &fault{words: "the card's answer has values that are no numbers", final: true}
}

// numbers says that no value is NaN or infinite.
func numbers(values []float32) bool {
	for _, v := range values {
		if v-v != 0 { // NaN or infinite
			return false
		}
	}
	return true
}
