package wer

import (
	"cmp"
	"maps"
	"slices"
)

// Mistakes counts the pairs that are wrong.
type Mistakes map[Pair]int

// Add counts an alignment's.
func (m Mistakes) Add(pairs []Pair) {
	for _, p := range pairs {
		if p.Reference != p.Hypothesis {
			m[p]++
		}
	}
}

// A Mistake is a pair and how often it occurred.
type Mistake struct {
	Pair
	Count int
}

// Worst returns the n most frequent, the most frequent first and equals by
// the alphabet.
func (m Mistakes) Worst(n int) []Mistake {
	all := make([]Mistake, 0, len(m))
	for p := range maps.Keys(m) {
		all = append(all, Mistake{p, m[p]})
	}
	slices.SortFunc(all, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reference, b.Reference), cmp.Compare(a.Hypothesis, b.Hypothesis))
	})
	return all[:min(n, len(all))]
}
