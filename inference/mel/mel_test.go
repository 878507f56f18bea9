package mel

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// TestReference compares with transformers' LasrFeatureExtractor;
// testdata/make.py made the files.
func TestReference(t *testing.T) {
	samples := clip(t)
	got := Compute(samples)
	want := floats(t, "testdata/clip.f32")
	if len(got) != len(want) || len(got) != Frames(len(samples))*Bins {
		t.Fatalf("%d values, want %d", len(got), len(want))
	}
	var worst float64
	for i := range got {
		worst = max(worst, math.Abs(float64(got[i])-float64(want[i])))
	}
	if worst > 1e-6 {
		t.Errorf("greatest difference %g, want at most 1e-6", worst)
	}
	t.Logf("%d frames, greatest difference %g", len(got)/Bins, worst)
}

func TestFrames(t *testing.T) {
	for _, c := range []struct{ samples, want int }{
		{-1, 0},
		{0, 0},
		{399, 0},
		{400, 1},
		{559, 1},
		{560, 2},
		{2319, 12},
		{2320, 13},
		{16000, 98},
		{176000, 1098},
		{320000, 1998},
		{384400, 2401},
	} {
		if got := Frames(c.samples); got != c.want {
			t.Errorf("Frames(%d) = %d, want %d", c.samples, got, c.want)
		}
	}
}

// Fewer than a frame of samples is no frame, and no panic.
func TestTooShort(t *testing.T) {
	for _, n := range []int{0, 1, 399} {
		if got := Compute(make([]float32, n)); len(got) != 0 {
			t.Errorf("%d samples gave %d values", n, len(got))
		}
	}
}

// Windows start at multiples of the hop, so a row computed once serves them
// all.
func TestSliceIsRowsOfTheWhole(t *testing.T) {
	samples := clip(t)
	whole := Compute(samples)
	for _, start := range []int{160, 640, 3200, 9600} {
		part := Compute(samples[start:])
		row := start / Hop * Bins
		if !slices.Equal(part, whole[row:row+len(part)]) {
			t.Errorf("rows from sample %d on differ from the whole's", start)
		}
	}
}

// A Bank used before gives what a fresh one gives: nothing of the last frame
// remains in its buffers.
func TestBankKeepsNothing(t *testing.T) {
	samples := clip(t)
	b := NewBank()
	b.Append(nil, samples)
	got := b.Append([]float32{7}, samples[:4000])
	if got[0] != 7 {
		t.Error("Append overwrote what was there")
	}
	if !slices.Equal(got[1:], Compute(samples[:4000])) {
		t.Error("a used Bank answers differently")
	}
}

func TestAppendAllocatesNothing(t *testing.T) {
	b, samples := NewBank(), make([]float32, 16000)
	dst := make([]float32, 0, Frames(len(samples))*Bins)
	if n := testing.AllocsPerRun(3, func() { b.Append(dst, samples) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// The floor is 1e-5, and no FFT bin lies under the first triangle.
func TestSilenceIsTheFloor(t *testing.T) {
	want := float32(math.Log(1e-5))
	for i, v := range Compute(make([]float32, 1600)) {
		if v != want {
			t.Fatalf("value %d is %v, want %v", i, v, want)
		}
	}
	for i, v := range Compute(noise(1600)) {
		if i%Bins == 0 && v != want {
			t.Fatalf("feature 0 of frame %d is %v, want %v", i/Bins, v, want)
		}
	}
}

// The weights are known numbers: triangles straight in hertz, or normalised
// by area, would give others.
func TestTriangles(t *testing.T) {
	f := triangles()
	for _, c := range []struct {
		filter, bin int
		weight      float64
	}{
		{1, 5, 0.91157},
		{2, 5, 0.08843},
		{3, 6, 0.898011},
		{4, 6, 0.101989},
		{60, 55, 0.420192},
		{60, 56, 0.858716},
		{60, 57, 0.146763},
	} {
		got := f[c.filter].weights[c.bin-f[c.filter].first]
		if math.Abs(got-c.weight) > 1e-5 {
			t.Errorf("filter %d, bin %d: %v, want %v", c.filter, c.bin, got, c.weight)
		}
	}
	if last := f[127]; last.first != 231 || len(last.weights) != 9 {
		t.Errorf("filter 127 covers %d bins from %d, want 9 from 231", len(last.weights), last.first)
	}
}

func BenchmarkCompute(b *testing.B) {
	const seconds = 10
	samples := noise(seconds * 16000)
	bank := NewBank()
	dst := make([]float32, 0, Frames(len(samples))*Bins)
	b.ReportAllocs()
	for b.Loop() {
		bank.Append(dst, samples)
	}
	perRun := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(seconds/perRun, "x-real-time")
	b.ReportMetric(float64(cap(dst))/perRun, "features/s")
	b.ReportMetric(perRun/seconds*1e3, "ms/s-of-audio")
}

func noise(n int) []float32 {
	r := rand.New(rand.NewPCG(1, 2))
	s := make([]float32, n)
	for i := range s {
		s[i] = float32(r.NormFloat64() * 0.1)
	}
	return s
}

// clip returns the golden clip as samples.
func clip(t *testing.T) []float32 {
	t.Helper()
	raw := read(t, "testdata/clip.s16")
	s := make([]float32, len(raw)/2)
	for i := range s {
		s[i] = float32(int16(binary.LittleEndian.Uint16(raw[2*i:]))) / 32768
	}
	return s
}

func floats(t *testing.T, name string) []float32 {
	t.Helper()
	raw := read(t, name)
	v := make([]float32, len(raw)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return v
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
