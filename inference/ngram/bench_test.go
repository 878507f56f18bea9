package ngram

import (
	"fmt"
	"path/filepath"
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
		m, err := Open(path)
		if err != nil {
			b.Fatal(err)
		}
		defer m.Close()
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
