// Package mel computes the log-mel features MedASR was trained on. In most
// cases call [Compute] for a whole recording; for audio that arrives in
// pieces keep one [Bank] and give it the samples with [Bank.Append].
//
// The front end is that of transformers' LasrFeatureExtractor and has no
// options: frames of 25 ms every 10 ms, no padding at either end, a symmetric
// Hann window, a 512-point power spectrum, 128 triangles between 125 and
// 7500 Hz and the natural logarithm above a floor. There is no dither, no
// pre-emphasis and no normalisation. All arithmetic is float64; only the
// result is float32. The package takes no other sample rate than 16 kHz.
package mel

import (
	"math"

	"gonum.org/v1/gonum/dsp/fourier"
)

const (
	// Bins is the number of features of one frame.
	Bins = 128
	// Hop is the distance between the starts of two frames, in samples.
	Hop = 160
	// Window is the length of a frame, in samples.
	Window = 400

	fftSize = 512
	floor   = 1e-5 // the least mel power, so that silence has a logarithm
)

// Frames returns how many whole frames lie in so many samples: 0 for fewer
// than [Window]. Samples after the last whole frame belong to none.
func Frames(samples int) int {
	if samples < Window {
		return 0
	}
	return (samples-Window)/Hop + 1
}

// Compute returns the features of samples, mono in [-1, 1] at 16 kHz, as
// row-major [Frames(len(samples))][Bins]. Fewer than [Window] samples give
// no frame. A row depends on nothing but its own 400 samples: the features of
// a slice that starts at a multiple of [Hop] are rows of the features of the
// whole, bit for bit.
func Compute(samples []float32) []float32 {
	return NewBank().Append(make([]float32, 0, Frames(len(samples))*Bins), samples)
}

// A Bank computes features with buffers it keeps, so that a frame costs no
// allocation. It holds no audio between calls. It is not safe for concurrent
// use: give each goroutine its own.
type Bank struct {
	window  []float64 // [Window]
	filters []filter  // [Bins]
	fft     *fourier.FFT
	frame   []float64    // [fftSize], zero after Window
	bins    []complex128 // [fftSize/2+1]
	power   []float64    // [fftSize/2+1]
}

// NewBank returns a Bank ready for use.
func NewBank() *Bank {
	return &Bank{
		window:  hann(Window),
		filters: triangles(),
		fft:     fourier.NewFFT(fftSize),
		frame:   make([]float64, fftSize),
		bins:    make([]complex128, fftSize/2+1),
		power:   make([]float64, fftSize/2+1),
	}
}

// Append appends the features of samples, [Frames] rows of [Bins], to dst and
// returns the extended slice. The samples left over after the last whole
// frame are the caller's to keep: the next frame starts
// Frames(len(samples))*Hop samples in.
func (b *Bank) Append(dst, samples []float32) []float32 {
	for t := range Frames(len(samples)) {
		b.spectrum(samples[t*Hop : t*Hop+Window])
		for _, f := range b.filters {
			dst = append(dst, float32(math.Log(max(f.sum(b.power), floor))))
		}
	}
	return dst
}

// spectrum fills power with |FFT|² of one windowed frame.
func (b *Bank) spectrum(frame []float32) {
	for i, x := range frame {
		b.frame[i] = float64(x) * b.window[i]
	}
	b.fft.Coefficients(b.bins, b.frame)
	for k, c := range b.bins {
		b.power[k] = real(c)*real(c) + imag(c)*imag(c)
	}
}

// hann returns the symmetric window of n values: the cosine's period is n-1,
// not n, unlike the periodic window usual in a short-time transform.
func hann(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(n-1))
	}
	return w
}
