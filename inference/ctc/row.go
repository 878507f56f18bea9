package ctc

import "math"

// floor is the least log-probability, pyctcdecode's MIN_TOKEN_CLIP_P of 1e-15.
var floor = math.Log(1e-15)

// negligible is how far below the best a score no longer changes the sum of
// 512 exponentials in float32.
const negligible = -25

// A candidate is a token that a frame may stand for.
type candidate struct {
	id   int32
	logP float64 // natural log of its softmax, at least floor
}

// candidates appends to to the tokens of row that have a log-probability of
// at least least, and the best one always, in order of their ids. Rounding is
// as in numpy with float32 logits: the reference's _log_softmax stays in
// float32, its sums of scores do not.
func candidates(to []candidate, row []float32, least float64) []candidate {
	top := best(row)
	most := row[top]
	var sum float64
	for _, s := range row {
		if d := s - most; d > negligible {
			sum += math.Exp(float64(d))
		}
	}
	norm := float32(math.Log(sum))
	for id, s := range row {
		p := max(float64(s-most-norm), floor)
		if p >= least || id == top {
			to = append(to, candidate{int32(id), min(p, 0)})
		}
	}
	return to
}

// sumLogs returns log(exp(a) + exp(b)).
func sumLogs(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	return a + math.Log(1+math.Exp(b-a))
}
