// Package wer counts the errors of recognised texts. Most callers bring
// reference and hypothesis into the same form with [Google] or [Marks], give
// their words to [Align], sum up with [Count] and ask [Counts.Rate] and
// [Interval].
//
// The counts are those of jiwer, with which Google's notebook for MedASR
// measures. The package reads no files. It refuses to give a rate where there
// is nothing to be wrong about: without reference words a rate is NaN.
package wer

import "math"

// Counts are the errors of one text, or of many. The unit is the word or the
// character, whichever was counted.
type Counts struct {
	Words         int `json:"words"` // of the reference
	Substitutions int `json:"substitutions"`
	Deletions     int `json:"deletions"`
	Insertions    int `json:"insertions"`
}

// Count sums up an alignment.
func Count(pairs []Pair) Counts {
	var c Counts
	for _, p := range pairs {
		if p.Reference != "" {
			c.Words++
		}
		switch {
		case p.Reference == p.Hypothesis:
		case p.Hypothesis == "":
			c.Deletions++
		case p.Reference == "":
			c.Insertions++
		default:
			c.Substitutions++
		}
	}
	return c
}

// Plus returns the sum of both.
func (c Counts) Plus(d Counts) Counts {
	return Counts{c.Words + d.Words, c.Substitutions + d.Substitutions, c.Deletions + d.Deletions, c.Insertions + d.Insertions}
}

// Errors returns how many words are wrong.
func (c Counts) Errors() int { return c.Substitutions + c.Deletions + c.Insertions }

// Rate returns errors divided by reference words, 0.05 for 5 %. It is above 1
// where more was inserted than was right, and NaN without reference words.
func (c Counts) Rate() float64 {
	if c.Words == 0 {
		return math.NaN()
	}
	return float64(c.Errors()) / float64(c.Words)
}
