// Package ngramtest makes language models of any size for tests and
// benchmarks: [Random] writes one, [ARPA] writes
// it as text, [Text] is text in its language. The weights
// are random, so what such a model prefers means nothing; its sizes, and how
// often n-grams of each length are found, are like those of a real one.
//
// # The language
//
// Every word may follow every other, and each has an order of its own for what
// follows it: the word of rank r comes up in proportion to r^-1.5. The n-grams
// of a model are the most frequent ones of the language, which are those whose
// ranks, multiplied, stay below a limit. So what an n-gram begins and ends with
// is in the model too, as in models made from real text.
package ngramtest

import (
	"fmt"
	"math"
	"slices"

	"fermata/inference/ngram/internal/probing"
)

// Largest returns the sizes of a model as large as lm_6.kenlm, of which the
// number of words, of the longest n-grams and the size of the file (671 MB) are
// known: pieces of words, 16.7 million n-grams of two to five pieces and as many
// of six.
func Largest() []uint64 {
	return []uint64{519, 206_000, 1_250_000, 4_244_000, 11_000_000, 16_700_000}
}

// steepness of the followers' frequencies. With it, words of a text are found
// in the largest model as n-grams of six about half of the time.
const steepness = 1.5

// Numbers of the special words.
const (
	unknown = iota
	begin
	end
	special // how many there are
)

// A language is a source of words.
type language struct {
	words  []string // by number
	steps  []uint32 // coprime with the number of followers
	limits []uint32 // of the product of ranks, for each order; 0 for single words
	seed   uint64
}

// newLanguage finds the language of which a model with such counts is made.
func newLanguage(counts []uint64, words []string, seed uint64) (*language, error) {
	l := &language{words: []string{probing.Unknown, "<s>", "</s>"}, seed: seed}
	for _, w := range words {
		if !slices.Contains(l.words[:special], w) {
			l.words = append(l.words, w)
		}
	}
	switch {
	case len(counts) == 0 || len(counts) > probing.MaxOrder:
		return nil, fmt.Errorf("ngramtest: a model of order %d", len(counts))
	case uint64(len(l.words)) > counts[0] || counts[0] <= special || counts[0] > 1<<20:
		return nil, fmt.Errorf("ngramtest: %d words with the special ones, %d counted", len(l.words), counts[0])
	}
	for i := len(l.words); uint64(i) < counts[0]; i++ {
		l.words = append(l.words, fmt.Sprintf("filler%d", i))
	}
	for i := uint32(1); i < l.followers(); i++ {
		if gcd(i, l.followers()) == 1 {
			l.steps = append(l.steps, i)
		}
	}
	l.limit(counts)
	return l, nil
}

func gcd(a, b uint32) uint32 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// limit finds, for each order, the largest limit that leaves no more n-grams
// than counted, and none that begin with what is not there.
func (l *language) limit(counts []uint64) {
	l.limits = make([]uint32, len(counts))
	most := l.followers()
	for i := 1; i < len(counts); i++ {
		each := counts[i] / uint64(len(l.words)-2) // <unk> and </s> begin none
		for most > 0 && tuples(most, i) > each {
			most--
		}
		l.limits[i] = most
	}
}

// tuples returns how many sequences of n positive numbers have a product of at
// most limit.
func tuples(limit uint32, n int) uint64 {
	if n == 1 {
		return uint64(limit)
	}
	sum := uint64(0)
	for i := uint32(1); i <= limit; i++ {
		sum += tuples(limit/i, n-1)
	}
	return sum
}

// followers returns how many words may follow one: all but <unk> and <s>.
func (l *language) followers() uint32 { return uint32(len(l.words) - end) }

// follower returns a word's follower of a rank, 1 to followers. No two ranks of
// a word have the same.
func (l *language) follower(word, rank uint32) uint32 {
	z := mix(l.seed + uint64(word)<<32)
	step := l.steps[z%uint64(len(l.steps))]
	return end + uint32((z>>32+uint64(rank)*uint64(step))%uint64(l.followers()))
}

// each calls visit with every n-gram of n words in the model, oldest first and
// valid during the call, and with the product of its ranks.
func (l *language) each(n int, visit func(words []uint32, product uint32) error) error {
	var words [probing.MaxOrder]uint32
	for words[0] = range uint32(len(l.words)) {
		var err error
		switch {
		case n == 1:
			err = visit(words[:1], 1)
		case words[0] != unknown && words[0] != end:
			err = l.follow(&words, 1, n, 1, visit)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// follow is each for those that begin with so many of the words, of ranks with
// the given product.
func (l *language) follow(words *[probing.MaxOrder]uint32, so, n int, product uint32, visit func([]uint32, uint32) error) error {
	for rank := uint32(1); product*rank <= l.limits[n-1]; rank++ {
		words[so] = l.follower(words[so-1], rank)
		var err error
		switch {
		case so == n-1:
			err = visit(words[:n], product*rank)
		case words[so] != end:
			err = l.follow(words, so+1, n, product*rank, visit)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// mix is the end of splitmix64.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// Text returns n words in the language of the model that Random makes of the
// same counts, words and seed; sample chooses among texts. A sentence ends with
// </s>, and the next one begins without saying <s>.
func Text(counts []uint64, words []string, seed, sample uint64, n int) ([]string, error) {
	l, err := newLanguage(counts, words, seed)
	if err != nil {
		return nil, err
	}
	sums := make([]float64, l.followers())
	sum := 0.0
	for i := range sums {
		sum += math.Pow(float64(i+1), -steepness)
		sums[i] = sum
	}
	out := make([]string, n)
	state, word := mix(sample+1), uint32(begin)
	for i := range out {
		state += 0x9E3779B97F4A7C15
		rank, _ := slices.BinarySearch(sums, sum*float64(mix(state)>>11)/(1<<53))
		word = l.follower(word, min(uint32(rank)+1, l.followers()))
		out[i] = l.words[word]
		if word == end {
			word = begin
		}
	}
	return out, nil
}
