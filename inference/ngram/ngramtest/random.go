package ngramtest

import (
	"errors"
	"math"
	"os"
	"strings"
	"sync"

	"fermata/inference/ngram/internal/probing"
)

// Random writes a KenLM probing binary with the given counts of n-grams, single
// words first. Its words are <unk>, <s>, </s>, those given, then fillers up to
// the count. Its tables are as large as the counts say, but hold a little less:
// as many n-grams as there are below the limit of their ranks.
//
// It takes as much memory as the file, and some ten seconds for the largest.
func Random(path string, counts []uint64, words []string, seed uint64) error {
	l, err := newLanguage(counts, words, seed)
	if err != nil {
		return err
	}
	header := probing.Header{Counts: counts, Multiplier: probing.Multiplier, Words: true}
	layout, err := header.Lay(probing.MaxSize)
	if err != nil {
		return err
	}
	names := []byte(strings.Join(l.words, "\x00") + "\x00")
	bytes := make([]byte, layout.Words+uint64(len(names)))
	copy(bytes, header.Encode())
	copy(bytes[layout.Words:], names)
	m := &model{language: l, file: probing.Slice(bytes, header, layout)}
	if err := m.fill(); err != nil {
		return err
	}
	return os.WriteFile(path, bytes, 0o600)
}

// A model is being filled.
type model struct {
	*language
	file *probing.File
}

// fill fills every table, each on a goroutine of its own.
func (m *model) fill() error {
	err := m.fillWords()
	failed := make([]error, len(m.limits))
	var all sync.WaitGroup
	for n := 2; n <= len(m.limits); n++ {
		all.Go(func() { failed[n-1] = m.each(n, m.list) })
	}
	all.Wait()
	return errors.Join(append(failed, err)...)
}

func (m *model) fillWords() error {
	m.file.SetBound(uint32(len(m.words)))
	for i, w := range m.words {
		id := uint32(i)
		m.put(m.file.Unigrams[i*probing.UnigramEntry:][:probing.UnigramEntry], []uint32{id}, 1)
		if id == unknown {
			continue
		}
		entry, err := m.file.Vocabulary.Insert(probing.Hash(w))
		if err != nil {
			return err
		}
		probing.PutUint32(entry, id)
	}
	return nil
}

// list puts an n-gram into its table.
func (m *model) list(words []uint32, product uint32) error {
	n := len(words)
	entry, err := m.file.Tables[n-2].Insert(key(words))
	if err == nil {
		m.put(entry, words, product)
	}
	return err
}

// key is the key of an n-gram, oldest word first.
func key(words []uint32) uint64 {
	key := uint64(words[len(words)-1])
	for i := len(words) - 2; i >= 0; i-- {
		key = probing.Join(key, words[i])
	}
	return key
}

// put stores the weights of an n-gram.
func (m *model) put(entry []byte, words []uint32, product uint32) {
	prob, backoff := m.weights(words, product)
	probing.PutUint32(entry, prob)
	if len(entry) > 4 {
		probing.PutUint32(entry[4:], backoff)
	}
}

// weights are random, but their signs say whether there are longer n-grams that
// end or begin with this one: those of a further word of rank 1, if of any.
func (l *language) weights(words []uint32, product uint32) (prob, backoff uint32) {
	key, n := key(words), len(words)
	prob, backoff = weight(key, 4), weight(^key, 1)
	longer := n < len(l.limits) && product <= l.limits[n]
	if longer {
		prob &^= probing.Sign
	}
	if last := words[n-1]; !longer || last == end || last == unknown {
		backoff = probing.NoExtension
	}
	return prob, backoff
}

// weight is a random number between -most and 0, but neither, as the bits of a
// float32.
func weight(key uint64, most float32) uint32 {
	share := float32(mix(key)>>40+1) / (1<<24 + 2)
	return math.Float32bits(-most * share)
}
