package inference_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sbinet/npyio"
)

func argmax(rows []float32, vocab int) []int {
	var ids []int
	for ; len(rows) > 0; rows = rows[vocab:] {
		ids = append(ids, slices.Index(rows[:vocab], slices.Max(rows[:vocab])))
	}
	return ids
}

func distance(a, b []float32) float64 {
	var worst float64
	for i := range a {
		worst = max(worst, math.Abs(float64(a[i])-float64(b[i])))
	}
	return worst
}

func clip(t *testing.T) []float32 {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(goldens, "clip.s16"))
	if err != nil {
		t.Fatal(err)
	}
	s := make([]float32, len(raw)/2)
	for i := range s {
		s[i] = float32(int16(binary.LittleEndian.Uint16(raw[2*i:]))) / 32768
	}
	return s
}

func tile(clip []float32, n int) []float32 {
	s := make([]float32, n)
	for i := range s {
		s[i] = clip[i%len(clip)]
	}
	return s
}

func parse(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(goldens, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

// npy reads a row-major matrix.
func npy(t *testing.T, name string) []float32 {
	t.Helper()
	file, err := os.Open(filepath.Join(goldens, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	r, err := npyio.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var values []float32
	if err := r.Read(&values); err != nil {
		t.Fatal(err)
	}
	if r.Header.Descr.Fortran {
		t.Fatalf("%s is column-major", name)
	}
	return values
}
