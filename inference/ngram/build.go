package ngram

import (
	"bufio"
	"errors"
	"math"

	"fermata/inference/ngram/internal/probing"
)

// A builder fills the tables in the order of an ARPA file, as KenLM's
// HashedSearch does for NoRestBuild, so that the bytes are the same. Every
// n-gram marks the shorter one that it ends with as "goes on to the left" and
// the one that it begins with as "goes on to the right". N-grams that are listed
// twice are kept twice, and the first one is found.
type builder struct {
	file    *probing.File
	words   *bufio.Writer // the words, in the order of their numbers
	bound   uint32        // number of the next word
	unknown bool          // <unk> was listed

	ids     [MaxOrder]uint32 // of the current n-gram, newest first
	shorter [][]byte         // what the current n-gram ends with, longest first, down to one that is listed
}

func newBuilder(file *probing.File, words *bufio.Writer) *builder {
	b := &builder{file: file, words: words, bound: 1}
	b.word([]byte(probing.Unknown))
	return b
}

// build takes every section of a text.
func (b *builder) build(a *arpa) error {
	if err := a.grams(1, func(g *gram) error { return told(a, b.addWord(g)) }); err != nil {
		return err
	}
	if err := b.finishWords(); err != nil {
		return err
	}
	for n := 2; n <= len(a.counts); n++ {
		add := func(g *gram) error { return b.addGram(a, n, g) }
		if err := a.grams(n, add); err != nil {
			return err
		}
	}
	b.finish()
	return a.end()
}

// word writes a word to the end of the file; a failure shows when it is flushed.
func (b *builder) word(word []byte) {
	_, _ = b.words.Write(word)
	_ = b.words.WriteByte(0)
}

// unigram is the entry of one word.
func (b *builder) unigram(id uint32) []byte {
	return b.file.Unigrams[int(id)*probing.UnigramEntry:][:probing.UnigramEntry]
}

// addWord takes a word of the first section.
func (b *builder) addWord(g *gram) error {
	id := uint32(0)
	if isUnknown(g.words[0]) {
		b.unknown = true
	} else {
		id = b.bound
		b.bound++
		entry, err := b.file.Vocabulary.Insert(probing.Hash(g.words[0]))
		if err != nil {
			return err
		}
		probing.PutUint32(entry, id)
		b.word(g.words[0])
	}
	put(b.unigram(id), g.prob, g.backoff)
	return nil
}

// put stores a probability and, where there is room for it, a back-off.
func put(entry []byte, prob, backoff uint32) {
	probing.PutUint32(entry, prob)
	if len(entry) > 4 {
		probing.PutUint32(entry[4:], backoff)
	}
}

func isUnknown(word []byte) bool {
	return string(word) == probing.Unknown || string(word) == probing.UnknownCapital
}

// finishWords makes the vocabulary complete, before the first n-gram of two.
func (b *builder) finishWords() error {
	b.file.SetBound(b.bound)
	for _, mark := range []string{"<s>", "</s>"} {
		if _, ok := b.file.Vocabulary.Find(probing.Hash(mark)); !ok {
			return errors.New("the model has no " + mark + ", the mark at the ends of a text; choose another model")
		}
	}
	return nil
}

var (
	errContext = errors.New("an n-gram whose beginning is not listed among the shorter ones; have the model made anew")
	errRepeats = errors.New("the same words are listed thousands of times; copy the file again")
	errPruned  = errors.New("too many n-grams whose endings are not listed among the shorter ones; have the model made anew, pruned less")
)

// addGram takes an n-gram of two words or more; a is where it stands, for errors.
func (b *builder) addGram(a *arpa, n int, g *gram) error {
	for i := range n {
		word := g.words[n-1-i]
		found, ok := b.file.Vocabulary.Find(probing.Hash(word))
		if !ok && !isUnknown(word) {
			return a.errorf("the word %s is not among those of the first section; copy the file again", short(word))
		}
		b.ids[i] = 0
		if ok {
			b.ids[i] = probing.Uint32(found)
		}
	}
	return told(a, b.insert(n, g))
}

// told is an error of the tables as one of the line that a has read.
func told(a *arpa, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, probing.ErrFull):
		err = errPruned
	case errors.Is(err, probing.ErrCrowded):
		err = errRepeats
	}
	return a.errorf("%w", err)
}

func (b *builder) insert(n int, g *gram) error {
	var keys [MaxOrder]uint64 // of the newest i+1 words
	keys[0] = uint64(b.ids[0])
	for i := 1; i < n; i++ {
		keys[i] = probing.Join(keys[i-1], b.ids[i])
	}
	entry, err := b.file.Tables[n-2].Insert(keys[n-1])
	if err != nil {
		return err
	}
	put(entry, g.prob|probing.Sign, g.backoff)
	if err := b.findShorter(keys[:n-1]); err != nil {
		return err
	}
	if len(b.shorter) > 1 {
		b.fillIn(n)
	}
	for _, entry := range b.shorter {
		probing.PutUint32(entry, probing.Uint32(entry)&^probing.Sign)
	}
	context := b.context(n - 1)
	if context == nil {
		return errContext
	}
	extend(context)
	return nil
}

// findShorter finds the longest listed n-gram that the current one ends with,
// and puts those between into the tables, still without a probability.
func (b *builder) findShorter(keys []uint64) error {
	b.shorter = b.shorter[:0]
	for i := len(keys) - 1; i > 0; i-- {
		table := &b.file.Tables[i-1]
		entry, found := table.Find(keys[i])
		if !found {
			var err error
			if entry, err = table.Insert(keys[i]); err != nil {
				return err
			}
			put(entry, 0, probing.NoExtension)
		}
		b.shorter = append(b.shorter, entry)
		if found {
			return nil
		}
	}
	b.shorter = append(b.shorter, b.unigram(b.ids[0]))
	return nil
}

// fillIn gives what findShorter put into the tables the probabilities that
// backing off would give them.
func (b *builder) fillIn(n int) {
	last := len(b.shorter) - 1
	prob := math.Float32frombits(probing.Uint32(b.shorter[last]) | probing.Sign)
	for i := last - 1; i >= 0; i-- {
		// The n-gram of entry i has n-1-i words, its context one less.
		if context := b.context(n - 2 - i); context != nil {
			prob += math.Float32frombits(extend(context))
		}
		probing.PutUint32(b.shorter[i], math.Float32bits(prob))
	}
}

// context is the entry of the words before the newest one, as many as asked for;
// nil if they are not listed.
func (b *builder) context(words int) []byte {
	if words == 1 {
		return b.unigram(b.ids[1])
	}
	key := uint64(b.ids[1])
	for _, id := range b.ids[2 : 1+words] {
		key = probing.Join(key, id)
	}
	entry, ok := b.file.Tables[words-2].Find(key)
	if !ok {
		return nil
	}
	return entry
}

// extend marks an entry as the beginning of longer n-grams, and returns its
// back-off.
func extend(entry []byte) uint32 {
	backoff := probing.Uint32(entry[4:])
	if backoff == probing.NoExtension {
		backoff = 0
		probing.PutUint32(entry[4:], backoff)
	}
	return backoff
}

// finish gives a model without <unk> the one that KenLM gives it.
func (b *builder) finish() {
	if !b.unknown {
		put(b.unigram(0), math.Float32bits(-100), 0)
	}
}
