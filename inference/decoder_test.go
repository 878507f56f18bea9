package inference

import (
	"context"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fermata/inference/ctc"
)

// beams are options with a beam search.
func beams(o Options, width, nBest int) Options {
	b := ctc.GoogleBeam()
	b.Width = width
	o.Decoder = Decoder{Beam: &b, NBest: nBest}
	return o
}

// What a stream has from its beam search is what the search finds in all rows
// at once.
func TestBeamIsTheSearchOverEverything(t *testing.T) {
	o := beams(Options{Window: 6400, Stride: 640}, 8, 5)
	r := recognizer(t, &ear{}, o)
	s := r.Stream()
	ctx := context.Background()
	for block := range slices.Chunk(noise(70000), 911) {
		if err := s.Write(ctx, block); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	beam := ctc.NewBeam(r.vocabulary, nil, *o.Decoder.Beam)
	if err := beam.Write(s.Logits()); err != nil {
		t.Fatal(err)
	}
	want, err := beam.Best(8)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Tokens) == 0 || len(got.Tokens) != len(want[0].Tokens) {
		t.Fatalf("%d tokens, want %d", len(got.Tokens), len(want[0].Tokens))
	}
	for i, token := range want[0].Tokens {
		if got.Tokens[i].ID != token.ID || got.Tokens[i].Confidence != token.Confidence {
			t.Errorf("token %d is %+v, want %+v", i, got.Tokens[i], token)
		}
	}
	checkReadings(t, got)
}

func checkReadings(t *testing.T, tr Transcript) {
	t.Helper()
	if len(tr.Alternatives) < 2 || len(tr.Alternatives) > 5 || tr.Alternatives[0].Raw != tr.Raw {
		t.Fatalf("%d readings", len(tr.Alternatives))
	}
	total, before, seen := 0., math.Inf(1), map[string]bool{}
	for _, a := range tr.Alternatives {
		if seen[a.Raw] || a.Score > before || a.Posterior <= 0 {
			t.Errorf("%+v after a score of %g", a, before)
		}
		seen[a.Raw] = true
		total, before = total+a.Posterior, a.Score
	}
	if total > 1+1e-9 {
		t.Errorf("the posteriors add up to %g", total)
	}
	unsure := 0
	for _, w := range tr.Words {
		if w.Confidence < tr.Alternatives[0].Posterior-1e-9 || w.Confidence > 1 {
			t.Errorf("%+v in a reading of %g", w, tr.Alternatives[0].Posterior)
		}
		if w.Confidence < 1-1e-9 {
			unsure++
		}
	}
	if unsure == 0 || len(tr.Words) == 0 {
		t.Errorf("%d of %d words are unsure", unsure, len(tr.Words))
	}
}

func TestReadings(t *testing.T) {
	v, err := ctc.NewVocabulary([]string{"<epsilon>", "▁no", "▁low", "▁", "mass", "▁mass", "</s>"})
	if err != nil {
		t.Fatal(err)
	}
	r := reading{vocabulary: v, pieces: []piece{{}}, period: 640, samples: 64000}
	found := func(score, posterior float64, ids ...int) ctc.Hypothesis {
		h := ctc.Hypothesis{Score: score, Posterior: posterior}
		for i, id := range ids {
			h.Tokens = append(h.Tokens, ctc.Token{ID: id, Start: 2 * i, End: 2*i + 1, Confidence: 0.5})
		}
		return h
	}
	got := r.beam([]ctc.Hypothesis{
		found(-1, 0.5, 1, 5),    // no mass
		found(-2, 0.2, 2, 5),    // low mass
		found(-3, 0.2, 1, 3, 4), // no mass, in other pieces
		found(-4, 0.06, 1),      // no
		found(-5, 0.2, 2, 5),    // what is there already, with the same posterior
	}, 2)
	if want := []Alternative{{"no mass", -1, 0.7}, {"low mass", -2, 0.2}}; !reflect.DeepEqual(got.Alternatives, want) {
		t.Errorf("%+v, want %+v", got.Alternatives, want)
	}
	want := []Word{{"no", 0, 0.04, 0.76}, {"mass", 0.08, 0.12, 0.9}}
	for i, w := range got.Words {
		w.Confidence = math.Round(w.Confidence*1e9) / 1e9
		if w != want[i] {
			t.Errorf("%+v, want %+v", w, want[i])
		}
	}
	if got.Raw != "no mass" || len(got.Words) != 2 {
		t.Errorf("%+v", got)
	}
}

// What fails between the windows is done again, and no row is had twice.
func TestBeamIsFedOnceThroughFailures(t *testing.T) {
	o := beams(Options{Window: 6400, Stride: 640}, 4, 3)
	samples := noise(60000)
	ctx := context.Background()
	want, err := recognizer(t, &ear{}, o).Transcribe(ctx, samples)
	if err != nil {
		t.Fatal(err)
	}
	e := &ear{fail: func(call int) error {
		if call%3 == 0 {
			return errFinished
		}
		return nil
	}}
	s := recognizer(t, e, o).Stream()
	failures := 0
	for block := range slices.Chunk(samples, 3000) {
		if s.Write(ctx, block) != nil {
			failures++
		}
		if len(block) == 3000 && failures%2 == 1 {
			_, _ = s.SoFar(ctx)
		}
	}
	got, err := s.Finish(ctx)
	for ; err != nil; got, err = s.Finish(ctx) {
		failures++
	}
	if failures < 3 || !reflect.DeepEqual(got, want) {
		t.Errorf("after %d failures the transcript differs", failures)
	}
}

func TestNoRowsNoReading(t *testing.T) {
	got, err := recognizer(t, &ear{}, beams(GoogleWindows(), 8, 3)).Transcribe(context.Background(), noise(1000))
	if err != nil || !reflect.DeepEqual(got, Transcript{Samples: 1000}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestUnusableBeam(t *testing.T) {
	o := beams(GoogleWindows(), 0, 0)
	if _, err := New(nil, nil, o); err == nil || !strings.Contains(err.Error(), "width") {
		t.Errorf("%v", err)
	}
}

// Without a search, too, only what the last rows may change is left, and that
// is as if all rows were decoded at once.
func TestGreedyKeepsPaceWithTheWindows(t *testing.T) {
	s := recognizer(t, &ear{}, Options{Window: 6400, Stride: 640}).Stream()
	for range 20 {
		if err := s.Write(context.Background(), noise(4000)); err != nil {
			t.Fatal(err)
		}
		if rows := len(s.logits) / max(1, s.vocab); s.settled.row < rows-5 {
			t.Errorf("%d of %d rows are settled", s.settled.row, rows)
		}
	}
	if _, err := s.Finish(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got, want := s.greedy(window{}), ctc.Greedy(s.Logits()); !reflect.DeepEqual(got, want) {
		t.Errorf("%d tokens, want %d; or they differ", len(got), len(want))
	}
}

// A token may go on over several windows, and its confidence is that of all
// its rows.
func TestTokensAcrossSeams(t *testing.T) {
	s := &Stream{vocab: 3, recognizer: recognizer(t, &ear{}, Options{})}
	row := map[byte][]float32{'.': {5, 0, 0}, 'a': {0, 5, 0}, 'A': {0, 2, 0}, 'b': {0, 0, 5}}
	for _, rows := range []string{"..", "aA", "Aa", "a", "", "ab", "b.", "b", ".", "a"} {
		for i := range rows {
			s.logits = append(s.logits, row[rows[i]]...)
		}
		if got, want := s.greedy(window{}), ctc.Greedy(s.logits, 3); !slices.EqualFunc(got, want, func(a, b ctc.Token) bool { return a == b }) {
			t.Errorf("before %q is settled: %+v, want %+v", rows, got, want)
		}
		s.settle()
		if got, want := s.greedy(window{}), ctc.Greedy(s.logits, 3); !slices.EqualFunc(got, want, func(a, b ctc.Token) bool { return a == b }) {
			t.Errorf("after %q: %+v, want %+v", rows, got, want)
		}
	}
}

// The search is done while the key is down: after the release only the rows of
// the open window are left.
func TestBeamKeepsPaceWithTheWindows(t *testing.T) {
	s := recognizer(t, &ear{}, beams(Options{Window: 6400, Stride: 640}, 8, 0)).Stream()
	if err := s.Write(context.Background(), noise(60000)); err != nil {
		t.Fatal(err)
	}
	if s.fed == 0 || s.fed != len(s.logits) {
		t.Errorf("%d of %d scores have been searched", s.fed, len(s.logits))
	}
}
