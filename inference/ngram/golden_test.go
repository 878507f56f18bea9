package ngram

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// golden are the models of testdata/make.py: order, and the sentences scored.
var golden = []struct {
	name             string
	order, sentences int
}{
	{"order1", 1, 1500},
	{"order2", 2, 1500},
	{"order3", 3, 1500},
	{"order4", 4, 1500},
	{"order5", 5, 1500},
	{"order6", 6, 1500},
	{"pruned", 5, 300}, // n-grams whose endings are missing, as SRILM prunes
	{"nounk", 3, 300},  // no <unk>
}

// testdata returns an unpacked file of testdata.
func testdata(t testing.TB, name string) []byte {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = packed.Close() }()
	r, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// save puts bytes into a file of the test's own.
func save(t testing.TB, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// open opens a model of testdata.
func open(t testing.TB, name string) *Model {
	t.Helper()
	return opened(t, save(t, name, testdata(t, name)))
}

// opened opens a model until the end of the test.
func opened(t testing.TB, path string) *Model {
	t.Helper()
	m, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

// text is make.py's text().
func text(seed uint64, sentences int) [][]string {
	words := []string{"#there", "#is", "#no", "ation", "c", "é", "#Lunge", strings.Repeat("a", 40)}
	for i := range 35 {
		words = append(words, fmt.Sprint("w", i))
	}
	words = append(words, "outside", "w99")
	out := make([][]string, sentences)
	for s := range out {
		var p, q uint64
		for range 12 {
			seed += 0x9E3779B97F4A7C15
			z := (seed ^ seed>>30) * 0xBF58476D1CE4E5B9
			z = (z ^ z>>27) * 0x94D049BB133111EB
			x := z ^ z>>31
			w := (x >> 8) % 45
			if x%16 != 0 {
				r := (x >> 8) % 8
				w = (7*p + 3*q + 11*(r*r/16) + 5) % 43
			}
			out[s] = append(out[s], words[w])
			p, q = w, p
		}
	}
	return out
}

// TestKenLM compares every score, length of the n-gram found and length of the
// state with KenLM's own.
func TestKenLM(t *testing.T) {
	pairs, largest := 0, 0.0
	for _, g := range golden {
		m := open(t, g.name+".kenlm")
		if m.Order() != g.order {
			t.Errorf("%s: order %d, want %d", g.name, m.Order(), g.order)
		}
		n, difference := compare(t, g.name, m, text(uint64(g.order), g.sentences))
		pairs, largest = pairs+n, max(largest, difference)
	}
	if pairs < 100_000 {
		t.Errorf("%d pairs are too few", pairs)
	}
	t.Logf("%d pairs, largest difference %g", pairs, largest)
}

// compare scores sentences as KenLM did, and returns how many words there were
// and the largest difference.
func compare(t *testing.T, name string, m *Model, sentences [][]string) (n int, largest float64) {
	t.Helper()
	want := testdata(t, name+".scores")
	words := 13 * len(sentences)
	if len(want) != words*6 {
		t.Fatalf("%s: %d bytes of scores for %d words", name, len(want), words)
	}
	for _, sentence := range sentences {
		state := m.Begin()
		for _, s := range append(sentence, "</s>") {
			score, found := m.score(&state, m.Word(s), &state)
			log10 := math.Float32frombits(binary.LittleEndian.Uint32(want[4*n:]))
			difference := math.Abs(float64(score - log10))
			largest = max(largest, difference)
			if difference > 1e-5 || found != int(want[4*words+n]) || state.Len() != int(want[5*words+n]) {
				t.Fatalf("%s, word %d: %g by a %d-gram, state of %d words; KenLM says %g, %d, %d", name, n,
					score, found, state.Len(), log10, want[4*words+n], want[5*words+n])
			}
			n++
		}
	}
	return n, largest
}

// TestSpecialWords pins what the words with a meaning of their own are.
func TestSpecialWords(t *testing.T) {
	m := open(t, "order3.kenlm")
	if m.End() == 0 || m.End() != m.Word("</s>") {
		t.Errorf("End() = %d, Word = %d", m.End(), m.Word("</s>"))
	}
	for _, s := range []string{"<unk>", "<UNK>", "outside", "", "\x00"} {
		if w := m.Word(s); w != 0 {
			t.Errorf("%q is word %d, want 0", s, w)
		}
	}
	begin, beyond := m.Begin(), Word(math.MaxUint32)
	if begin.Len() != 1 {
		t.Errorf("the state at the beginning has %d words", begin.Len())
	}
	var a, b State
	if m.Score(&begin, beyond, &a) != m.Score(&begin, 0, &b) || a != b {
		t.Error("a word beyond the vocabulary is not word 0")
	}
}

// TestStatesOfOneMeaning checks that states which score alike are equal, also
// if they came about by different words.
func TestStatesOfOneMeaning(t *testing.T) {
	m := open(t, "order2.kenlm")
	begin := m.Begin()
	var a, b State
	m.Score(&begin, m.Word("w1"), &a)
	m.Score(&begin, m.Word("w2"), &b)
	if a == b {
		t.Error("two words, one state")
	}
	m.Score(&a, m.Word("w3"), &a)
	m.Score(&b, m.Word("w3"), &b)
	if a != b {
		t.Errorf("one word before, two states: %v and %v", a, b)
	}
}

func TestScoreAllocatesNothing(t *testing.T) {
	m := open(t, "order6.kenlm")
	state, w := m.Begin(), m.Word("w1")
	if n := testing.AllocsPerRun(100, func() { m.Score(&state, w, &state) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestHash compares with MurmurHash64A for every length of tail, through the
// tables that KenLM made: each word must be found under its own number.
func TestHash(t *testing.T) {
	b := testdata(t, "order6.kenlm")
	m := open(t, "order6.kenlm")
	at := bytes.LastIndex(b, []byte("<unk>\x00"))
	for i, s := range strings.Split(strings.TrimSuffix(string(b[at:]), "\x00"), "\x00") {
		if w := m.Word(s); w != Word(i) {
			t.Errorf("%q is word %d, want %d", s, w, i)
		}
	}
}
