package app

import (
	"math"
	"testing"
)

// tones are n stretches of 10 ms each of an amplitude.
func tones(n int, amplitude, offset float64) []float32 {
	block := make([]float32, n*breath)
	for i := range block {
		block[i] = float32(amplitude*math.Sqrt2*math.Sin(math.Pi*float64(i)/8) + offset)
	}
	return block
}

func TestTailIsSilence(t *testing.T) {
	speech := tones(100, 0.1, 0) // -20 dBFS
	knock := tones(5, 0.9, 0)
	nan := tones(2, 0, 0)
	nan[100] = float32(math.NaN())
	for name, c := range map[string]struct {
		before, tail []float32
		want         bool
	}{
		"nothing follows":              {speech, nil, true},
		"digital silence":              {speech, tones(25, 0, 0), true},
		"42 dB below":                  {speech, tones(25, 0.1*0.0079, 0), true},
		"39 dB below":                  {speech, tones(25, 0.1*0.0112, 0), false},
		"10 ms of a faint sound":       {speech, append(tones(24, 0, 0), tones(1, 0.1*0.02, 0)...), false},
		"a rest shorter than 10 ms":    {speech, append(tones(24, 0, 0), tones(1, 0.1*0.02, 0)[:40]...), false},
		"a knock makes no silence":     {append(knock, speech...), tones(25, 0.1*0.0112, 0), false},
		"a constant offset is none":    {tones(100, 0.1, 0.2), tones(25, 0, 0.2), true},
		"mostly pauses, then a word":   {append(tones(900, 0.0005, 0), speech...), tones(25, 0.0005, 0), true},
		"a word among so many pauses":  {append(tones(950, 0.0005, 0), tones(50, 0.1, 0)...), tones(25, 0.0005, 0), false},
		"no number":                    {speech, nan, false},
		"nothing was heard before":     {nil, tones(25, 0, 0), false},
		"a microphone that hears none": {tones(100, 0, 0), tones(25, 0, 0), true},
		"full scale":                   {tones(100, 1, 0), tones(25, 0.0085, 0), true},
	} {
		var x tail
		x.from = held
		x.hear(c.before)
		x.begin(len(c.before))
		for rest := c.tail; len(rest) > 0; {
			n := min(len(rest), 137)
			x.hear(rest[:n])
			rest = rest[n:]
		}
		x.end()
		if x.silent() != c.want {
			t.Errorf("%s: silent is %v, want %v; limit %.1f dBFS", name, x.silent(), c.want, x.limit)
		}
	}
}

// A tail that was none leaves nothing behind.
func TestTailBeginsAgain(t *testing.T) {
	s := newSpeech(maxSamples, false)
	s.add(tones(100, 0.1, 0))
	s.release()
	s.add(tones(3, 0.1, 0))
	if _, standing := s.next(s.samples()); standing != following {
		t.Errorf("with sound in the tail: %v", standing)
	}
	s.resume()
	s.add(tones(50, 0, 0))
	s.release()
	at := s.samples()
	s.add(tones(10, 0, 0))
	if samples, standing := s.next(at); len(samples) != 0 || standing != atRelease {
		t.Errorf("%d samples, %v", len(samples), standing)
	}
	s.end()
	if samples, standing := s.next(at); len(samples) != 0 || standing != atEnd {
		t.Errorf("%d samples, %v", len(samples), standing)
	}
	if samples, _ := s.next(at - 10); len(samples) != 10 {
		t.Errorf("%d samples before the release, want 10", len(samples))
	}
}
