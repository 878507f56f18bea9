package wer

import (
	"math"
	"math/rand/v2"
	"slices"
)

// resamples is how many corpora are drawn for an interval.
const resamples = 1000

// Interval returns the 95 % interval of the rate of all recordings together:
// the recordings are drawn anew, with replacement, a thousand times, and the
// 25th and 975th of the sorted rates are taken (the percentile bootstrap;
// Bisani and Ney, Bootstrap estimates for confidence intervals in ASR
// performance evaluation, 2004). The seed is fixed: the same counts give the
// same interval. With fewer than two recordings there is none: both are NaN.
func Interval(recordings []Counts) (low, high float64) {
	if len(recordings) < 2 {
		return math.NaN(), math.NaN()
	}
	random := rand.New(rand.NewPCG(20, 2))
	rates := make([]float64, 0, resamples)
	for range resamples {
		var all Counts
		for range recordings {
			all = all.Plus(recordings[random.IntN(len(recordings))])
		}
		if all.Words > 0 {
			rates = append(rates, all.Rate())
		}
	}
	if len(rates) == 0 {
		return math.NaN(), math.NaN()
	}
	slices.Sort(rates)
	return rates[(len(rates)-1)*25/1000], rates[(len(rates)-1)*975/1000]
}
