package cli

import (
	"errors"
	"fmt"
	"math"
	"os"

	"fermata/app/cli/npy"
)

// scores are a network's, rows of width.
type scores struct {
	values []float32
	width  int
}

func (s scores) rows() int { return len(s.values) / s.width }

// readScores reads an array of scores and refuses what no text can be made of.
func readScores(name string) (scores, error) {
	file, err := os.Open(name)
	if err != nil {
		return scores{}, fileError(err)
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return scores{}, errors.New("is a folder; name the .npy file")
	}
	a, err := npy.Floats(file)
	if err != nil {
		return scores{}, err
	}
	rows, width, err := a.Rows()
	if err != nil {
		return scores{}, err
	}
	if width == 0 {
		return scores{}, errors.New("has rows of no scores; save [T,vocabulary]")
	}
	s := scores{a.Values, width}
	if rows > 0 && s.areProbabilities() {
		return scores{}, errors.New("holds probabilities; save logits or log-probabilities")
	}
	return s, s.finite()
}

// impossible stands for the logarithm of zero, which log-probabilities may
// hold: low enough to be never chosen, and a number.
const impossible = -1e30

// finite replaces -Inf, and refuses what is no number.
func (s scores) finite() error {
	for i, v := range s.values {
		switch v := float64(v); {
		case math.IsInf(v, -1):
			s.values[i] = impossible
		case math.IsNaN(v) || math.IsInf(v, 1):
			return fmt.Errorf("row %d has a score that is no number; save the scores again", i/s.width)
		}
	}
	return nil
}

// areProbabilities says whether every row is one of a softmax: all within 0
// and 1, and 1 together.
func (s scores) areProbabilities() bool {
	for row := range s.rows() {
		sum := 0.0
		for _, v := range s.values[row*s.width : (row+1)*s.width] {
			if !(v >= 0 && v <= 1) {
				return false
			}
			sum += float64(v)
		}
		if math.Abs(sum-1) > 0.01 {
			return false
		}
	}
	return true
}
