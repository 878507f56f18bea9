package ctc

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// wide searches without leaving anything out.
func wide() BeamOptions {
	return BeamOptions{Width: 1024, PruneLogP: -1000, MinTokenLogP: -1000}
}

// small has a blank, an end and three pieces.
func small(t testing.TB) *Vocabulary {
	t.Helper()
	v, err := NewVocabulary([]string{"<epsilon>", "▁a", "</s>", "b", "▁"})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A reading is a text as every alignment of it gives it: the log of their
// summed probability, and the best of them.
type reading struct {
	sum, best float64
	tokens    []Token
}

// readings tries every alignment of logits.
func readings(v *Vocabulary, logits []float32) map[string]*reading {
	vocab := v.Len()
	frames := len(logits) / vocab
	all := map[string]*reading{}
	ids := make([]int, frames)
	for n := range int(math.Pow(float64(vocab), float64(frames))) {
		var logP float64
		for t := range ids {
			ids[t] = n % vocab
			n /= vocab
			logP += logSoftmax(logits[t*vocab:(t+1)*vocab], ids[t])
		}
		tokens := align(v, ids)
		key := fmt.Sprint(tokenIDs(tokens))
		r, ok := all[key]
		if !ok {
			all[key] = &reading{logP, logP, tokens}
			continue
		}
		r.sum = sumLogs(r.sum, logP)
		if logP > r.best {
			r.best, r.tokens = logP, tokens
		}
	}
	return all
}

// align collapses frames as CTC does, ids that are not shown being blanks.
func align(v *Vocabulary, ids []int) []Token {
	var tokens []Token
	for t, id := range ids {
		switch {
		case !v.Shown(id):
		case t > 0 && ids[t-1] == id:
			tokens[len(tokens)-1].End = t + 1
		default:
			tokens = append(tokens, Token{ID: id, Start: t, End: t + 1})
		}
	}
	return tokens
}

func logSoftmax(row []float32, id int) float64 {
	var sum float64
	for _, s := range row {
		sum += math.Exp(float64(s))
	}
	return float64(row[id]) - math.Log(sum)
}

func tokenIDs(tokens []Token) []int {
	ids := []int{}
	for _, t := range tokens {
		ids = append(ids, t.ID)
	}
	return ids
}

func noise(r *rand.Rand, n int, deviation float64) []float32 {
	logits := make([]float32, n)
	for i := range logits {
		logits[i] = float32(r.NormFloat64() * deviation)
	}
	return logits
}

// With room for everything the search is the sum over all alignments, and the
// tokens' frames are those of the best one.
func TestWideBeamIsExact(t *testing.T) {
	v := small(t)
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 20 {
		logits := noise(r, 5*v.Len(), 2)
		b := NewBeam(v, nil, wide())
		if err := b.Write(logits, v.Len()); err != nil {
			t.Fatal(err)
		}
		got, err := b.Best(1024)
		if err != nil {
			t.Fatal(err)
		}
		want := readings(v, logits)
		if len(got) != len(want) {
			t.Errorf("%d: %d texts, want %d", n, len(got), len(want))
		}
		var total float64
		for _, h := range got {
			compareReading(t, h, want[fmt.Sprint(tokenIDs(h.Tokens))])
			total += math.Exp(h.LogitScore)
		}
		if math.Abs(total-1) > 1e-5 {
			t.Errorf("%d: all texts together have probability %v", n, total)
		}
		if !slices.IsSortedFunc(got, func(a, b Hypothesis) int { return int(math.Copysign(1, b.Score-a.Score)) }) {
			t.Errorf("%d: not best first", n)
		}
	}
}

func compareReading(t *testing.T, h Hypothesis, want *reading) {
	t.Helper()
	if want == nil {
		t.Errorf("no alignment gives %v", h.Tokens)
		return
	}
	if math.Abs(h.LogitScore-want.sum) > 1e-5 || h.Score != h.LogitScore {
		t.Errorf("%v: score %v and %v, want %v", h.Tokens, h.LogitScore, h.Score, want.sum)
	}
	if math.Abs(h.Posterior-math.Exp(want.sum)) > 1e-5 {
		t.Errorf("%v: posterior %v, want %v", h.Tokens, h.Posterior, math.Exp(want.sum))
	}
	for i, token := range h.Tokens {
		token.Confidence = 0
		if token != want.tokens[i] {
			t.Errorf("token %d is %+v, want %+v", i, token, want.tokens[i])
		}
	}
}

// "</s>" is one more blank: moving its probability to the blank changes nothing.
func TestEndOfSentenceCountsAsTheBlank(t *testing.T) {
	v := small(t)
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 50 {
		logits := noise(r, 12*v.Len(), 1)
		moved := slices.Clone(logits)
		for i := 0; i < len(moved); i += v.Len() {
			moved[i+Blank] = float32(sumLogs(float64(moved[i+Blank]), float64(moved[i+2])))
			moved[i+2] = -1000
		}
		var found [2]map[string]float64
		for i, l := range [][]float32{logits, moved} {
			o := wide()
			o.Width = 200
			o.MinTokenLogP = -30
			b := NewBeam(v, nil, o)
			if err := b.Write(l, v.Len()); err != nil {
				t.Fatal(err)
			}
			best, err := b.Best(20)
			if err != nil {
				t.Fatal(err)
			}
			found[i] = map[string]float64{}
			for _, h := range best {
				found[i][fmt.Sprint(tokenIDs(h.Tokens))] = math.Round(h.Score * 1e3)
			}
		}
		if !maps.EqualFunc(found[0], found[1], func(a, b float64) bool { return math.Abs(a-b) <= 1 }) {
			t.Errorf("%d: %v, want %v", n, found[0], found[1])
		}
	}
}

// The shares of what agrees, worked out by hand.
func TestConfidence(t *testing.T) {
	token := func(id, start, end int) Token { return Token{ID: id, Start: start, End: end} }
	all := []Hypothesis{
		{Tokens: []Token{token(5, 0, 2), token(6, 3, 4), token(6, 5, 6)}, Posterior: 0.6},
		{Tokens: []Token{token(5, 1, 2), token(7, 3, 4), token(6, 6, 7)}, Posterior: 0.3},
		{Tokens: []Token{token(6, 5, 6)}, Posterior: 0.1},
	}
	confide(all[0].Tokens, all)
	for i, want := range []float64{0.9, 0.6, 1} {
		if got := all[0].Tokens[i].Confidence; math.Abs(got-want) > 1e-9 {
			t.Errorf("token %d: %v, want %v", i, got, want)
		}
	}
	confide(all[1].Tokens, all)
	for i, want := range []float64{0.9, 0.3, 1} {
		if got := all[1].Tokens[i].Confidence; math.Abs(got-want) > 1e-9 {
			t.Errorf("second, token %d: %v, want %v", i, got, want)
		}
	}
}
