package ngram

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Places in the header of a KenLM file.
const (
	sanityAt     = 56
	orderAt      = 88
	multiplierAt = 92
	typeAt       = 96
	wordsAt      = 100
	searchAt     = 104
	countsAt     = 108
)

// refused are ways to spoil a model of order 3, and what the error says.
var refused = []struct {
	name  string
	spoil func(b []byte) []byte
	say   string
}{
	{"empty", func([]byte) []byte { return nil }, "empty"},
	{"something else", func([]byte) []byte { return []byte("PK\x03\x04 a zip file") }, "not a KenLM language model"},
	{"zeros", func(b []byte) []byte { return make([]byte, len(b)) }, "not a KenLM language model"},
	{"ARPA", func([]byte) []byte { return []byte("# made by\n\n\\data\\\nngram 1=3\n") }, "an ARPA file, which has to be converted first"},
	{"gzip", func([]byte) []byte { return []byte("\x1f\x8b\x08") }, "compressed"},
	{"xz", func([]byte) []byte { return []byte("\xfd7zXZ\x00\x00") }, "compressed"},
	{"unfinished", func(b []byte) []byte {
		return append([]byte("mmap lm http://kheafield.com/code incomplete\n"), make([]byte, len(b))...)
	}, "never finished"},
	{"version 4", func(b []byte) []byte { return bytes.Replace(b, []byte("version 5"), []byte("version 4"), 1) }, "another version"},
	{"version 55", func(b []byte) []byte { return bytes.Replace(b, []byte("version 5\n"), []byte("version 55"), 1) }, "another version"},
	{"big endian", bigEndian, "another byte order"},
	{"32 bits", func(b []byte) []byte { return append(append([]byte{}, b[:52]...), b[56:]...) }, "test values"},
	{"test values", func(b []byte) []byte { b[sanityAt+9] ^= 1; return b }, "test values"},
	{"order 0", func(b []byte) []byte { b[orderAt] = 0; return b }, "order 0"},
	{"order 7", func(b []byte) []byte { b[orderAt] = 7; return b }, "order 7"},
	{"order 255", func(b []byte) []byte { b[orderAt] = 255; return b }, "order 255"},
	{"another order", func(b []byte) []byte { b[orderAt] = 2; return b }, "copy the file again"},
	{"rest costs", kind(1), "rest costs"},
	{"trie", kind(2), `"trie"`},
	{"quantized trie", kind(3), "trie with quantization"},
	{"array trie", kind(4), "array-compressed"},
	{"quantized array trie", kind(5), "quantization and array-compressed"},
	{"unknown type", kind(6), "unknown type 6"},
	{"type of 32 bits", kind(1 << 31), "unknown type"},
	{"tables of version 1", number(searchAt, 1), "version 1"},
	{"multiplier 0", number(multiplierAt, 0), "0 buckets"},
	{"multiplier NaN", number(multiplierAt, math.Float32bits(float32(math.NaN()))), "NaN buckets"},
	{"multiplier infinite", number(multiplierAt, math.Float32bits(float32(math.Inf(1)))), "Inf buckets"},
	{"multiplier 1.01", number(multiplierAt, math.Float32bits(1.01)), "too full"},
	{"multiplier 0.99", number(multiplierAt, math.Float32bits(0.99)), "buckets"},
	{"multiplier 1.4", number(multiplierAt, math.Float32bits(1.4)), "words are not where"},
	{"multiplier 900", number(multiplierAt, math.Float32bits(900)), "header says"},
	{"words neither there nor not", number(wordsAt, 2), "damaged"},
	{"words unannounced", number(wordsAt, 0), "goes on"},
	{"one n-gram more", func(b []byte) []byte { b[countsAt+8]++; return b }, "words are not where"},
	{"one word more", func(b []byte) []byte { b[countsAt]++; return b }, "words are not where"},
	{"a table more than there is", func(b []byte) []byte { b[countsAt+17] = 0x1f; return b }, "header says"},
	{"more n-grams than bytes", func(b []byte) []byte { b[countsAt+22] = 1; return b }, "claims"},
	{"as many n-grams as can be counted", func(b []byte) []byte {
		copy(b[countsAt:countsAt+24], bytes.Repeat([]byte{255}, 24))
		return b
	}, "claims"},
	{"vocabulary of version 1", number(136, 1), "vocabulary is of version 1"},
	{"no word", number(140, 0), "claims 0 words"},
	{"more words than counted", number(140, 48), "claims 48 words"},
	{"fewer words than are there", number(140, 45), "46 words instead of 45"},
	{"no words at the end", func(b []byte) []byte { return b[:bytes.LastIndex(b, []byte("<unk>\x00"))] }, "words are not where"},
	{"the last byte missing", func(b []byte) []byte { return b[:len(b)-1] }, "the last of the words at its end is cut short"},
	{"the last word missing", func(b []byte) []byte { return b[:len(b)-4] }, "45 words instead of 46"},
	{"half of it", func(b []byte) []byte { return b[:len(b)/2] }, "header says"},
	{"half a header", func(b []byte) []byte { return b[:100] }, "ends within its header"},
	{"the header alone", func(b []byte) []byte { return b[:136] }, "file has 136 bytes"},
	{"one word too many", func(b []byte) []byte { return append(b, "w\x00"...) }, "47 words instead of 46"},
	{"a byte too many", func(b []byte) []byte { return append(b, 'w') }, "the last of the words at its end is cut short"},
}

func kind(n uint32) func([]byte) []byte { return number(typeAt, n) }

func number(at int, n uint32) func([]byte) []byte {
	return func(b []byte) []byte {
		binary.LittleEndian.PutUint32(b[at:], n)
		return b
	}
}

// bigEndian turns the test values of the header round.
func bigEndian(b []byte) []byte {
	for at := sanityAt; at < sanityAt+20; at += 4 {
		binary.BigEndian.PutUint32(b[at:], binary.LittleEndian.Uint32(b[at:]))
	}
	return b
}

func TestRefused(t *testing.T) {
	model := testdata(t, "order3.kenlm")
	for _, r := range refused {
		m, err := Open(save(t, "lm_3.kenlm", r.spoil(bytes.Clone(model))))
		if err == nil {
			t.Errorf("%s: opened", r.name)
			_ = m.Close()
			continue
		}
		sentence(t, r.name, err, "lm_3.kenlm: ", r.say)
	}
}

// sentence checks that an error is one for a user: a subject, what is wrong,
// what to do.
func sentence(t *testing.T, name string, err error, subject, say string) {
	t.Helper()
	s := err.Error()
	if !strings.HasPrefix(s, subject) || !strings.Contains(s, say) || !strings.Contains(s, "; ") || strings.ContainsAny(s, "\n\r") {
		t.Errorf("%s: %q, want %q…%q and what to do, on one line", name, s, subject, say)
	}
}

func TestRefusedPlaces(t *testing.T) {
	dir := t.TempDir()
	for path, say := range map[string]string{
		dir:                        "not a file",
		filepath.Join(dir, "none"): "no such file",
		os.DevNull:                 "not a file",
	} {
		_, err := Open(path)
		if err == nil {
			t.Errorf("%s: opened", path)
			continue
		}
		sentence(t, path, err, filepath.Base(path)+": ", say)
		err = Convert(t.Context(), path, filepath.Join(dir, "out"), nil)
		if err == nil {
			t.Errorf("%s: converted", path)
			continue
		}
		sentence(t, path, err, filepath.Base(path)+": ", say)
	}
}

// TestWithoutWords opens what build_binary -v makes: the words themselves are
// left out, and nothing needs them.
func TestWithoutWords(t *testing.T) {
	b := testdata(t, "order3.kenlm")
	b[wordsAt] = 0
	m := opened(t, save(t, "lm.kenlm", b[:bytes.LastIndex(b, []byte("<unk>\x00"))]))
	if m.Word("w1") == 0 {
		t.Error("w1 is unknown")
	}
}

// TestFullTables fills every table to the last bucket with keys that nobody
// asks for: looking for one must come to an end.
func TestFullTables(t *testing.T) {
	b := testdata(t, "order3.kenlm")
	from := 144 // the table of words
	to := bytes.LastIndex(b, []byte("<unk>\x00"))
	for i := from; i < to; i++ {
		b[i] = 0xa5
	}
	m := opened(t, save(t, "lm.kenlm", b))
	state := m.Begin()
	for range 10 {
		m.Score(&state, m.Word("w1"), &state)
	}
}

// TestWordsBeyondTheBound lets the table of words name numbers that are none.
func TestWordsBeyondTheBound(t *testing.T) {
	b := testdata(t, "order3.kenlm")
	for at := 144; at+12 <= 144+12*69; at += 12 {
		binary.LittleEndian.PutUint32(b[at+8:], 46+uint32(at))
	}
	m := opened(t, save(t, "lm.kenlm", b))
	if w := m.Word("w1"); w != 0 {
		t.Errorf("w1 is word %d of 46", w)
	}
}

// TestNoNumbers gives every n-gram weights that are no numbers, or infinite:
// scores stay such as can be added up and compared.
func TestNoNumbers(t *testing.T) {
	for _, weight := range []uint32{0x7fc00000, 0xff800000, 0x7f800000, 0xffc00000} {
		b := testdata(t, "order3.kenlm")
		for at := 144 + 12*69; at < 144+12*69+8*47; at += 4 {
			binary.LittleEndian.PutUint32(b[at:], weight)
		}
		m, err := Open(save(t, "lm.kenlm", b))
		if err != nil {
			t.Fatal(err)
		}
		state := m.Begin()
		for _, s := range text(3, 1)[0] {
			if got := m.Score(&state, m.Word(s), &state); !(got >= -1e30 && got <= 1e30) {
				t.Errorf("%x scores %v", weight, got)
			}
			if same := state; same != state {
				t.Error("a state is not equal to itself")
			}
		}
		_ = m.Close()
	}
}
