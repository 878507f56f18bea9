package app

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAgreement(t *testing.T) {
	var a agreement
	for _, c := range []struct{ text, stable string }{
		{"No", ""},
		{"No effu", "No"},
		{"No effusion.", "No"},
		{"No effusion.\nHeart", "No effusion."},
		{"No effusion.\nHeart size", "No effusion.\nHeart"},
		{"No effusions.", "No"},
		{"", ""},
		{"No", ""},
	} {
		p := a.with(c.text)
		if p.Stable != c.stable || p.Stable+p.Tentative != c.text {
			t.Errorf("%q: %+v, want %q", c.text, p, c.stable)
		}
	}
}

func TestStableIsCommonAndWhole(t *testing.T) {
	texts := rapid.StringMatching(`( |[ab]{1,3}|\n|ä){0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := texts.Draw(t, "a"), texts.Draw(t, "b")
		stable := b[:common(a, b)]
		if !strings.HasPrefix(a, stable) {
			t.Fatalf("%q is not how %q begins", stable, a)
		}
		for _, text := range []string{a, b} {
			if rest := text[len(stable):]; stable != "" && rest != "" && rest == strings.TrimLeft(rest, "abä") {
				continue
			} else if stable != "" && rest != "" {
				t.Fatalf("%q ends within a word of %q", stable, text)
			}
		}
		if common(b, b) != len(strings.TrimRight(b, " \n")) {
			t.Fatalf("%q does not agree with itself", b)
		}
	})
}
