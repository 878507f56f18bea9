// Package ngram scores words by a back-off n-gram language model in KenLM's
// binary form. Use [Open], then [Model.Begin], [Model.Word] and [Model.Score],
// all of it within [Model.Guard]; [Convert] makes the binary form out of an
// ARPA file first.
//
// The file is mapped, never copied: opening one of 671 MB takes no memory and
// next to no time, and its pages come in as they are touched.
//
// It refuses, by name, every KenLM type but "probing" (rest costs, the tries),
// orders above six, and files whose sizes do not fit together. It knows nothing
// of pieces, beams or texts, and it holds no list of the words: a word outside
// the vocabulary is word 0, and a part of a word is a word like any other.
package ngram

import (
	"math"

	"fermata/inference/ngram/internal/probing"
)

// MaxOrder is the highest order of a model, which is KenLM's own default.
const MaxOrder = probing.MaxOrder

// A Word is the number of a word in a model. 0 is <unk>, the word outside the
// vocabulary.
type Word uint32

// A State is what a model remembers of the words so far: as many of the latest
// as can still matter, and what backing off from them costs. States of one model
// are equal (==) exactly if they score every further text alike by the model's
// own account; they are plain values, so a State is a fine key of a map.
//
// The zero State remembers nothing.
type State struct {
	words    [MaxOrder - 1]Word   // latest first; zero from length on
	backoffs [MaxOrder - 1]uint32 // bits of float32, so that equal means equal
	length   uint32
}

// Len returns how many words are remembered, at most MaxOrder-1.
func (s *State) Len() int { return int(s.length) }

// backoff is what it costs, as log10, to leave out the word at i and all that
// are older.
func (s *State) backoff(i int) float32 { return math.Float32frombits(s.backoffs[i]) }
