package wer

// divide returns where to cut h so that aligning first with its beginning and
// second with its end is as good as aligning both at once.
func divide(first, second, h []int32) int {
	down := lastRow(first, h, func(s []int32, k int) int32 { return s[k] })
	up := lastRow(second, h, func(s []int32, k int) int32 { return s[len(s)-1-k] })
	best, at := down[0]+up[len(h)], 0
	for j := range down {
		if d := down[j] + up[len(h)-j]; d < best {
			best, at = d, j
		}
	}
	return at
}

// lastRow returns the distances of all of r to the first 0, 1, … of h, both
// taken in the order at looks at them.
func lastRow(r, h []int32, at func(s []int32, k int) int32) []int32 {
	row := make([]int32, len(h)+1)
	for j := range row {
		row[j] = int32(j)
	}
	for i := range r {
		word := at(r, i)
		diagonal := row[0]
		row[0]++
		for j := 1; j < len(row); j++ {
			d := cell(diagonal, row[j], row[j-1], word == at(h, j-1))
			diagonal, row[j] = row[j], d
		}
	}
	return row
}
