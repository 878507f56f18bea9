package card

import (
	"errors"
	"math"

	"fermata/inference/ctc"
)

// Tolerance is how far the card's scores may be from the CPU's, in shares of
// their spread, the standard deviation of all of the CPU's (2 to 4 with MedASR's
// kind). Both compute in float32, which rounds by 2^-24 = 6e-8 in every step; in
// another order, and carried through the network, that shows as 1e-5 of the spread
// or less: the CPU and PyTorch differ by less than 5e-5, absolutely. Half
// precision rounds by 2^-11 = 5e-4, 8192 times as much: of the golden networks'
// scores, computed with every product and norm so rounded, some are 3e-3 to 2e-2
// of the spread away. What is more, its greatest number is 65504, while MedASR's
// activations reach 2e6 and then are no numbers at all. 1e-3 lies between: as far
// as a hundred times above the one, and a third of the least of the other.
const Tolerance = 1e-3

// compare returns the greatest difference of two answers in shares of the
// wanted one's standard deviation, and a fault where they do not agree.
func compare(got []float32, gotWidth int, want []float32, width int) (difference float64, err error) {
	switch {
	case !numbers(want) || width <= 0 || len(want) == 0:
		return 0, errors.New("the model answered on the CPU with values that are no numbers; copy the model folder again, and do not use a float16 one")
	case !numbers(got):
		return 0, noNumbers()
	case gotWidth != width || len(got) != len(want):
		return 0, differs()
	}
	var sum, squares float64
	for i, w := range want {
		w := float64(w)
		sum, squares = sum+w, squares+w*w
		difference = max(difference, math.Abs(float64(got[i])-w))
	}
	mean := sum / float64(len(want))
	if spread := math.Sqrt(squares/float64(len(want)) - mean*mean); spread > 0 {
		difference /= spread
	}
	if difference > Tolerance || !sameBest(got, want, width) {
		return difference, differs()
	}
	return difference, nil
}

// sameBest says whether greedy decoding gives the same.
func sameBest(got, want []float32, width int) bool {
	a, b := ctc.Greedy(got, width), ctc.Greedy(want, width)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].ID != b[i].ID || a[i].Start != b[i].Start || a[i].End != b[i].End {
			return false
		}
	}
	return true
}

// numbers says that no value is NaN or infinite.
func numbers(values []float32) bool {
	for _, v := range values {
		if v-v != 0 { // NaN or infinite
			return false
		}
	}
	return true
}
