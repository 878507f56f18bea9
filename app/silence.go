package app

import (
	"math"

	"fermata/capture"
)

// What follows the release of the key is silence where every 10 ms of it are
// 40 dB or more below the dictation's own speech. The faintest sound of
// English, the th of "thin", is 28 dB below the strongest, the vowel of "awe"
// (680 to 1 in power: Fletcher, Speech and Hearing in Communication, 1953); a
// word that trails off loses some 10 dB more. So a room whose noise is less than 40 dB below the voice is never
// taken for silence: in doubt the tail is speech. Below -90 dBFS a converter
// of 16 bits tells nothing.
const (
	breath    = capture.SampleRate / 100 // samples: 10 ms, shorter than any sound of speech
	below     = 40                       // dB under the speech
	nothing   = -90                      // dBFS
	speaking  = 10                       // the speech is as loud as the loudest of so many stretches at least
	levelBins = -Silence + 1
)

// loudness counts the stretches of 10 ms by their level. The zero value is
// ready.
type loudness struct {
	gauge  gauge
	levels [levelBins]int // by dB under full scale
	total  int
}

func (l *loudness) add(block []float32) {
	l.gauge.add(block, func(level float64) {
		if level >= Silence { // and not NaN
			l.levels[int(-min(level, 0))]++
			l.total++
		}
	})
}

// limit is the level up to which a stretch is silence beside what was heard,
// in dBFS. The speech's own level is what the loudest tenth of the stretches
// reach, so that a knock against the microphone, which is louder than any
// voice, does not make silence of the voice. Before anything was heard nothing
// is silence.
func (l *loudness) limit() float64 {
	heard := 0
	for under, n := range l.levels {
		heard += n
		if heard > 0 && heard*speaking >= l.total {
			return math.Max(float64(-under-1)-below, nothing)
		}
	}
	return math.Inf(-1)
}

// gauge measures stretches of 10 ms about their mean: a constant offset, which
// some microphones have, is no sound.
type gauge struct {
	sum, squares float64
	samples      int
}

// add takes a block in and tells the level of every stretch that it fills.
func (g *gauge) add(block []float32, each func(level float64)) {
	for _, x := range block {
		v := float64(x)
		g.sum += v
		g.squares += v * v
		g.samples++
		if g.samples == breath {
			each(g.level())
			*g = gauge{}
		}
	}
}

// level is that of the open stretch, in dBFS.
func (g *gauge) level() float64 {
	if g.samples == 0 {
		return Silence
	}
	n := float64(g.samples)
	mean := g.sum / n
	power := g.squares/n - mean*mean
	if power < 0 { // by rounding
		power = 0
	}
	return decibels(math.Sqrt(power))
}
