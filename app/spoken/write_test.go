package spoken

import (
	"os"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestWritten(t *testing.T) {
	text, err := os.ReadFile("testdata/written.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, text2, _ := strings.Cut(string(text), "\n\n")
	lines := strings.Split(text2, "\n")
	if len(lines) < 40*3 {
		t.Fatalf("only %d lines of examples", len(lines))
	}
	for i := 0; i+2 < len(lines); i += 4 {
		rule, raw, want := lines[i], lines[i+1], strings.ReplaceAll(lines[i+2], `\n`, "\n")
		t.Run(rule, func(t *testing.T) {
			if got := Write(raw); got != want {
				t.Errorf("Write(%q)\n gives %q\n want  %q", raw, got, want)
			}
		})
	}
}

func TestEveryNameIsAMark(t *testing.T) {
	for name, m := range marks {
		want := strings.TrimSpace("a"+m.text+"b") + ""
		got := strings.ReplaceAll(Write("A {"+name+"} B"), " ", "")
		if !strings.EqualFold(got, want) {
			t.Errorf("{%s} gives %q, want %q", name, got, want)
		}
	}
}

// letters are those of s, all capitals, without the marks that markAt finds.
func letters(s string, skipMarks bool) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if _, n := markAt(s, i); n > 0 && skipMarks {
			i += n
			continue
		}
		r := []rune(s[i:min(len(s), i+4)])[0]
		if unicode.IsLetter(r) {
			b.WriteRune(unicode.ToUpper(r))
		}
		i += max(1, len(string(r)))
	}
	return b.String()
}

func check(t interface{ Fatalf(string, ...any) }, raw string) {
	out := Write(raw)
	if strings.ToValidUTF8(raw, "") == raw {
		if got, want := letters(out, false), letters(raw, true); got != want {
			t.Fatalf("Write(%q) = %q: letters %q, want %q", raw, out, got, want)
		}
	}
	if strings.Contains(strings.ReplaceAll(out, "{", ""), "  ") && !strings.Contains(out, "{") {
		t.Fatalf("Write(%q) = %q has two blanks", raw, out)
	}
	if !strings.ContainsAny(raw, "{}") {
		if again := Write(out); again != out {
			t.Fatalf("Write(%q) = %q, and again %q", raw, out, again)
		}
	}
}

// pieces are what transcripts are made of, whole and broken.
var pieces = []string{
	" ", "{", "}", "period", "{period}", "{new line}", "next", "para", "graph", "line", "xt line}", "{next line",
	"colon", "{comma}", ",", ".", "(", ")", "[FINDINGS]", "2.8", "lungs", "pH", "É", "\n", "{dash}", "{open quote}", "ǆ",
}

func TestNoLetterIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		check(t, strings.Join(rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(t, "pieces"), ""))
	})
}

func FuzzWrite(f *testing.F) {
	f.Add("Lungs {colon} clear {next} line} [IMPRESSION] 2.8 cm, {comma} {period")
	f.Fuzz(func(t *testing.T, raw string) { check(t, raw) })
}
