package ngramtest_test

import (
	"path/filepath"
	"testing"

	"fermata/inference/ngram"
	"fermata/inference/ngram/ngramtest"
)

// TestRandom checks that models of every order open, and that their text is
// found in them: every word, and longer n-grams in part.
func TestRandom(t *testing.T) {
	counts := []uint64{60, 800, 2000, 5000, 9000, 15000}
	words := []string{"#the", "ation", "<s>"}
	for order := 1; order <= len(counts); order++ {
		path := filepath.Join(t.TempDir(), "lm.kenlm")
		if err := ngramtest.Random(path, counts[:order], words, 5); err != nil {
			t.Fatal(err)
		}
		m, err := ngram.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := ngramtest.Text(counts[:order], words, 5, 1, 2000)
		if err != nil {
			t.Fatal(err)
		}
		state, lengths := m.Begin(), make([]int, order+1)
		for _, s := range text {
			if m.Word(s) == 0 {
				t.Fatalf("order %d: %q is unknown", order, s)
			}
			m.Score(&state, m.Word(s), &state)
			lengths[state.Len()]++
		}
		if order > 1 && lengths[order-1] < 300 {
			t.Errorf("order %d: states of the lengths %v", order, lengths)
		}
		if m.Word("#the") != 3 || m.Word("filler59") != 59 {
			t.Errorf("words are numbered %d, %d", m.Word("#the"), m.Word("filler59"))
		}
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestRandomRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lm.kenlm")
	for _, counts := range [][]uint64{nil, {3}, {4, 1, 1, 1, 1, 1, 1}, {1 << 40}} {
		if err := ngramtest.Random(path, counts, []string{"a"}, 1); err == nil {
			t.Errorf("%v: no error", counts)
		}
	}
}
