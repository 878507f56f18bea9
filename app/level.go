package app

import "math"

// Silence is the lowest level there is, in dBFS. Digital silence has it.
const Silence = -120

// stretch is how many samples a level is measured over, at least: 32 ms, so
// that blocks of 10, 20 or 40 ms give 25 levels a second.
const stretch = 512

// meter measures the level of blocks as they come. The zero value is ready.
type meter struct {
	peak, sum float64
	samples   int
}

// add takes a block in and returns a level if a stretch is full.
func (m *meter) add(block []float32) (Level, bool) {
	for _, x := range block {
		v := float64(x)
		m.peak = math.Max(m.peak, math.Abs(v))
		m.sum += v * v
	}
	m.samples += len(block)
	if m.samples < stretch {
		return Level{}, false
	}
	l := Level{Peak: decibels(m.peak), RMS: decibels(math.Sqrt(m.sum / float64(m.samples)))}
	*m = meter{}
	return l, true
}

// decibels of an amplitude, 0 being that of full scale.
func decibels(amplitude float64) float64 {
	return math.Max(Silence, 20*math.Log10(amplitude))
}
