package inference

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// longest is the length of the longest common subsequence, by the textbook.
func longest(a, b []string) int {
	row := make([]int, len(b)+1)
	for i := range a {
		diagonal := 0
		for j := range b {
			above := row[j+1]
			if a[i] == b[j] {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

func TestSharedWords(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"no acute effusion seen", "no acute effusion seen", "1111"},
		{"no acute effusion seen", "no cute effusion seen", "1011"},
		{"no acute effusion", "no effusion", "101"},
		{"no effusion", "no acute effusion", "11"},
		{"a b", "", "00"},
		{"", "a b", ""},
		{"a a a", "a", "100"},
	} {
		var got strings.Builder
		for _, same := range shared(strings.Fields(c.a), strings.Fields(c.b)) {
			got.WriteByte("01"[map[bool]int{true: 1}[same]])
		}
		if got.String() != c.want {
			t.Errorf("%q in %q: %s, want %s", c.a, c.b, got.String(), c.want)
		}
	}
}

func TestSharedIsTheLongestCommonSubsequence(t *testing.T) {
	text := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 30)
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		var common []string
		for i, same := range shared(a, b) {
			if same {
				common = append(common, a[i])
			}
		}
		if len(common) != longest(a, b) || longest(common, b) != len(common) {
			t.Fatalf("%v of %v and %v", common, a, b)
		}
	})
}

// Readings that have nothing in common take no time and give nothing.
func TestSharedOfTheUnlike(t *testing.T) {
	a, b := slices.Repeat([]string{"a"}, 5000), slices.Repeat([]string{"b"}, 5000)
	a[0], b[0], a[4999], b[4999] = "x", "x", "y", "y"
	same := shared(a, b)
	if !same[0] || !same[4999] || slices.Contains(same[1:4999], true) {
		t.Error("not the first and the last word alone")
	}
}
