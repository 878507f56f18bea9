package wer

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestCountsAsJiwer compares with testdata/golden.json: the form of both
// texts, every kind of error, and the errors by character.
func TestCountsAsJiwer(t *testing.T) {
	b, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Cases []struct {
			Reference, Hypothesis                      string
			GoogleReference                            string `json:"google_reference"`
			GoogleHypothesis                           string `json:"google_hypothesis"`
			Hits, Substitutions, Deletions, Insertions int
			CharacterErrors                            int `json:"character_errors"`
		}
	}
	if err := json.Unmarshal(b, &golden); err != nil {
		t.Fatal(err)
	}
	if len(golden.Cases) < 300 {
		t.Fatalf("only %d cases", len(golden.Cases))
	}
	for i, c := range golden.Cases {
		r, h := Google(c.Reference), Google(c.Hypothesis)
		if r != c.GoogleReference || h != c.GoogleHypothesis {
			t.Errorf("%d: %q and %q, want %q and %q", i, r, h, c.GoogleReference, c.GoogleHypothesis)
		}
		if r == "" {
			continue // jiwer counts nothing then
		}
		got := Count(Align(strings.Fields(r), strings.Fields(h)))
		want := Counts{c.Hits + c.Substitutions + c.Deletions, c.Substitutions, c.Deletions, c.Insertions}
		if got != want {
			t.Errorf("%d: %+v, want %+v\n%q\n%q", i, got, want, r, h)
		}
		if got := Characters(r, h); got.Errors() != c.CharacterErrors || got.Words != len(r) {
			t.Errorf("%d: %d errors in %d characters, want %d", i, got.Errors(), got.Words, c.CharacterErrors)
		}
	}
}
