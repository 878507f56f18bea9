package cli

import (
	"fmt"
	"math"
	"slices"

	"fermata/inference/ctc"
	"fermata/inference/mel"
)

func featureStage(got, want []float32) stage {
	s := stage{Name: "features", Of: "the samples", Tolerance: featureTolerance}
	if len(got) != len(want) {
		return s.unlike("frames", len(got)/mel.Bins, len(want)/mel.Bins)
	}
	difference, at := furthest(got, want)
	if difference > 0 {
		s.Difference = difference
		s.Where = fmt.Sprintf("in frame %d (%.2f s), bin %d", at/mel.Bins, 0.01*float64(at/mel.Bins), at%mel.Bins)
	}
	return s
}

func scoreStage(of string, tolerance float64, got []float32, width int, r *reference) stage {
	s := stage{Name: "scores", Of: of, Tolerance: tolerance, Unit: " of the largest score"}
	if width != r.width {
		return s.unlike("scores in a row", width, r.width)
	}
	if len(got) != len(r.logits) {
		return s.unlike("rows", len(got)/width, len(r.logits)/width)
	}
	difference, at := furthest(got, r.logits)
	if difference > 0 {
		s.Difference = difference / r.top()
		s.Where = fmt.Sprintf("in row %d (%.2f s), id %d", at/width, rowSeconds(at/width), at%width)
	}
	return s
}

func idStage(of string, tolerance float64, got, want []int64, v *ctc.Vocabulary) stage {
	s := stage{Name: "ids", Of: of, Tolerance: tolerance, Unit: " of the rows"}
	if len(got) != len(want) {
		return s.unlike("rows", len(got), len(want))
	}
	wrong := 0
	for row := range got {
		if got[row] == want[row] {
			continue
		}
		if wrong++; wrong == 1 {
			s.Where = fmt.Sprintf("first in row %d (%.2f s), where Fermata has %q and the reference %q",
				row, rowSeconds(row), v.Piece(int(got[row])), v.Piece(int(want[row])))
		}
	}
	if wrong > 0 {
		s.Difference = float64(wrong) / float64(len(got))
		s.Where = fmt.Sprintf("%d of %d rows, %s", wrong, len(got), s.Where)
	}
	return s
}

func textStage(of, got, want string) stage {
	s := stage{Name: "text", Of: of}
	if got == want {
		return s
	}
	g, w := []rune(got), []rune(want)
	at := 0
	for at < min(len(g), len(w)) && g[at] == w[at] {
		at++
	}
	s.Difference = 1
	s.Where = fmt.Sprintf("from character %d on Fermata has %q and the reference %q", at, excerpt(g, at), excerpt(w, at))
	return s
}

// excerpt is a few characters around the one at.
func excerpt(text []rune, at int) string {
	return string(text[max(0, at-10):min(len(text), at+20)])
}

// unlike is the stage when there are not as many of something as there should
// be.
func (s stage) unlike(what string, got, want int) stage {
	s.Difference, s.Tolerance, s.Unit = 1, 0, ""
	s.Where = fmt.Sprintf("Fermata has %d %s and the reference %d", got, what, want)
	return s
}

// noNumber is the difference from what is no number.
const noNumber = 1e30

// furthest returns the greatest difference of two values and where it is.
func furthest(got, want []float32) (difference float64, at int) {
	for i := range got {
		d := math.Abs(float64(got[i]) - float64(want[i]))
		if math.IsNaN(d) || d > noNumber {
			return noNumber, i
		}
		if d > difference {
			difference, at = d, i
		}
	}
	return difference, at
}

// rowSeconds is where a row begins: one is 40 ms.
func rowSeconds(row int) float64 { return 0.04 * float64(row) }

// scaleNote tells the commonest fault of all: samples that were divided by
// 32767 and not by 32768, or not at all. Then all features above the floor
// differ by the same amount, twice the logarithm of the factor.
func scaleNote(got, want []float32) string {
	if len(got) != len(want) {
		return ""
	}
	const floor = -11.5
	var apart []float64
	for i := range got {
		if got[i] > floor && want[i] > floor {
			apart = append(apart, float64(want[i])-float64(got[i]))
		}
	}
	if len(apart) == 0 {
		return ""
	}
	slices.Sort(apart)
	low, middle, high := apart[len(apart)/20], apart[len(apart)/2], apart[len(apart)*19/20]
	if math.Abs(middle) < 10*featureTolerance || high-low > math.Abs(middle)/5 {
		return ""
	}
	return fmt.Sprintf("The reference's features are those of samples %.7g times as large as its own; they were scaled after it read them.", math.Exp(middle/2))
}
