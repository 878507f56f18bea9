package capture

import "math"

// The kernel: 64 zero crossings to either side, of the lower of both rates. It
// passes everything up to 0.9 of the lower Nyquist frequency and nothing from
// that frequency on: see TestResamplerResponse for the figures.
const (
	crossings = 64
	cutoff    = 0.95 // of the lower Nyquist frequency: half the amplitude
	beta      = 10.06
	maxTable  = 1 << 18 // weights in a table; more phases than fit are interpolated
	density   = 512     // interpolated phases a zero crossing
)

// Resampler changes the rate of a stream of samples: polyphase filtering with a
// sinc in a Kaiser window (Smith, Digital Audio Resampling; Kaiser's beta for
// 100 dB). Output sample n stands at input time n*from/to exactly, so nothing
// is delayed, and there is one for every such time within the input.
//
// It gives a sample as soon as it has heard 64 samples of the lower rate beyond
// it: 4 ms behind for inputs of 16 kHz and more, 8 ms for 8 kHz. How the input is cut
// into blocks does not change a bit. Not safe for concurrent use.
type Resampler struct {
	up, down int // to/from, reduced
	half     int // taps to either side
	rows     int // phases in the table; row `rows` is one whole sample on
	table    [][]float32
	buf      []float32 // the input from the next sample's first tap on
	phase    int       // of the next output, in 1/up of an input sample
	in, out  int64     // samples taken and given
}

// NewResampler makes a resampler from one rate to another, both in hertz and
// above 0. The same rate twice gives back what goes in, unchanged.
func NewResampler(from, to int) *Resampler {
	g := gcd(from, to)
	r := &Resampler{up: to / g, down: from / g}
	if from == to {
		return r
	}
	scale := math.Min(1, float64(to)/float64(from))
	r.half = int(math.Ceil(crossings / scale))
	r.rows = r.up
	if r.up*2*r.half > maxTable {
		r.rows = int(math.Ceil(density * scale))
	}
	for row := 0; row <= r.rows; row++ {
		r.table = append(r.table, kernel(r.half, float64(row)/float64(r.rows), scale*cutoff))
	}
	r.buf = make([]float32, r.half-1) // silence before the first sample
	return r
}

// Process takes the next samples and appends what they make to dst.
func (r *Resampler) Process(dst, src []float32) []float32 {
	if r.table == nil {
		return append(dst, src...)
	}
	r.in += int64(len(src))
	return r.run(dst, src)
}

// Flush appends what is still to come after the last sample. The Resampler is
// used up then.
func (r *Resampler) Flush(dst []float32) []float32 {
	if r.table == nil {
		return dst
	}
	want := (r.in*int64(r.up) + int64(r.down) - 1) / int64(r.down)
	start, left := len(dst), want-r.out
	dst = r.run(dst, make([]float32, r.half+1))
	return dst[:start+int(left)]
}

func (r *Resampler) run(dst, src []float32) []float32 {
	r.buf = append(r.buf, src...)
	at := 0
	for at+2*r.half <= len(r.buf) {
		dst = append(dst, r.sample(r.buf[at:at+2*r.half]))
		r.out++
		r.phase += r.down
		at += r.phase / r.up
		r.phase %= r.up
	}
	r.buf = r.buf[:copy(r.buf, r.buf[at:])]
	return dst
}

// sample is the output at the present phase, between two rows of the table if
// there are more phases than rows.
func (r *Resampler) sample(taps []float32) float32 {
	row, rest := r.phase*r.rows/r.up, r.phase*r.rows%r.up
	y := dot(r.table[row], taps)
	if rest == 0 {
		return y
	}
	f := float32(rest) / float32(r.up)
	return y + f*(dot(r.table[row+1], taps)-y)
}

// dot is in four sums: the same order whatever the blocks, and faster than one.
func dot(w, x []float32) float32 {
	var a, b, c, d float32
	x = x[:len(w)]
	i := 0
	for ; i+4 <= len(w); i += 4 {
		a += w[i] * x[i]
		b += w[i+1] * x[i+1]
		c += w[i+2] * x[i+2]
		d += w[i+3] * x[i+3]
	}
	for ; i < len(w); i++ {
		a += w[i] * x[i]
	}
	return a + b + (c + d)
}

// kernel is the weights of 2*half input samples for an output that stands
// phase, in [0, 1], after the half-th of them. cut is the cut-off as a part of
// the input's Nyquist frequency. The weights add up to 1.
func kernel(half int, phase, cut float64) []float32 {
	weights := make([]float64, 2*half)
	sum := 0.0
	for j := range weights {
		x := float64(j-half+1) - phase
		weights[j] = sinc(cut*x) * kaiser(x/float64(half))
		sum += weights[j]
	}
	row := make([]float32, len(weights))
	for j, w := range weights {
		row[j] = float32(w / sum)
	}
	return row
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the window at x, which is 0 outside of (-1, 1).
func kaiser(x float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	return bessel(beta * math.Sqrt(1-x*x))
}

// bessel is the modified Bessel function I0, by its series.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-17; k++ {
		term *= (x / (2 * k)) * (x / (2 * k))
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
