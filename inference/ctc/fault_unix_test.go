//go:build unix

package ctc

import (
	"os"
	"path/filepath"
	"testing"

	"fermata/inference/ngram"
)

// A language model's file that is cut short during a search ends the search,
// not the program.
func TestLanguageModelCutShort(t *testing.T) {
	_, v := readGolden(t)
	whole, err := os.ReadFile("testdata/lm_6.kenlm")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "lm_6.kenlm")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := ngram.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Close() }()
	l, err := NewLanguage(v, m)
	if err != nil {
		t.Fatal(err)
	}
	b := NewBeam(v, l, GoogleBeam())
	write(t, b, heard(v, 7, 9, 12), v.Len())
	clone := b.Clone()
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if err := b.Write(heard(v, 30, 31, 32), v.Len()); err == nil {
		t.Error("Write: no error")
	}
	if _, err := b.Best(1); err == nil {
		t.Error("Best after it: no error")
	}
	if _, err := clone.Best(1); err == nil {
		t.Error("Best of a clone: no error")
	}
}
