package inference

import (
	"errors"
	"fmt"
	"math"

	"fermata/inference/mel"
)

// Subsampling is how a network thins its features out. The zero value is
// MedASR's: a row of logits for every 4 frames (40 ms), and 13 frames
// (2320 samples) at the least.
type Subsampling struct {
	FramesPerRow int // inputs_to_logits_ratio in transformers
	LeastFrames  int // fewer give no row
}

// MedASR's sub-sampler: kernel 5, stride 2, twice.
const (
	framesPerRow = 4
	leastFrames  = 13
)

// orMedASR is s, or MedASR's for the zero value.
func (s Subsampling) orMedASR() Subsampling {
	if s == (Subsampling{}) {
		return Subsampling{FramesPerRow: framesPerRow, LeastFrames: leastFrames}
	}
	return s
}

// period is the distance of two rows of logits in samples.
func (s Subsampling) period() int { return s.FramesPerRow * mel.Hop }

// leastSamples is the least the network can take, 2320 for MedASR.
func (s Subsampling) leastSamples() int { return (s.LeastFrames-1)*mel.Hop + mel.Window }

// ErrWindows is what [Options.Check] and [New] return, wrapped in a sentence,
// for windows that cannot be.
var ErrWindows = errors.New("unusable windows")

// Options says how a recording is cut for the network and decoded. Both lengths
// are in samples and are rounded to whole rows of logits (640), half to even, as transformers'
// pipeline rounds its chunk_length_s and stride_length_s.
type Options struct {
	// Window is the length of a window; 0 is a single pass over everything,
	// whose time and memory grow with the square of the length.
	Window int
	// Stride is the context on either side of a window that is recognised
	// but not kept. Windows overlap by twice the stride.
	Stride int
	// Network is the network's; the zero value is MedASR's.
	Network Subsampling
	// Decoder says how scores become tokens.
	Decoder Decoder
}

// GoogleWindows are the windows of Google's own notebook, 20 s with 2 s of
// stride.
func GoogleWindows() Options {
	return Options{Window: 20 * SampleRate, Stride: 2 * SampleRate}
}

// Check returns nil for what can be done, else an error that says what is
// wrong and is [ErrWindows] where it is the windows.
func (o Options) Check() error {
	a := o.aligned()
	switch {
	case o.Window < 0 || o.Stride < 0:
		return windowsError("a window and its stride cannot be negative; give 0 for a single pass")
	case o.Window == 0:
	case a.Window < a.Network.leastSamples():
		return windowsError("a window of %g s is too short for the network; give at least 0.16 s, or 0 for a single pass", seconds(o.Window))
	case 2*a.Stride >= a.Window:
		return windowsError("a window of %g s is all stride with %g s on either side; give a window of more than twice the stride", seconds(o.Window), seconds(o.Stride))
	}
	return o.Decoder.check()
}

// aligned returns o in whole rows of logits.
func (o Options) aligned() Options {
	n := o.Network.orMedASR()
	return Options{Window: align(o.Window, n.period()), Stride: align(o.Stride, n.period()), Network: n}
}

// align is Python's int(round(samples / period) * period).
func align(samples, period int) int {
	return int(math.RoundToEven(float64(samples)/float64(period))) * period
}

// step is the distance of the starts of two windows.
func (o Options) step() int { return o.Window - 2*o.Stride }

// kept returns which rows of logits to keep of a window of so many samples
// with left and right samples of stride, period being the samples of a row. It is rescale_stride and the slice
// after it in transformers' automatic_speech_recognition.py, rounding half to
// even. The end counts from the nominal number of rows, which is greater than
// the rows there are, because the last frames of a window are incomplete. A
// window without right stride keeps all that is there.
func kept(samples, left, right, rows, period int) (from, to int) {
	ratio := 1.0 / float64(period)
	nominal := math.RoundToEven(float64(samples) * ratio)
	share := func(stride int) int {
		return int(math.RoundToEven(float64(stride) / float64(samples) * nominal))
	}
	from = min(share(left), rows)
	to = min(int(nominal)-share(right), rows)
	return from, max(from, to)
}

func seconds(samples int) float64 { return float64(samples) / SampleRate }

// windowsErr is a sentence that is [ErrWindows].
type windowsErr string

func (e windowsErr) Error() string      { return string(e) }
func (windowsErr) Is(target error) bool { return target == ErrWindows }

func windowsError(format string, a ...any) error {
	return windowsErr(fmt.Sprintf(format, a...))
}
