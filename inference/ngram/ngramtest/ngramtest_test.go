package ngramtest_test

import (
	"errors"
	"os"
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

// TestARPA converts the model as text and compares scores.
func TestARPA(t *testing.T) {
	counts := []uint64{60, 800, 2000, 5000, 9000, 15000}
	dir := t.TempDir()
	text, binary, converted := filepath.Join(dir, "lm.arpa"), filepath.Join(dir, "lm.kenlm"), filepath.Join(dir, "lm2.kenlm")
	f, err := os.Create(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(ngramtest.ARPA(f, counts, nil, 5), f.Close(), ngramtest.Random(binary, counts, nil, 5)); err != nil {
		t.Fatal(err)
	}
	if err := ngram.Convert(t.Context(), text, converted, nil); err != nil {
		t.Fatal(err)
	}
	a, err := ngram.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	b, err := ngram.Open(converted)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	words, err := ngramtest.Text(counts, nil, 5, 1, 5000)
	if err != nil {
		t.Fatal(err)
	}
	inA, inB := a.Begin(), b.Begin()
	for i, s := range words {
		if i%7 == 0 {
			s = "outside"
		}
		x, y := a.Score(&inA, a.Word(s), &inA), b.Score(&inB, b.Word(s), &inB)
		if x != y || inA != inB {
			t.Fatalf("word %d: %v and %v, states %v and %v", i, x, y, inA, inB)
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
