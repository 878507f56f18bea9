// Package ctc turns a network's scores into tokens and tokens into text. In
// most cases call [Greedy] on the logits of a whole recording, drop what
// [Vocabulary.Shown] says is never shown, and give the ids that remain to
// [Vocabulary.Text]. Where there is a language model, bind it to the
// vocabulary with [NewLanguage] and let a [Beam] search with [GoogleBeam]'s
// options: its [Beam.Best] hold nothing that is not shown.
//
// Collapsing happens in Greedy and in Beam and nowhere else, so ids that come
// from them may hold the same id twice in a row and Text leaves them alone. The
// package reads no files; a vocabulary is the list of its pieces. It refuses
// lists whose first piece is not the blank, and language models made for other
// pieces.
package ctc

import "math"

// Blank is the id of the symbol that stands between tokens.
const Blank = 0

// A Token is one emission of the network: a run of frames that stand for the
// same id.
type Token struct {
	ID         int
	Start, End int // frames, half open
	// Confidence is 0 to 1: from Greedy the mean softmax posterior of ID over
	// the frames, from Beam what its hypotheses agree on, see Hypothesis.
	Confidence float64
}

// Greedy returns the tokens of logits, row-major rows of vocab unnormalised
// scores: the best id of each row (the lowest of equals, as torch.argmax
// gives), equal neighbours made one, blanks dropped. Ids that are never shown,
// such as "</s>", are still among them. A NaN never is the best score, and a
// row of nothing else counts as blank. An incomplete last row is left out.
func Greedy(logits []float32, vocab int) []Token {
	if vocab <= 0 {
		return nil
	}
	var tokens []Token
	last := Blank
	for frame := range len(logits) / vocab {
		row := logits[frame*vocab : (frame+1)*vocab]
		id := best(row)
		switch id {
		case Blank:
		case last:
			t := &tokens[len(tokens)-1]
			t.End = frame + 1
			t.Confidence += posterior(row, id)
		default:
			tokens = append(tokens, Token{ID: id, Start: frame, End: frame + 1, Confidence: posterior(row, id)})
		}
		last = id
	}
	for i := range tokens {
		tokens[i].Confidence /= float64(tokens[i].End - tokens[i].Start)
	}
	return tokens
}

// best returns the lowest id among the greatest scores.
func best(row []float32) int {
	id, score := Blank, float32(math.Inf(-1))
	for i, s := range row {
		if s > score {
			id, score = i, s
		}
	}
	return id
}

// posterior returns the softmax of row at id, id being its best.
func posterior(row []float32, id int) float64 {
	top := float64(row[id])
	if math.IsInf(top, 1) {
		return 1 // the limit; the formula would be ∞-∞
	}
	var sum float64
	for _, s := range row {
		if e := math.Exp(float64(s) - top); e == e { // not NaN
			sum += e
		}
	}
	return 1 / sum
}
