package mel

import "math"

const (
	lowest  = 125.0  // Hz, lower edge of the first triangle
	highest = 7500.0 // Hz, upper edge of the last
	nyquist = 8000.0 // Hz
)

// A filter is one triangle: weights for the FFT bins from first on. A
// triangle narrower than the distance of two bins may hold none; the first
// one of the bank is so, and its feature is always the floor.
type filter struct {
	first   int
	weights []float64
}

// sum returns the power under the triangle.
func (f filter) sum(power []float64) float64 {
	var s float64
	for i, w := range f.weights {
		s += w * power[f.first+i]
	}
	return s
}

// toMel is the Kaldi mel scale (transformers' hertz_to_mel, "kaldi").
func toMel(hertz float64) float64 { return 1127 * math.Log(1+hertz/700) }

// triangles returns the [Bins] filters of linear_to_mel_weight_matrix in
// transformers' feature_extraction_lasr.py: edges equally spaced in mel,
// slopes straight in mel (not in hertz), no area normalisation, and the
// constant component left out.
func triangles() []filter {
	low, high := toMel(lowest), toMel(highest)
	step := (high - low) / (Bins + 1)
	filters := make([]filter, Bins)
	for i := range filters {
		left := low + float64(i)*step
		centre := low + float64(i+1)*step
		right := low + float64(i+2)*step
		filters[i] = triangle(left, centre, right)
	}
	return filters
}

// triangle returns the filter between three edges in mel. FFT bin 0 is never
// part of one.
func triangle(left, centre, right float64) filter {
	var f filter
	for k := 1; k <= fftSize/2; k++ {
		m := toMel(float64(k) * nyquist / (fftSize / 2))
		w := min((m-left)/(centre-left), (right-m)/(right-centre))
		if w <= 0 {
			continue
		}
		if f.weights == nil {
			f.first = k
		}
		f.weights = append(f.weights, w)
	}
	return f
}
