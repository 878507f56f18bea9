package capture

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// What a recording may be, so that a header that lies cannot ask for more work
// than the file is worth.
const (
	minRate     = 1000
	maxRate     = 1000000
	maxChannels = 64
	loudest     = 1e6 // beyond it a float is no sound; some write 32768 for full scale
)

// collector makes Audio of what a decoder brings, piece by piece.
type collector struct {
	audio     Audio
	channels  int // of what the decoder brings
	resampler *Resampler
	mono      []float32
	frames    uint64 // taken so far
	skip      uint64 // frames to be dropped first
	limit     uint64 // frames to be taken at most, those dropped not counted
}

func newCollector(rate, channels int) (*collector, error) {
	switch {
	case channels < 1 || channels > maxChannels:
		return nil, fmt.Errorf("says that it has %d channels; convert it to one or two", channels)
	case rate < minRate || rate > maxRate:
		return nil, fmt.Errorf("says that it has %d samples a second; convert it to %d", rate, SampleRate)
	}
	return &collector{
		audio:     Audio{Rate: rate, Channels: channels},
		channels:  channels,
		resampler: NewResampler(rate, SampleRate),
		limit:     uint64(rate) * uint64(longest/time.Second),
	}, nil
}

var errNoNumbers = errors.New("holds numbers that are no sound (NaN or far too large); export it again")

// add takes frames, their channels interleaved. Numbers that are no sound are
// an error and not silence: what they stood for would be lost unseen.
func (c *collector) add(interleaved []float32) error {
	c.mono = appendMono(c.mono[:0], interleaved, c.channels)
	mono := c.mono
	if c.skip > 0 {
		n := min(c.skip, uint64(len(mono)))
		mono, c.skip = mono[n:], c.skip-n
	}
	for _, x := range mono {
		if v := math.Abs(float64(x)); math.IsNaN(v) || v > loudest {
			return errNoNumbers
		}
	}
	if c.frames+uint64(len(mono)) > c.limit {
		return ErrTooLong
	}
	c.frames += uint64(len(mono))
	c.audio.Samples = c.resampler.Process(c.audio.Samples, mono)
	return nil
}

// finish returns what was collected.
func (c *collector) finish() *Audio {
	c.audio.Samples = c.resampler.Flush(c.audio.Samples)
	return &c.audio
}

// short returns what was collected, and the error that says what is missing.
func (c *collector) short(missing uint64, damaged bool) (*Audio, error) {
	return c.finish(), &TruncatedError{
		Heard:   seconds(c.frames, c.audio.Rate),
		Missing: seconds(missing, c.audio.Rate),
		Damaged: damaged,
	}
}

// appendMono appends the average of each frame's channels to dst.
func appendMono(dst, interleaved []float32, channels int) []float32 {
	if channels == 1 {
		return append(dst, interleaved...)
	}
	for ; len(interleaved) >= channels; interleaved = interleaved[channels:] {
		sum := 0.0
		for _, x := range interleaved[:channels] {
			sum += float64(x)
		}
		dst = append(dst, float32(sum/float64(channels)))
	}
	return dst
}
