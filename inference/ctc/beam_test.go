package ctc

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fermata/inference/ngram"
)

// heard returns scores in which each frame is sure of an id.
func heard(v *Vocabulary, ids ...int) []float32 {
	logits := make([]float32, len(ids)*v.Len())
	for t, id := range ids {
		logits[t*v.Len()+id] = 30
	}
	return logits
}

func TestBeamOfNothing(t *testing.T) {
	_, v := readGolden(t)
	for _, l := range []*Language{nil, language(t, v, 6)} {
		b := NewBeam(v, l, GoogleBeam())
		write(t, b, nil, v.Len())
		got := hypotheses(t, b)
		if len(got) != 1 || len(got[0].Tokens) != 0 || got[0].Posterior != 1 {
			t.Errorf("%+v, want one empty text", got)
		}
	}
}

// The last piece is scored by the language model with and without a "</s>"
// behind it; the reference takes the two for an unknown word together.
func TestEndOfSentenceLeavesTheLastPieceItsScore(t *testing.T) {
	_, v := readGolden(t)
	l := language(t, v, 6)
	the := slices.Index(v.pieces, "▁the")
	share := func(glued bool, ids ...int) float64 {
		o := GoogleBeam()
		o.Glued = glued
		b := NewBeam(v, l, o)
		write(t, b, heard(v, ids...), v.Len())
		got := hypotheses(t, b)
		if len(got[0].Tokens) != 1 || got[0].Tokens[0].ID != the {
			t.Fatalf("%v: %+v, want \"the\" alone", ids, got[0].Tokens)
		}
		return got[0].Score - got[0].LogitScore
	}
	plain := share(false, the, 0)
	if got := share(false, the, 2); got != plain {
		t.Errorf("the model's share is %v with \"</s>\", %v without", got, plain)
	}
	if got := share(true, the, 2); got > plain-10 {
		t.Errorf("glued, the model's share is %v: an unknown word costs more than the known one's %v", got, plain)
	}
}

// A hidden piece parts two equal ones, as the blank does.
func TestHiddenPieceParts(t *testing.T) {
	_, v := readGolden(t)
	b := NewBeam(v, nil, GoogleBeam())
	write(t, b, heard(v, 7, 7, 2, 7, 0, 0, 7), v.Len())
	tokens := hypotheses(t, b)[0].Tokens
	for i := range tokens {
		tokens[i].Confidence = math.Round(tokens[i].Confidence)
	}
	want := []Token{{7, 0, 2, 1}, {7, 3, 4, 1}, {7, 6, 7, 1}}
	if !slices.Equal(tokens, want) {
		t.Errorf("%+v, want %+v", tokens, want)
	}
}

func TestPosteriorsOfTheBeam(t *testing.T) {
	_, v := readGolden(t)
	l := language(t, v, 3)
	for _, glued := range []bool{false, true} {
		o := GoogleBeam()
		o.Glued = glued
		b := NewBeam(v, l, o)
		write(t, b, speech(rand.New(rand.NewPCG(8, 9)), v, 80), v.Len())
		all := hypotheses(t, b)
		var sum float64
		for _, h := range all {
			sum += math.Exp(h.Score - all[0].Score)
			for _, token := range h.Tokens {
				if !v.Shown(token.ID) || token.Start >= token.End || !(token.Confidence >= h.Posterior-1e-12 && token.Confidence <= 1) {
					t.Errorf("token %+v of a text of posterior %v", token, h.Posterior)
				}
			}
		}
		if !glued && math.Abs(all[0].Posterior-1/sum) > 1e-12 {
			t.Errorf("posterior %v, want %v", all[0].Posterior, 1/sum)
		}
		one, err := b.Best(0)
		if err != nil || len(one) != 1 || one[0].Posterior != all[0].Posterior {
			t.Errorf("Best(0): %+v, %v", one, err)
		}
	}
}

// Texts that differ only in what is not shown share their posterior.
func TestEqualTokensShareTheirPosterior(t *testing.T) {
	all := []Hypothesis{
		{Tokens: []Token{{ID: 5}}, Score: math.Log(0.5)},
		{Tokens: []Token{{ID: 6}}, Score: math.Log(0.3)},
		{Tokens: []Token{{ID: 5, Start: 2}}, Score: math.Log(0.2)},
	}
	posteriors(all)
	for i, want := range []float64{0.7, 0.3, 0.7} {
		if math.Abs(all[i].Posterior-want) > 1e-12 {
			t.Errorf("%d: %v, want %v", i, all[i].Posterior, want)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	_, v := readGolden(t)
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	row := func(change func(r []float32)) []float32 {
		r := make([]float32, 2*v.Len())
		change(r[v.Len():])
		return r
	}
	for _, c := range []struct {
		name   string
		logits []float32
		vocab  int
		want   string
	}{
		{"no columns", []float32{1}, 0, "0 columns"},
		{"fewer than none", []float32{1}, -3, "-3 columns"},
		{"more columns than pieces", make([]float32, 513), 513, "513 columns"},
		{"other columns than before", make([]float32, 511), 511, "rows before had 512"},
		{"half a row", make([]float32, 700), 512, "700 values"},
		{"not a number", row(func(r []float32) { r[300] = nan }), 512, "frame 2 "},
		{"not a number at first", row(func(r []float32) { r[0] = nan }), 512, "frame 2 "},
		{"infinite", row(func(r []float32) { r[7] = inf }), 512, "frame 2 "},
		{"nothing possible", row(func(r []float32) {
			for i := range r {
				r[i] = -inf
			}
		}), 512, "frame 2 "},
	} {
		b := NewBeam(v, nil, GoogleBeam())
		write(t, b, heard(v, 7), v.Len())
		err := b.Write(c.logits, c.vocab)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want one line with %q", c.name, err, c.want)
		}
		write(t, b, heard(v, 9), v.Len())
		if got := tokenIDs(hypotheses(t, b)[0].Tokens); !slices.Equal(got, []int{7, 9}) {
			t.Errorf("%s: afterwards %v, want what was written before and after", c.name, got)
		}
	}
}

func TestWriteTakesImpossibleScores(t *testing.T) {
	_, v := readGolden(t)
	logits := heard(v, 7, 0, 9)
	for i := range logits {
		if logits[i] == 0 {
			logits[i] = float32(math.Inf(-1))
		}
	}
	o := GoogleBeam()
	o.MinTokenLogP = -1000
	b := NewBeam(v, nil, o)
	write(t, b, logits, v.Len())
	if got := tokenIDs(hypotheses(t, b)[0].Tokens); !slices.Equal(got, []int{7, 9}) {
		t.Errorf("%v, want 7 and 9", got)
	}
}

// A network may have fewer columns than the vocabulary has pieces.
func TestFewerColumnsThanPieces(t *testing.T) {
	_, v := readGolden(t)
	b := NewBeam(v, language(t, v, 6), GoogleBeam())
	write(t, b, []float32{0, 0, 0, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 0, 0, 0}, 8)
	if got := tokenIDs(hypotheses(t, b)[0].Tokens); !slices.Equal(got, []int{7}) {
		t.Errorf("%v, want 7", got)
	}
}

func TestBeamThatCannotWork(t *testing.T) {
	_, v := readGolden(t)
	other, err := NewVocabulary(v.pieces[:300])
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []*Beam{
		NewBeam(v, nil, BeamOptions{}),
		NewBeam(other, language(t, v, 2), GoogleBeam()),
	} {
		if err := b.Write(heard(v, 7), v.Len()); err == nil {
			t.Error("it writes")
		}
		if _, err := b.Best(1); err == nil {
			t.Error("it has a best")
		}
	}
}

// A closed model ends the search with an error.
func TestLanguageModelThatWentAway(t *testing.T) {
	_, v := readGolden(t)
	m, err := ngram.Open("testdata/lm_3.kenlm")
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLanguage(v, m)
	if err != nil {
		t.Fatal(err)
	}
	b := NewBeam(v, l, GoogleBeam())
	write(t, b, heard(v, 7, 9), v.Len())
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Best(1); err == nil {
		t.Error("Best of a closed model")
	}
	if err := b.Write(heard(v, 8), v.Len()); err == nil {
		t.Error("Write with a closed model")
	}
}
