package wer

// A Pair is one place of an alignment: a word of the reference and what stands
// there in the hypothesis. One of the two is "" where the other has no
// partner.
type Pair struct{ Reference, Hypothesis string }

// Align pairs the words of two texts with as few errors as can be
// (Levenshtein's distance). Among alignments that are equally good it takes
// the one that jiwer takes, up to texts of a few thousand words; beyond, the
// texts are halved first, which keeps the memory small (Hirschberg, A linear
// space algorithm for computing maximal common subsequences, 1975). Words must
// not be empty.
func Align(reference, hypothesis []string) []Pair {
	r, h := number(reference, hypothesis)
	a := aligner{reference: reference, hypothesis: hypothesis}
	a.align(r, h, 0, 0)
	return a.pairs
}

// number gives every word a number, equal words the same.
func number(texts ...[]string) (r, h []int32) {
	seen := map[string]int32{}
	numbers := make([][]int32, len(texts))
	for i, text := range texts {
		numbers[i] = make([]int32, len(text))
		for j, word := range text {
			n, ok := seen[word]
			if !ok {
				n = int32(len(seen))
				seen[word] = n
			}
			numbers[i][j] = n
		}
	}
	return numbers[0], numbers[1]
}

// mostCells is the size of a table that is still filled as a whole, in bytes.
const mostCells = 1 << 22

// An aligner collects pairs from the first to the last.
type aligner struct {
	reference, hypothesis []string
	pairs                 []Pair
}

// align pairs r, which starts at word i of the reference, with h, which starts
// at word j of the hypothesis.
func (a *aligner) align(r, h []int32, i, j int) {
	head := common(r, h, func(s []int32, k int) int32 { return s[k] })
	a.matches(i, j, head)
	r, h, i, j = r[head:], h[head:], i+head, j+head
	tail := common(r, h, func(s []int32, k int) int32 { return s[len(s)-1-k] })
	r, h = r[:len(r)-tail], h[:len(h)-tail]
	switch {
	case len(r) > 1 && len(h) > 0 && len(r) > mostCells/len(h):
		middle := len(r) / 2
		at := divide(r[:middle], r[middle:], h)
		a.align(r[:middle], h[:at], i, j)
		a.align(r[middle:], h[at:], i+middle, j+at)
	default:
		a.backtrack(table(r, h), len(r), len(h), i, j)
	}
	a.matches(i+len(r), j+len(h), tail)
}

// common returns how many elements agree, in the order at looks at them.
func common(r, h []int32, at func(s []int32, k int) int32) int {
	n := 0
	for n < min(len(r), len(h)) && at(r, n) == at(h, n) {
		n++
	}
	return n
}

func (a *aligner) matches(i, j, n int) {
	for k := range n {
		a.pairs = append(a.pairs, Pair{a.reference[i+k], a.hypothesis[j+k]})
	}
}

// The ways into a cell of the table.
const (
	replaced = iota // or equal
	deleted
	inserted
)

// table returns the way to go back from each cell, [len(h)+1][len(r)+1]. The
// order of preference is rapidfuzz's, on which jiwer stands: deletion, then
// insertion if the cell to its left is worse than the one above that, then
// replacement.
func table(r, h []int32) []byte {
	width := len(r) + 1
	ways := make([]byte, width*(len(h)+1))
	above := make([]int32, width) // distances of the row before
	row := make([]int32, width)
	for i := range above {
		above[i] = int32(i)
		ways[i] = deleted
	}
	for j, word := range h {
		row[0] = int32(j + 1)
		ways[(j+1)*width] = inserted
		for i := 1; i < width; i++ {
			row[i] = cell(above[i-1], above[i], row[i-1], r[i-1] == word)
			switch {
			case row[i] == row[i-1]+1:
				ways[(j+1)*width+i] = deleted
			case j > 0 && above[i] == above[i-1]-1:
				ways[(j+1)*width+i] = inserted
			}
		}
		above, row = row, above
	}
	return ways
}

// cell is the distance at a cell from its three neighbours'.
func cell(diagonal, above, left int32, equal bool) int32 {
	if equal {
		return min(diagonal, above+1, left+1)
	}
	return min(diagonal, above, left) + 1
}

// backtrack appends the pairs of a table of n words by m.
func (a *aligner) backtrack(ways []byte, n, m, i, j int) {
	var back []Pair
	for width := n + 1; n > 0 || m > 0; {
		switch ways[m*width+n] {
		case deleted:
			n--
			back = append(back, Pair{Reference: a.reference[i+n]})
		case inserted:
			m--
			back = append(back, Pair{Hypothesis: a.hypothesis[j+m]})
		default:
			n, m = n-1, m-1
			back = append(back, Pair{a.reference[i+n], a.hypothesis[j+m]})
		}
	}
	for k := len(back) - 1; k >= 0; k-- {
		a.pairs = append(a.pairs, back[k])
	}
}
