package inference

import "slices"

// farApart is how many words two readings may differ in between the first and
// the last difference. Those of one beam differ in a few; with more, which
// would take long, only what lies outside of the differences is the same.
const farApart = 400

// shared says which words of a are in the longest common subsequence of a and
// b. What both begin and end with belongs to it; in between it is found as
// Myers does it, "An O(ND) Difference Algorithm and Its Variations",
// Algorithmica, 1986.
func shared(a, b []string) []bool {
	same := make([]bool, len(a))
	begin := 0
	for begin < min(len(a), len(b)) && a[begin] == b[begin] {
		same[begin] = true
		begin++
	}
	end := 0
	for end < min(len(a), len(b))-begin && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
		same[len(a)-end] = true
	}
	between(a[begin:len(a)-end], b[begin:len(b)-end], same[begin:])
	return same
}

// between marks in same which words of a are common to a and b. On the
// diagonal k a word of a stands k places further than its like of b; reach has
// how far in a the paths with so many differences come on each diagonal.
func between(a, b []string, same []bool) {
	var history [][]int // reach before each number of differences
	reach := make([]int, 2*farApart+3)
	const middle = farApart + 1
	for differences := 0; differences <= min(farApart, len(a)+len(b)); differences++ {
		history = append(history, slices.Clone(reach))
		for k := -differences; k <= differences; k += 2 {
			x := step(reach, middle, k, differences)
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			reach[middle+k] = x
			if x >= len(a) && x-k >= len(b) {
				retrace(history, k, x, middle, same)
				return
			}
		}
	}
}

// added says whether the path that gets furthest on diagonal k with one
// difference more has a word of b more, and not one of a.
func added(reach []int, middle, k, differences int) bool {
	return k == -differences || k != differences && reach[middle+k-1] < reach[middle+k+1]
}

// step is how far in a that path comes.
func step(reach []int, middle, k, differences int) int {
	if added(reach, middle, k, differences) {
		return reach[middle+k+1]
	}
	return reach[middle+k-1] + 1
}

// retrace goes back from x on diagonal k and marks the words that were common.
func retrace(history [][]int, k, x, middle int, same []bool) {
	for differences := len(history) - 1; differences >= 0; differences-- {
		reach := history[differences]
		from := 0
		if differences > 0 {
			from = step(reach, middle, k, differences)
		}
		for ; x > from; x-- {
			same[x-1] = true
		}
		if differences == 0 {
			return
		}
		if added(reach, middle, k, differences) {
			k++
		} else {
			k--
			x--
		}
	}
}
