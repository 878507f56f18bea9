package ctc

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"testing"

	"fermata/inference/ngram"
)

// golden is what testdata/make_beam.py wrote.
type golden struct {
	Pieces     []string
	Utterances []utterance
}

type utterance struct {
	Name  string
	Rows  [][]int
	Cases []goldenCase
}

type goldenCase struct {
	LM                                 int
	Width                              int
	Alpha, Beta, Prune, Least, Unknown *float64
	Open                               bool
	Beams                              [][3]any
}

func (c goldenCase) options() BeamOptions {
	o := GoogleBeam()
	o.Width, o.Boundaries, o.Glued = c.Width, !c.Open, true
	for _, set := range []struct{ to, from *float64 }{
		{&o.Alpha, c.Alpha}, {&o.Beta, c.Beta}, {&o.PruneLogP, c.Prune}, {&o.MinTokenLogP, c.Least}, {&o.UnknownScore, c.Unknown},
	} {
		if set.from != nil {
			*set.to = *set.from
		}
	}
	return o
}

// logits are the rows as the network would give them: a value for all ids, and
// pairs of an id and its own, in 65536ths.
func (u utterance) logits(vocab int) []float32 {
	logits := make([]float32, len(u.Rows)*vocab)
	for t, r := range u.Rows {
		row := logits[t*vocab : (t+1)*vocab]
		for i := range row {
			row[i] = float32(r[0]) / 65536
		}
		for i := 1; i < len(r); i += 2 {
			row[r[i]] = float32(r[i+1]) / 65536
		}
	}
	return logits
}

// hidden reports whether an id that is never shown is likely enough somewhere
// to be tried.
func hidden(v *Vocabulary, logits []float32) bool {
	for i := 0; i < len(logits); i += v.Len() {
		for _, c := range candidates(nil, logits[i:i+v.Len()], -8) {
			if c.id != Blank && !v.Shown(int(c.id)) {
				return true
			}
		}
	}
	return false
}

func readGolden(t testing.TB) (golden, *Vocabulary) {
	t.Helper()
	g, err := readGoldenOnce()
	if err != nil {
		t.Fatal(err)
	}
	v, err := NewVocabulary(g.Pieces)
	if err != nil {
		t.Fatal(err)
	}
	return g, v
}

var readGoldenOnce = sync.OnceValues(func() (g golden, err error) {
	f, err := os.Open("testdata/beam.json.gz")
	if err != nil {
		return g, err
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return g, err
	}
	err = json.NewDecoder(z).Decode(&g)
	return g, err
})

// language binds one of the golden models, or none for order 0.
func language(t testing.TB, v *Vocabulary, order int) *Language {
	t.Helper()
	if order == 0 {
		return nil
	}
	m, err := ngram.Open(fmt.Sprintf("testdata/lm_%d.kenlm", order))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	l, err := NewLanguage(v, m)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// spell writes a text as the reference does, a space between its words.
func spell(b *Beam, n int32) string {
	if n == root {
		return ""
	}
	return strings.TrimPrefix(spell(b, b.tree.nodes[n].before)+" "+b.spelling(n), " ")
}

// The reference's beams, text by text and in order, with their scores.
func TestBeamsOfTheReference(t *testing.T) {
	g, v := readGolden(t)
	languages := map[int]*Language{0: nil}
	for _, order := range []int{2, 3, 6} {
		languages[order] = language(t, v, order)
	}
	var beams, plain int
	var worst float64
	for _, u := range g.Utterances {
		logits := u.logits(v.Len())
		for _, c := range u.Cases {
			for _, glued := range []bool{true, false} {
				if !glued && hidden(v, logits) {
					continue // done right, these have other texts
				}
				o := c.options()
				o.Glued = glued
				b := NewBeam(v, languages[c.LM], o)
				if err := b.Write(logits, v.Len()); err != nil {
					t.Fatal(err)
				}
				name := fmt.Sprintf("%s, %+v", u.Name, o)
				worst = max(worst, sameBeams(t, name, b, c))
				beams += len(c.Beams)
				if !glued {
					plain++
				}
			}
		}
	}
	t.Logf("%d utterances, %d beams compared, %d cases done right as well; greatest difference of a score %.2g", len(g.Utterances), beams, plain, worst)
	if len(g.Utterances) < 200 || plain < 200 {
		t.Errorf("%d utterances, %d of them plain, are fewer than meant", len(g.Utterances), plain)
	}
}

// sameBeams compares b's texts with the reference's and returns the greatest
// difference of a score.
func sameBeams(t *testing.T, name string, b *Beam, c goldenCase) (worst float64) {
	t.Helper()
	ends := b.finish()
	if len(ends) != len(c.Beams) {
		t.Errorf("%s: %d beams, want %d", name, len(ends), len(c.Beams))
		return 0
	}
	for i, want := range c.Beams {
		if got := spell(b, ends[i].node); got != want[0] {
			t.Errorf("%s: beam %d is\n%q, want\n%q", name, i, got, want[0])
			return 0
		}
		worst = max(worst, math.Abs(ends[i].logit-want[1].(float64)), math.Abs(ends[i].score-want[2].(float64)))
	}
	if worst > 1e-4 {
		t.Errorf("%s: a score differs by %g", name, worst)
	}
	return worst
}
