package wer

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fermata/app/spoken"
)

// plainDistance is Levenshtein's recurrence and nothing else.
func plainDistance[T comparable](a, b []T) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			d := diagonal
			if a[i] != b[j] {
				d++
			}
			d = min(d, row[j]+1, row[j+1]+1)
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}

func TestAlignIsWholeAndBest(t *testing.T) {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 30)
	rapid.Check(t, func(t *rapid.T) {
		r, h := words.Draw(t, "reference"), words.Draw(t, "hypothesis")
		pairs := Align(r, h)
		var gotR, gotH []string
		for _, p := range pairs {
			if p.Reference != "" {
				gotR = append(gotR, p.Reference)
			}
			if p.Hypothesis != "" {
				gotH = append(gotH, p.Hypothesis)
			}
		}
		if !slices.Equal(gotR, r) || !slices.Equal(gotH, h) {
			t.Fatalf("the pairs spell %v and %v", gotR, gotH)
		}
		if got, want := Count(pairs).Errors(), plainDistance(r, h); got != want {
			t.Fatalf("%d errors, want %d", got, want)
		}
		joinedR, joinedH := strings.Join(r, ""), strings.Join(h, "")
		if got, want := Characters(joinedR, joinedH), plainDistance(r, h); got.Errors() != want || got.Substitutions < 0 {
			t.Fatalf("%+v by character, want %d", got, want)
		}
	})
}

// TestLongTextsAreHalved aligns texts whose table would not fit.
func TestLongTextsAreHalved(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var r, h []string
	for range 6000 {
		word := string(rune('a' + random.IntN(20)))
		r = append(r, word)
		if random.IntN(5) > 0 {
			h = append(h, word)
		}
		if random.IntN(7) == 0 {
			h = append(h, string(rune('a'+random.IntN(20))))
		}
	}
	if len(r)*len(h) <= mostCells {
		t.Fatal("the texts are too short to be halved")
	}
	if got, want := Count(Align(r, h)).Errors(), plainDistance(r, h); got != want {
		t.Errorf("%d errors, want %d", got, want)
	}
}

func TestRates(t *testing.T) {
	words := strings.Fields
	for _, c := range []struct {
		reference, hypothesis string
		want                  Counts
		rate                  float64
	}{
		{"", "", Counts{}, math.NaN()},
		{"", "a b", Counts{Insertions: 2}, math.NaN()},
		{"a b", "", Counts{Words: 2, Deletions: 2}, 1},
		{"a b c d", "a x d", Counts{Words: 4, Substitutions: 1, Deletions: 1}, 0.5},
		{"a", "b c d", Counts{Words: 1, Substitutions: 1, Insertions: 2}, 3},
		{"the the the", "the the", Counts{Words: 3, Deletions: 1}, 1.0 / 3},
	} {
		got := Count(Align(words(c.reference), words(c.hypothesis)))
		if rate := got.Rate(); got != c.want || rate != c.rate && !(math.IsNaN(rate) && math.IsNaN(c.rate)) {
			t.Errorf("%q, %q: %+v at a rate of %v, want %+v at %v", c.reference, c.hypothesis, got, rate, c.want, c.rate)
		}
	}
}

func TestMarks(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"The main PA is patent {period}", "the main pa is patent ."},
		{"The main PA is patent.", "the main pa is patent ."},
		{"patent . {period}", "patent ."},
		{"Lungs {colon} clear {comma} normal", "lungs : clear , normal"},
		{"Lungs: clear, normal", "lungs : clear , normal"},
		{"one {new line} two {new paragraph} three", "one ¶ two ¶¶ three"},
		{"one\ntwo\r\n \r\nthree\n", "one ¶ two ¶¶ three"},
		{"mass {open paren} 3 mm {close paren}", "mass ( 3 mm )"},
		{"says \u201cit hurts\u201d", `says " it hurts "`},
		{"one {dash} two", "one - two"},
		{"one – two", "one - two"},
		{"x-ray, x{hyphen}ray", "x ray , x ray"},
		{"2.8 cm, 138/86 at 1:30", "2 8 cm , 138 86 at 1 30"},
		{"[IMPRESSION] don’t </s>", "impression don't"},
		{"period", "period"},
		{"", ""},
		{" {period} ", "."},
	} {
		if got := Marks(spoken.Write(c.text)); got != c.want {
			t.Errorf("%q gives %q, want %q", c.text, got, c.want)
		}
	}
}

// TestMarksAgree holds the purpose: what was dictated and what is written for
// it are the same.
func TestMarksAgree(t *testing.T) {
	dictated := "Pleura {colon} Oxygen saturation is 96% on room air {period} Sumatriptan 300 mg {comma} 3 times daily {period} {new paragraph} Stable {question mark}"
	written := "Pleura: oxygen saturation is 96% on room air. Sumatriptan 300 mg, 3 times daily.\n\nStable?"
	if a, b := Marks(spoken.Write(dictated)), Marks(spoken.Write(written)); a != b {
		t.Errorf("%q and %q", a, b)
	}
	if a, b := Google(dictated), Google(written); a == b {
		t.Error("Google's form does not tell them apart any more")
	}
}

func TestInterval(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	var recordings []Counts
	const n, words, p = 500, 20, 0.1
	var all Counts
	for range n {
		c := Counts{Words: words}
		for range words {
			if random.Float64() < p {
				c.Substitutions++
			}
		}
		recordings = append(recordings, c)
		all = all.Plus(c)
	}
	low, high := Interval(recordings)
	// The binomial's own interval, which holds here and seldom elsewhere.
	half := 1.96 * math.Sqrt(p*(1-p)/(n*words))
	if math.Abs((high-low)/(2*half)-1) > 0.15 || low >= all.Rate() || high <= all.Rate() {
		t.Errorf("%v to %v around %v, want a width of about %v", low, high, all.Rate(), 2*half)
	}
	if again, other := Interval(recordings); again != low || other != high {
		t.Error("the same counts give another interval")
	}
	same := []Counts{{Words: 10, Deletions: 1}, {Words: 10, Deletions: 1}}
	if low, high := Interval(same); low != 0.1 || high != 0.1 {
		t.Errorf("recordings that are all alike give %v to %v", low, high)
	}
	for name, few := range map[string][]Counts{"none": nil, "one": {{Words: 3}}, "without words": {{Insertions: 1}, {}}} {
		if low, high := Interval(few); !math.IsNaN(low) || !math.IsNaN(high) {
			t.Errorf("%s: %v to %v, want none", name, low, high)
		}
	}
}

func TestWorst(t *testing.T) {
	m := Mistakes{}
	m.Add(Align(strings.Fields("a b c a b c"), strings.Fields("a x c a x")))
	got := m.Worst(2)
	want := []Mistake{{Pair{"b", "x"}, 2}, {Pair{"c", ""}, 1}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := m.Worst(99); len(got) != 2 {
		t.Errorf("%v", got)
	}
}

func FuzzMarks(f *testing.F) {
	f.Add("one {new line} two – 2.8\n\n“x”")
	f.Fuzz(func(t *testing.T, text string) {
		for _, form := range []string{Marks(text), Google(text)} {
			if strings.Join(strings.Fields(form), " ") != form {
				t.Errorf("%q has blanks that are not between words", form)
			}
		}
		if g := Google(text); Google(g) != g {
			t.Errorf("%q does not stay", g)
		}
	})
}
