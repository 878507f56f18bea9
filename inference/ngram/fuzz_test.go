package ngram

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fermata/inference/ngram/ngramtest"
)

// try opens a file and, if that succeeds, scores with it.
func try(t *testing.T, path string) (opened bool) {
	m, err := Open(path)
	if err != nil {
		if s := err.Error(); !strings.HasPrefix(s, filepath.Base(path)+": ") || !strings.Contains(s, "; ") || strings.Contains(s, "\n") {
			t.Errorf("%q is no sentence", s)
		}
		return false
	}
	defer func() { _ = m.Close() }()
	err = m.Guard(func() {
		state := m.Begin()
		for w := range Word(40) {
			if got := m.Score(&state, w*w%13, &state); math.IsNaN(float64(got)) || math.IsInf(float64(got), 0) {
				t.Errorf("scores %v", got)
			}
			if state.Len() >= MaxOrder {
				t.Errorf("a state of %d words", state.Len())
			}
		}
		if w := m.Word("w1"); w >= m.bound {
			t.Errorf("word %d of %d", w, m.bound)
		}
	})
	if err != nil {
		t.Error(err)
	}
	return true
}

// FuzzOpen opens files of any bytes, and uses those that it can.
func FuzzOpen(f *testing.F) {
	f.Add(testdata(f, "order1.kenlm"))
	for _, counts := range [][]uint64{{5, 6}, {5, 6, 8, 9}, {6, 12, 12, 12, 12, 12}} {
		path := filepath.Join(f.TempDir(), "lm.kenlm")
		if err := ngramtest.Random(path, counts, nil, 1); err != nil {
			f.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		for _, r := range refused {
			if len(counts) == 4 && !strings.Contains(r.say, "word") {
				f.Add(r.spoil(append([]byte{}, b...)))
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) { try(t, save(t, "lm.kenlm", b)) })
}

// FuzzConvert converts files of any bytes; what it makes can be opened.
func FuzzConvert(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(strings.ReplaceAll(small, "\n", "\r\n")))
	f.Add([]byte(strings.ReplaceAll(small, "\t", " ")))
	f.Add([]byte(strings.NewReplacer("-1\t<unk>", "-0.9\tc", "<s> a b", "a b </s>").Replace(small)))
	f.Add([]byte(strings.Replace(small, "2=3", "2=300", 1)))
	f.Add(pack(f, "lm.arpa.gz", []byte(small)))
	f.Add(pack(f, "lm.arpa.xz", []byte(small)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 4096 { // or what a lying header makes us write takes too long
			return
		}
		to := filepath.Join(t.TempDir(), "lm.kenlm")
		err := Convert(t.Context(), save(t, "lm.arpa", b), to, nil)
		if err == nil && !try(t, to) {
			t.Error("converted, but refused")
		}
		if err != nil {
			if s := err.Error(); !strings.HasPrefix(s, "lm.arpa: ") || !strings.Contains(s, "; ") || strings.Contains(s, "\n") {
				t.Errorf("%q is no sentence", s)
			}
			if _, there := os.Stat(to); there == nil {
				t.Error("failed, but left something")
			}
		}
	})
}
