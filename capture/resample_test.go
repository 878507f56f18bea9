package capture

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The rates microphones and files have, and two that share no factor with 16000.
var rates = []int{8000, 11025, 12000, 22050, 24000, 32000, 37800, 44100, 48000, 96000, 192000, 44101, 15999}

func tone(rate, n int, hertz float64) []float32 {
	s := make([]float32, n)
	for i := range s {
		s[i] = float32(math.Sin(2 * math.Pi * hertz * float64(i) / float64(rate)))
	}
	return s
}

func resample(s []float32, from int) []float32 {
	r := NewResampler(from, SampleRate)
	return r.Flush(r.Process(nil, s))
}

func level(s []float32) float64 {
	sum := 0.0
	for _, x := range s {
		sum += float64(x) * float64(x)
	}
	return 10 * math.Log10(2*sum/float64(len(s))+1e-20)
}

// Ripple is how far a tone below 0.9 of the lower Nyquist frequency gets
// louder or softer. The stop band is what is left of a tone above the output's
// Nyquist frequency, and, for an input with a lower rate than the output, what
// is there beside the tone: its images.
func TestResamplerResponse(t *testing.T) {
	for _, from := range rates {
		t.Run(fmt.Sprint(from), func(t *testing.T) {
			t.Parallel()
			nyquist := float64(min(from, SampleRate)) / 2
			ripple, stop := 0.0, -200.0
			for step := 1; step <= 30; step++ {
				f := nyquist * 0.9 * float64(step) / 30
				got := middle(resample(tone(from, from/4, f), from))
				ripple = math.Max(ripple, math.Abs(level(got)))
				stop = math.Max(stop, level(residue(got, f)))
			}
			top := float64(from) / 2
			for step := 0; step < 40 && top > nyquist; step++ {
				f := nyquist + (top-nyquist)*math.Pow(float64(step)/40, 2)
				stop = math.Max(stop, level(middle(resample(tone(from, from/4, f), from))))
			}
			t.Logf("ripple %.5f dB, stop band %.1f dB", ripple, stop)
			if ripple > 0.05 {
				t.Errorf("ripple %.4f dB", ripple)
			}
			if stop > -90 {
				t.Errorf("stop band only %.1f dB", stop)
			}
		})
	}
}

// middle leaves out both ends, where the tone begins and stops.
func middle(s []float32) []float32 { return s[len(s)/4 : len(s)-len(s)/4] }

// residue is what remains of s without its component of that frequency.
func residue(s []float32, hertz float64) []float32 {
	var cc, cs, ss, xc, xs float64
	for i, x := range s {
		sin, cos := math.Sincos(2 * math.Pi * hertz * float64(i) / SampleRate)
		cc, cs, ss = cc+cos*cos, cs+cos*sin, ss+sin*sin
		xc, xs = xc+float64(x)*cos, xs+float64(x)*sin
	}
	det := cc*ss - cs*cs
	a, b := (xc*ss-xs*cs)/det, (xs*cc-xc*cs)/det
	rest := make([]float32, len(s))
	for i, x := range s {
		sin, cos := math.Sincos(2 * math.Pi * hertz * float64(i) / SampleRate)
		rest[i] = float32(float64(x) - a*cos - b*sin)
	}
	return rest
}

// A chirp through the whole band comes out as the chirp at the other rate:
// nothing is delayed or stretched.
func TestResamplerAligned(t *testing.T) {
	chirp := func(rate int) []float32 {
		s := make([]float32, rate)
		for i := range s {
			x := float64(i) / float64(rate)
			s[i] = float32(math.Sin(2 * math.Pi * (100*x + 1400*x*x)))
		}
		return s
	}
	want := chirp(SampleRate)
	for _, from := range rates {
		got := resample(chirp(from), from)
		if len(got) != len(want) {
			t.Errorf("%d Hz: a second became %d samples", from, len(got))
		}
		for i := 200; i < len(want)-200; i++ {
			if d := math.Abs(float64(got[i] - want[i])); d > 1e-4 {
				t.Errorf("%d Hz: sample %d is off by %.6f", from, i, d)
				break
			}
		}
	}
}

func TestResamplerSameRate(t *testing.T) {
	s := tone(SampleRate, 1000, 440)
	if got := resample(s, SampleRate); fmt.Sprint(got) != fmt.Sprint(s) {
		t.Error("samples were changed")
	}
}

// However the input is cut, every bit of the output is the same, and there is
// one sample for every output time within the input.
func TestResamplerBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.SampledFrom(append([]int{1000, 1000000}, rates...)).Draw(t, "from")
		s := rapid.SliceOfN(rapid.Float32Range(-1, 1), 0, 3000).Draw(t, "samples")
		whole := resample(s, from)
		if want := (len(s)*SampleRate + from - 1) / from; len(whole) != want {
			t.Fatalf("%d samples at %d Hz became %d, want %d", len(s), from, len(whole), want)
		}
		r := NewResampler(from, SampleRate)
		var pieces []float32
		for rest := s; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "block")
			pieces, rest = r.Process(pieces, rest[:n]), rest[n:]
		}
		pieces = r.Flush(pieces)
		for i := range whole {
			if math.Float32bits(whole[i]) != math.Float32bits(pieces[i]) {
				t.Fatalf("sample %d is %v in pieces and %v at once", i, pieces[i], whole[i])
			}
		}
	})
}

// The first sample comes when 64 samples of the lower rate are there.
func TestResamplerLatency(t *testing.T) {
	for from, want := range map[int]int{8000: 65, 16000: 1, 48000: 193, 96000: 385} {
		r := NewResampler(from, SampleRate)
		n := 0
		for len(r.Process(nil, []float32{1})) == 0 {
			n++
		}
		if n+1 != want {
			t.Errorf("%d Hz: the first sample came after %d, want %d", from, n+1, want)
		}
	}
}

// A table stays small for whatever rate a header says.
func TestResamplerTable(t *testing.T) {
	for _, from := range []int{999983, 44101, 1009, 191999} {
		r := NewResampler(from, SampleRate)
		if n := len(r.table) * len(r.table[0]); n > 1<<18 {
			t.Errorf("%d Hz needs a table of %d", from, n)
		}
	}
}

func BenchmarkResampler48k(b *testing.B) {
	second := tone(48000, 48000, 440)
	dst := make([]float32, 0, 2*SampleRate)
	r := NewResampler(48000, SampleRate)
	for b.Loop() {
		dst = r.Process(dst[:0], second)
	}
}
