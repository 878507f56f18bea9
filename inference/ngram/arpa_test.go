package ngram

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// small is an ARPA file; the tests spoil or change it.
const small = `\data\
ngram 1=5
ngram 2=3
ngram 3=1

\1-grams:
-1	<unk>
-99	<s>	-0.5
-0.5	</s>
-0.7	a	-0.25
-0.8	b	-0.125

\2-grams:
-0.3	<s> a	-0.5
-0.4	a b
-0.2	b </s>

\3-grams:
-0.1	<s> a b

\end\
`

// TestConvertTakes gives the same model in other spellings.
func TestConvertTakes(t *testing.T) {
	want, err := convertBytes(t, "lm.arpa", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]*strings.Replacer{
		"CR LF":                      strings.NewReplacer("\n", "\r\n"),
		"spaces for tabs":            strings.NewReplacer("\t", "  "),
		"tabs for spaces":            strings.NewReplacer("<s> a b", "<s>\ta\tb"),
		"comments":                   strings.NewReplacer(`\data\`, "# made by\n\n# someone\n\\data\\"),
		"a byte order mark":          strings.NewReplacer(`\data\`, "\ufeff\\data\\"),
		"counts apart":               strings.NewReplacer("ngram 2=3", "ngram  2 =\t3"),
		"no empty lines":             strings.NewReplacer("\n\n", "\n"),
		"more empty lines":           strings.NewReplacer("\n", "\n\n"),
		"back-offs of 0":             strings.NewReplacer("a b\n\n", "a b\t0\n\n", "a b\n-", "a b\t-0.0\n-"),
		"other digits":               strings.NewReplacer("-0.125", "-1.25e-1", "-0.7\t", "-.70000000\t", "-99", "-9.9E+1"),
		"space at the ends of lines": strings.NewReplacer("\n", " \n "),
		"no newline at the end":      strings.NewReplacer("\\end\\\n", `\end\`),
	} {
		got, err := convertBytes(t, "lm.arpa", []byte(change.Replace(small)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(got, want) {
			t.Errorf("%s: another model", name)
		}
	}
}

// TestConvertRefuses spoils the file: the error names the line and says what
// is wrong, and nothing is left behind.
func TestConvertRefuses(t *testing.T) {
	for _, r := range []struct{ name, from, to, say string }{
		{"empty", small, "", "the file is empty"},
		{"not ARPA", small, "Dear Sir,\n", "line 1: not an ARPA file"},
		{"a KenLM binary", small, "mmap lm http://kheafield.com/code format version 5\n\x00", "line 1: not an ARPA file"},
		{"no end to the line", small, strings.Repeat("a", 300_000), "line 1: too long"},
		{"no counts", "ngram 1=5\nngram 2=3\nngram 3=1\n", "", "line 3: the header has no counts"},
		{"a count of nothing", "ngram 2=3", "ngram 2=", "line 3: not a count"},
		{"a count below zero", "ngram 2=3", "ngram 2=-3", "line 3: not a count"},
		{"a count too large for a number", "ngram 2=3", "ngram 2=18446744073709551616", "line 3: not a count"},
		{"a count too large for the file", "ngram 2=3", "ngram 2=18446744073709551615", "more than there can be"},
		{"counts out of order", "ngram 2=3", "ngram 3=3", "line 3: the count of order 3"},
		{"order 7", "ngram 3=1", "ngram 3=1\nngram 4=0\nngram 5=0\nngram 6=0\nngram 7=0", "line 8: the model is of order 7"},
		{"order 0", "ngram 1=5", "ngram 0=5", "line 2: the count of order 0"},
		{"a section missing", "\\2-grams:\n-0.3\t<s> a\t-0.5\n-0.4\ta b\n-0.2\tb </s>\n", "", `line 14: "\3-grams:" instead of \2-grams:`},
		{"too few", "-0.4\ta b\n", "", "line 17: 2 n-grams of order 2 come before this, the header says 3"},
		{"too many", "-0.2\tb </s>", "-0.2\tb </s>\n-0.2\tb a", "line 17: more n-grams of order 2 than the 3"},
		{"no word", "-0.7\ta\t-0.25", "-0.7", "line 10: only 0 of the 1 words"},
		{"a word missing", "-0.4\ta b", "-0.4\ta", "line 15: only 1 of the 2 words"},
		{"a word more", "-0.4\ta b", "-0.4\ta b b -1", "line 15: \"b -1\" is no back-off"},
		{"a word for a number", "-0.4\ta b", "Patient\ta b", `line 15: "Patient" is no log-prob`},
		{"a zero byte", "-0.7\ta", "-0.7\ta\x00", "line 10: a zero byte"},
		{"NaN", "-0.4\ta b", "NaN\ta b", `line 15: "NaN" is no log-prob`},
		{"infinite", "-0.4\ta b", "inf\ta b", `line 15: "inf" is no log-prob`},
		{"hexadecimal", "-0.4\ta b", "-0x1p-2\ta b", `line 15: "-0x1p-2" is no log-prob`},
		{"above zero", "-0.4\ta b", "0.4\ta b", `line 15: the log-probability "0.4" is above zero`},
		{"a back-off of NaN", "-0.25", "nan", `line 10: "nan" is no back-off`},
		{"a back-off of -inf", "-0.25", "-inf", `line 10: "-inf" is no back-off`},
		{"a back-off too large", "-0.25", "1e39", `line 10: "1e39" is no back-off`},
		{"a back-off of the longest", "<s> a b\n", "<s> a b\t-0.5\n", "line 19: the back-off"},
		{"a word unheard of", "-0.4\ta b", "-0.4\ta Krankenhausaufenthaltsdauer", `line 15: the word "Krankenhausaufenthaltsda…" is not`},
		{"a context unheard of", "-0.1\t<s> a b", "-0.1\ta a b", "line 19: an n-gram whose beginning"},
		{"no <s>", "<s>", "c", "has no <s>"},
		{"no </s>", "</s>", "c", "has no </s>"},
		{"cut in a section", "-0.2\tb </s>\n\n\\3-grams:\n-0.1\t<s> a b\n\n\\end\\\n", "", "line 15: the file ends here"},
		{"cut before the end", "\\end\\\n", "", "line 20: the file ends here"},
		{"more after the end", "\\end\\\n", "\\end\\\n\\data\\\n", `line 22: "\data\" after \end\`},
	} {
		if !strings.Contains(small, r.from) {
			t.Errorf("%s: nothing to spoil", r.name)
		}
		_, err := convertBytes(t, "lm.arpa", []byte(strings.ReplaceAll(small, r.from, r.to)))
		if err == nil {
			t.Errorf("%s: converted", r.name)
			continue
		}
		sentence(t, r.name, err, "lm.arpa: ", r.say)
	}
}

// TestConvertListedTwice keeps what KenLM keeps: the first of n-grams listed twice.
func TestConvertListedTwice(t *testing.T) {
	twice := strings.NewReplacer("1=5", "1=6", "2=3", "2=4", "-0.8\tb", "-3\ta\n-0.8\tb", "-0.2\tb", "-3\ta b\n-0.2\tb").Replace(small)
	b, err := convertBytes(t, "lm.arpa", []byte(twice))
	if err != nil {
		t.Fatal(err)
	}
	m := opened(t, save(t, "lm.kenlm", b))
	var none, after State
	if got := m.Score(&none, m.Word("a"), &after); got != -0.7 {
		t.Errorf("a scores %v", got)
	}
	if got := m.Score(&after, m.Word("b"), &after); got != -0.4 {
		t.Errorf("a b scores %v", got)
	}
}

// TestConvertListedForEver refuses a word, and two, that are listed so often that
// finding room for the next one takes longer and longer.
func TestConvertListedForEver(t *testing.T) {
	const times = 20_000
	for name, r := range map[string]*strings.Replacer{
		"word":  strings.NewReplacer("1=5", "1=20005", "-0.8\tb", strings.Repeat("-3\ta\n", times)+"-0.8\tb"),
		"words": strings.NewReplacer("2=3", "2=20003", "-0.2\tb", strings.Repeat("-3\ta b\n", times)+"-0.2\tb"),
	} {
		_, err := convertBytes(t, "lm.arpa", []byte(r.Replace(small)))
		if err == nil {
			t.Errorf("%s: converted", name)
			continue
		}
		sentence(t, name, err, "lm.arpa: line ", "listed thousands of times")
	}
}

// TestConvertPacked damages packed files.
func TestConvertPacked(t *testing.T) {
	arpa := testdata(t, "order6.arpa")
	for _, name := range []string{"lm.arpa.gz", "lm.arpa.xz"} {
		whole := pack(t, name, arpa)
		flipped := bytes.Clone(whole)
		flipped[len(flipped)/2] ^= 0x55
		for say, b := range map[string][]byte{
			"cut short":  whole[:len(whole)/2],
			"damaged":    flipped,
			"cut short ": whole[:len(whole)-3],
			"cut early":  whole[:20],
		} {
			to := filepath.Join(t.TempDir(), "lm.kenlm")
			err := Convert(t.Context(), save(t, name, b), to, nil)
			if err == nil {
				t.Errorf("%s, %s: converted", name, say)
				continue
			}
			if _, there := os.Stat(to); there == nil {
				t.Errorf("%s, %s: something is left", name, say)
			}
			sentence(t, name, err, name+": ", "copy the file again")
		}
	}
}

// TestConvertHugeDictionary refuses to take gigabytes because a header says so.
func TestConvertHugeDictionary(t *testing.T) {
	b := pack(t, "lm.arpa.xz", []byte(small))
	at := bytes.Index(b[12:], []byte{0x21, 1}) + 12
	b[at+2] = 40 // 4 GB
	err := Convert(t.Context(), save(t, "lm.arpa.xz", b), filepath.Join(t.TempDir(), "lm.kenlm"), nil)
	if err == nil {
		t.Fatal("converted")
	}
	sentence(t, "dictionary", err, "lm.arpa.xz: ", "MB of memory")
}

func TestConvertProgressAndEnd(t *testing.T) {
	path := save(t, "lm.arpa.xz", pack(t, "lm.arpa.xz", testdata(t, "order6.arpa")))
	to := filepath.Join(t.TempDir(), "lm.kenlm")
	last, calls := 0.0, 0
	err := Convert(t.Context(), path, to, func(fraction float64) {
		if fraction < last || fraction > 1 {
			t.Errorf("%v after %v", fraction, last)
		}
		last = fraction
		calls++
	})
	if err != nil || last != 1 || calls < 2 {
		t.Errorf("%v, %d calls, the last with %v", err, calls, last)
	}
}

// TestConvertEnds ends a conversion on its way; the file that was there before
// stays.
func TestConvertEnds(t *testing.T) {
	for _, name := range []string{"lm.arpa", "lm.arpa.gz", "lm.arpa.xz"} {
		path := save(t, name, pack(t, name, testdata(t, "order6.arpa")))
		to := save(t, "lm.kenlm", []byte("before"))
		ctx, cancel := context.WithCancel(t.Context())
		err := Convert(ctx, path, to, func(float64) { cancel() })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		if b, err := os.ReadFile(to); err != nil || string(b) != "before" {
			t.Errorf("%s: %q, %v", name, b, err)
		}
		if left, _ := os.ReadDir(filepath.Dir(to)); len(left) != 1 {
			t.Errorf("%s: %v", name, left)
		}
	}
}

func TestConvertNowhere(t *testing.T) {
	path := save(t, "lm.arpa", []byte(small))
	dir := filepath.Join(t.TempDir(), "none")
	err := Convert(t.Context(), path, filepath.Join(dir, "lm.kenlm"), nil)
	if err == nil {
		t.Fatal("converted")
	}
	sentence(t, "no folder", err, dir+": ", "no such folder")
	onto := t.TempDir() // a folder in the binary's place
	if err := os.WriteFile(filepath.Join(onto, "in"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err = Convert(t.Context(), path, onto, nil); err == nil {
		t.Fatal("converted onto a folder")
	}
	sentence(t, "a folder", err, filepath.Dir(onto)+": ", "cannot be stored")
}

// full is a disk with room for so many bytes.
type full struct{ room int }

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, &os.PathError{Op: "write", Path: "lm.kenlm", Err: syscall.ENOSPC}
	}
	return len(b), nil
}

func TestDiskFull(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("Windows has another number for it")
		return
	}
	err := zero(t.Context(), &full{room: 3 << 20}, 700<<20)
	if err == nil || err.Error() != "the disk is full and the language model needs 701 MB; free some space there" {
		t.Errorf("%v", err)
	}
}

func TestIsARPA(t *testing.T) {
	for path, want := range map[string]bool{
		"a/lm_6.arpa": true, "lm.ARPA": true, "lm.arpa.gz": true, "lm.arpa.xz": true, "x.Arpa.XZ": true,
		"lm_6.kenlm": false, "arpa": false, "lm.gz": false, "lm.arpa.zip": false, "lm.arpa/": false, "": false,
	} {
		if IsARPA(path) != want {
			t.Errorf("IsARPA(%q) = %v", path, !want)
		}
	}
}
