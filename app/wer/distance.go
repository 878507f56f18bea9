package wer

// Characters counts the errors of a text by character, blanks included, as
// jiwer's cer does. Only the sum is told apart, not the kinds: all of them are
// in Substitutions, but for the difference in length.
func Characters(reference, hypothesis string) Counts {
	r, h := []rune(reference), []rune(hypothesis)
	c := Counts{Words: len(r), Insertions: max(0, len(h)-len(r)), Deletions: max(0, len(r)-len(h))}
	c.Substitutions = distance(r, h) - c.Insertions - c.Deletions
	return c
}

// distance is Levenshtein's. It takes time in proportion to the length plus
// the square of the distance: for every number of errors it remembers how far
// each diagonal is reached (Ukkonen, Algorithms for approximate string
// matching, 1985).
func distance(r, h []rune) int {
	n, m := len(r), len(h)
	slide := func(i, j int) int {
		for i < n && j < m && r[i] == h[j] {
			i, j = i+1, j+1
		}
		return i
	}
	// reach[k+m+1] is the furthest i on the diagonal i-j = k; -1 is never.
	size := n + m + 3
	reach, next := make([]int, size), make([]int, size)
	for i := range reach {
		reach[i], next[i] = -1, -1
	}
	centre := m + 1
	reach[centre] = slide(0, 0)
	for errors := 0; ; errors++ {
		if reach[centre+n-m] >= n {
			return errors
		}
		for k := max(-m, -errors-1); k <= min(n, errors+1); k++ {
			at := centre + k
			i := -1
			if reach[at] >= 0 {
				i = reach[at] + 1 // substitution
			}
			if reach[at-1] >= 0 {
				i = max(i, reach[at-1]+1) // deletion
			}
			i = max(i, reach[at+1]) // insertion
			if i = min(i, n, m+k); i >= max(0, k) {
				i = slide(i, i-k)
			}
			next[at] = i
		}
		reach, next = next, reach
	}
}
