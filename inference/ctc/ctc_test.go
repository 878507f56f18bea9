package ctc

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// pieces has the ids 0 to 4 of MedASR's vocabulary.
var pieces = []string{"<epsilon>", "<s>", "</s>", "<unk>", "▁", "▁the", "s", "o", "<", "▁{", "period", "}", "<extra_id_0>", "<pad>"}

func vocabulary(t testing.TB) *Vocabulary {
	t.Helper()
	v, err := NewVocabulary(pieces)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// rows returns logits in which each frame's best is the given id.
func rows(ids ...int) []float32 {
	logits := make([]float32, len(ids)*len(pieces))
	for frame, id := range ids {
		logits[frame*len(pieces)+id] = 10
	}
	return logits
}

func text(v *Vocabulary, frames ...int) string {
	var ids []int
	for _, t := range Greedy(rows(frames...), len(pieces)) {
		ids = append(ids, t.ID)
	}
	return v.Text(ids)
}

func TestBareSpacePieceIsASpace(t *testing.T) {
	if got := text(vocabulary(t), 5, 4, 7); got != "the o" {
		t.Errorf("%q, want %q", got, "the o")
	}
}

func TestEndOfSentenceIsNeverShown(t *testing.T) {
	if got := text(vocabulary(t), 5, 6, 2); got != "thes" {
		t.Errorf("%q, want %q", got, "thes")
	}
}

// transformers shows "<s>"; nobody dictates it.
func TestNoSpecialPieceIsShown(t *testing.T) {
	if got := text(vocabulary(t), 1, 5, 3, 2, 12, 13, 6); got != "thes" {
		t.Errorf("%q, want %q", got, "thes")
	}
}

// A piece that merely looks like one is text.
func TestLoneAngleBracketIsShown(t *testing.T) {
	if got := text(vocabulary(t), 5, 8); got != "the<" {
		t.Errorf("%q, want %q", got, "the<")
	}
}

func TestCollapsedExactlyOnce(t *testing.T) {
	for _, c := range []struct {
		name   string
		frames []int
		want   string
	}{
		{"a run is one token", []int{6, 6, 6}, "s"},
		{"a blank parts two", []int{6, 0, 6}, "ss"},
		{"blanks between runs", []int{6, 6, 0, 0, 6, 6}, "ss"},
		{"a special piece parts two", []int{6, 2, 6}, "ss"},
		{"neighbours without a blank", []int{6, 7, 6}, "sos"},
		{"blanks at the ends", []int{0, 6, 0}, "s"},
		{"nothing but blanks", []int{0, 0}, ""},
	} {
		if got := text(vocabulary(t), c.frames...); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTextCollapsesNothing(t *testing.T) {
	if got := vocabulary(t).Text([]int{7, 7, 6, 6}); got != "ooss" {
		t.Errorf("%q, want %q", got, "ooss")
	}
}

func TestOneLeadingSpaceIsStripped(t *testing.T) {
	for _, c := range []struct {
		frames []int
		want   string
	}{
		{[]int{5}, "the"},
		{[]int{4, 5}, " the"},
		{[]int{2, 5}, "the"},
		{[]int{5, 4}, "the "},
		{[]int{5, 4, 5}, "the  the"},
		{[]int{4}, ""},
		{[]int{9, 10, 11}, "{period}"},
	} {
		if got := text(vocabulary(t), c.frames...); got != c.want {
			t.Errorf("%v: %q, want %q", c.frames, got, c.want)
		}
	}
}

func TestTiesGoToTheLowestID(t *testing.T) {
	got := Greedy([]float32{1, 3, 3, 0}, 4)
	if len(got) != 1 || got[0].ID != 1 {
		t.Errorf("%+v, want id 1", got)
	}
	if got := Greedy([]float32{3, 3, 3, 3}, 4); len(got) != 0 {
		t.Errorf("%+v, want the blank", got)
	}
}

func TestNaNNeverWins(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		name string
		row  []float32
		id   int // 0: no token
	}{
		{"before the best", []float32{nan, 1, 2}, 2},
		{"after the best", []float32{1, 2, nan}, 1},
		{"nothing else", []float32{nan, nan, nan}, 0},
		{"infinite", []float32{1, inf, nan}, 1},
		{"all minus infinite", []float32{-inf, -inf, -inf}, 0},
	} {
		got := Greedy(c.row, 3)
		if c.id == 0 {
			if len(got) != 0 {
				t.Errorf("%s: %+v, want none", c.name, got)
			}
			continue
		}
		if len(got) != 1 || got[0].ID != c.id {
			t.Fatalf("%s: %+v, want id %d", c.name, got, c.id)
		}
		if p := got[0].Confidence; !(p > 0 && p <= 1) {
			t.Errorf("%s: confidence %v", c.name, p)
		}
	}
}

func TestFramesAndConfidence(t *testing.T) {
	l := float32(math.Log(3)) // softmax of (0, l, 0) at 1 is 3/5, of (0, 2l, 0) 9/11
	got := Greedy([]float32{9, 0, 0, 0, l, 0, 0, 2 * l, 0, 0, 0, 5}, 3)
	if len(got) != 2 {
		t.Fatalf("%+v, want two tokens", got)
	}
	first, second := got[0], got[1]
	if first.Start != 1 || first.End != 3 || second.Start != 3 || second.End != 4 {
		t.Errorf("frames %+v", got)
	}
	if want := (3./5 + 9./11) / 2; math.Abs(first.Confidence-want) > 1e-6 {
		t.Errorf("confidence %v, want %v", first.Confidence, want)
	}
}

// Scores of real networks reach thousands in a bad hour; exp must not.
func TestGreatScoresKeepTheirConfidence(t *testing.T) {
	got := Greedy([]float32{0, 2e6, 1e6}, 3)
	if len(got) != 1 || got[0].Confidence != 1 {
		t.Errorf("%+v, want confidence 1", got)
	}
}

func TestGreedyOfNothing(t *testing.T) {
	for _, c := range []struct {
		logits []float32
		vocab  int
	}{{nil, 5}, {[]float32{1, 2}, 5}, {[]float32{1}, 0}, {[]float32{1}, -1}} {
		if got := Greedy(c.logits, c.vocab); len(got) != 0 {
			t.Errorf("%v of %d: %+v", c.logits, c.vocab, got)
		}
	}
}

func TestVocabulary(t *testing.T) {
	v := vocabulary(t)
	if v.Len() != len(pieces) || v.Piece(5) != "▁the" || v.Piece(-1) != "" || v.Piece(99) != "" {
		t.Error("Len or Piece is wrong")
	}
	if v.Shown(-1) || v.Shown(99) || v.Text([]int{-1, 99, 6}) != "s" {
		t.Error("an id outside the vocabulary shows")
	}
	for _, blank := range blanks {
		if _, err := NewVocabulary([]string{blank, "a"}); err != nil {
			t.Errorf("%s is refused: %v", blank, err)
		}
	}
}

// The list is the caller's to change afterwards.
func TestVocabularyKeepsItsOwnPieces(t *testing.T) {
	own := slices.Clone(pieces)
	v, err := NewVocabulary(own)
	if err != nil {
		t.Fatal(err)
	}
	own[5] = "changed"
	if v.Piece(5) != "▁the" {
		t.Error("the vocabulary changed with the caller's slice")
	}
}

func TestVocabularyRefuses(t *testing.T) {
	for _, c := range []struct {
		pieces []string
		want   string
	}{
		{nil, "no pieces"},
		{[]string{"a", "<epsilon>"}, "piece 0"},
		{[]string{"<epsilon>", "\xff"}, "piece 1 is not UTF-8"},
		{[]string{"bad\nname"}, "piece 0"},
	} {
		_, err := NewVocabulary(c.pieces)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want one line with %q", c.pieces, err, c.want)
		}
	}
}

func BenchmarkGreedy(b *testing.B) {
	const vocab, frames = 512, 1500 // a minute
	logits := make([]float32, vocab*frames)
	for i := range logits {
		logits[i] = float32((i * 7919) % 31)
	}
	for b.Loop() {
		Greedy(logits, vocab)
	}
}
