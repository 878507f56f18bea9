package ngram

import (
	"fmt"

	"fermata/inference/ngram/internal/mapped"
	"fermata/inference/ngram/internal/probing"
)

// Close waits for every Guard to return and gives the file back. Later Guards
// return an error; Word and Score must not be called any more outside of them.
func (m *Model) Close() error {
	m.using.Lock()
	defer m.using.Unlock()
	if m.closed {
		return nil
	}
	m.closed = true
	if err := mapped.Close(m.bytes); err != nil {
		return fmt.Errorf("%s: it cannot be closed (%w); start Fermata again", m.name, err)
	}
	return nil
}

// Order returns the length of the longest n-grams, 1 to MaxOrder.
func (m *Model) Order() int { return len(m.counts) }

// Word returns the number of a word, 0 if the model does not have it (or if the
// file has become unreadable: it guards itself).
func (m *Model) Word(s string) (w Word) {
	fault := mapped.Guard(m.bytes, func() {
		// <unk> itself is not in the table.
		if found, ok := m.file.Vocabulary.Find(probing.Hash(s)); ok {
			w = Word(probing.Uint32(found))
		}
	})
	if fault != nil || w >= m.bound {
		return 0
	}
	return w
}

// Begin returns the state at the beginning of a text, after <s>.
func (m *Model) Begin() State { return m.begin }

// End returns the word that ends a text, </s>, or 0 if the model has none.
func (m *Model) End() Word { return m.end }

// after returns the state at the beginning of a text that opens with a word. It
// remembers the word even if it begins no longer n-gram, as KenLM's does.
func (m *Model) after(w Word) State {
	return State{
		words:    [MaxOrder - 1]Word{w},
		backoffs: [MaxOrder - 1]uint32{probing.Uint32(m.file.Unigrams[int(w)*probing.UnigramEntry+4:])},
		length:   1,
	}
}

// Guard runs f, in which the model may be used. If the file is shortened
// meanwhile, by another program or a drive that was pulled out, f ends where it
// needs what is gone and Guard returns an error, where without it the program
// would end. What f starts on other goroutines is not guarded. Guards may run
// at the same time, but not one within another.
func (m *Model) Guard(f func()) error {
	m.using.RLock()
	defer m.using.RUnlock()
	if m.closed {
		return fmt.Errorf("%s: the language model was closed; choose it again", m.name)
	}
	if err := mapped.Guard(m.bytes, f); err != nil {
		return fmt.Errorf("%s: %w; copy the file again and choose it anew", m.name, err)
	}
	return nil
}
