package inference

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWords(t *testing.T) {
	tokens := []Token{
		{Piece: "▁no", Start: 0, End: 0.04, Confidence: 0.9},
		{Piece: "▁effu", Start: 0.08, End: 0.12, Confidence: 0.8},
		{Piece: "sion", Start: 0.16, End: 0.2, Confidence: 0.6},
		{Piece: "▁", Start: 0.2, End: 0.24, Confidence: 0.1},
		{Piece: "▁{", Start: 0.28, End: 0.32, Confidence: 1},
		{Piece: "period", Start: 0.32, End: 0.4, Confidence: 0.7},
		{Piece: "}", Start: 0.44, End: 0.48, Confidence: 1},
	}
	want := []Word{{"no", 0, 0.04, 0.9}, {"effusion", 0.08, 0.2, 0.6}, {"{period}", 0.28, 0.48, 0.7}}
	if got := words(tokens); !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Words are the text between its spaces, whatever the pieces are.
func TestWordsAreTheTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.SampledFrom([]string{"▁", "▁a", "b", "▁c▁", "d▁e", "▁▁", " f", "ä"})).Draw(t, "pieces")
		var tokens []Token
		for i, p := range pieces {
			tokens = append(tokens, Token{Piece: p, Start: float64(i), End: float64(i + 1)})
		}
		var got []string
		for _, w := range words(tokens) {
			got = append(got, w.Text)
			if w.End <= w.Start {
				t.Fatalf("%+v", w)
			}
		}
		text := strings.ReplaceAll(strings.Join(pieces, ""), "▁", " ")
		if !slices.Equal(got, strings.Fields(text)) {
			t.Fatalf("%q of %q", got, text)
		}
	})
}
