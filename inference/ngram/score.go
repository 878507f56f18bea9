package ngram

import (
	"math"

	"fermata/inference/ngram/internal/probing"
)

// Impossible is the score where the file says minus infinity, or no number at
// all: a log10 that no search comes back from, and that can be added up.
const Impossible = -1000

// Score returns the log10 probability of a word after the words that from
// remembers, and sets to to what is remembered then; from and to may be the
// same. A word that the model does not have scores as word 0. The result is a
// finite number whatever the file holds.
//
// It is KenLM's GenericModel::FullScore: the longest n-gram that ends with the
// word gives the probability, and the remembered words that it leaves out cost
// their back-offs. Safe for concurrent use; it allocates nothing.
func (m *Model) Score(from *State, w Word, to *State) (log10 float32) {
	log10, _ = m.score(from, w, to)
	return log10
}

// score is Score and the length of the n-gram found, 1 or more.
func (m *Model) score(from *State, w Word, to *State) (log10 float32, matched int) {
	if w >= m.bound {
		w = 0
	}
	var next State
	entry := m.file.Unigrams[int(w)*probing.UnigramEntry:]
	prob := probing.Uint32(entry)
	next.words[0], next.backoffs[0] = w, probing.Uint32(entry[4:])
	if next.backoffs[0] != probing.NoExtension {
		next.length = 1
	}
	matched = 1
	tables := m.file.Tables
	key := uint64(w)
	for i := 0; i < int(from.length) && i < len(tables) && prob&probing.Sign == 0; i++ {
		key = probing.Join(key, uint32(from.words[i]))
		found, ok := tables[i].Find(key)
		if !ok {
			break
		}
		prob, matched = probing.Uint32(found), i+2
		if i == len(tables)-1 {
			break
		}
		next.words[i+1], next.backoffs[i+1] = from.words[i], probing.Uint32(found[4:])
		if next.backoffs[i+1] != probing.NoExtension {
			next.length = uint32(matched)
		}
	}
	log10 = math.Float32frombits(prob | probing.Sign)
	for i := matched - 1; i < int(from.length); i++ {
		log10 += from.backoff(i)
	}
	next.forget()
	*to = next
	if log10-log10 != 0 { // infinite, or not a number
		log10 = Impossible
	}
	return log10, matched
}

// forget clears what lies beyond the words remembered.
func (s *State) forget() {
	clear(s.words[s.length:])
	clear(s.backoffs[s.length:])
}
