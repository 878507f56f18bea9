package ngram

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"fermata/inference/ngram/ngramtest"
)

// largest writes a model as large as lm_6.kenlm and returns some of its text.
func largest(b *testing.B) (path string, text []string) {
	b.Helper()
	path = filepath.Join(b.TempDir(), "lm_6.kenlm")
	if err := ngramtest.Random(path, ngramtest.Largest(), nil, 1); err != nil {
		b.Fatal(err)
	}
	text, err := ngramtest.Text(ngramtest.Largest(), nil, 1, 2, 100_000)
	if err != nil {
		b.Fatal(err)
	}
	return path, text
}

// BenchmarkLargest opens and scores a model of 671 MB; "matched n" is the share
// of words that were found in an n-gram of that length.
func BenchmarkLargest(b *testing.B) {
	path, text := largest(b)
	b.Run("open", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m, err := Open(path)
			if err != nil {
				b.Fatal(err)
			}
			if err := m.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("score", func(b *testing.B) {
		m := opened(b, path)
		words := make([]Word, len(text))
		for i, s := range text {
			words[i] = m.Word(s)
		}
		b.ReportAllocs()
		var found [MaxOrder + 1]int
		state, i := m.Begin(), 0
		for b.Loop() {
			w := words[i%len(words)]
			i++
			_, n := m.score(&state, w, &state)
			found[n]++
			if w == m.End() {
				state = m.Begin()
			}
		}
		for n, times := range found[1:] {
			b.ReportMetric(float64(times)/float64(i), fmt.Sprintf("matched-%d", n+1))
		}
	})
}

// writeARPA writes a model of fewer n-grams than given as text, with the sizes of
// the largest in proportion.
func writeARPA(t testing.TB, grams uint64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lm.arpa")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	counts := ngramtest.Largest()
	for i := range counts[1:] {
		counts[i+1] = counts[i+1] * grams / 33_400_000
	}
	if err := ngramtest.ARPA(f, counts, nil, 1); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// BenchmarkConvert converts ARPA files of 83 MB, and of 11 MB if packed. Speeds
// are those of the text.
func BenchmarkConvert(b *testing.B) {
	for _, name := range []string{"lm.arpa", "lm.arpa.gz", "lm.arpa.xz"} {
		grams := uint64(3_000_000)
		if name != "lm.arpa" {
			grams = 1_000_000
		}
		text, err := os.ReadFile(writeARPA(b, grams))
		if err != nil {
			b.Fatal(err)
		}
		path := save(b, name, pack(b, name, text))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if err := Convert(b.Context(), path, filepath.Join(b.TempDir(), "lm.kenlm"), nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestConvertInBoundedMemory converts files of 0.2 and 11 MB: neither takes more
// than the buffers, all allocations added up.
func TestConvertInBoundedMemory(t *testing.T) {
	for _, grams := range []uint64{100_000, 1_000_000} {
		path := writeARPA(t, grams)
		to := filepath.Join(t.TempDir(), "lm.kenlm")
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := Convert(t.Context(), path, to, nil); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 2<<20 {
			t.Errorf("%d n-grams: %d bytes in all", grams, took)
		}
	}
}
