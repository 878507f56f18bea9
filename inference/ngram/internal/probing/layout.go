package probing

import (
	"encoding/binary"
	"fmt"
)

// Buckets returns how many buckets a table of n entries has. The product is of
// float32, as KenLM's is, so a large n is rounded.
func Buckets(n uint64, multiplier float32) uint64 {
	return max(n+1, uint64(multiplier*float32(n)))
}

// MaxSize is more bytes than a model may have. With it, and at most 1,000
// buckets for each entry, no size of a table overflows.
const MaxSize = 1 << 46

// A Layout says where things lie in the file, in bytes from its beginning.
type Layout struct {
	Vocabulary uint64 // version, bound and the table of words
	Unigrams   uint64
	Tables     []uint64 // of two words, of three words, …
	Words      uint64   // the end of the tables
}

// Lay returns the layout. A file of size bytes bounds what is believed of the
// counts, so that no sum overflows; more than it has is an error.
//
// A model of order 1 has one table too, which is empty and as large as if its
// words were the longest n-grams: KenLM, whose models have two orders at least,
// expects it.
func (h Header) Lay(size uint64) (Layout, error) {
	if size > MaxSize {
		return Layout{}, fmt.Errorf("a file of %d bytes is larger than any language model; copy the file again", size)
	}
	for i, n := range h.Counts {
		if n > size/8 {
			return Layout{}, fmt.Errorf("the header claims %d n-grams of order %d but the file has %d bytes; copy the file again", n, i+1, size)
		}
	}
	words := h.Counts[0]
	l := Layout{Vocabulary: h.Size()}
	end := l.Vocabulary + vocabulary
	end += Buckets(words, h.Multiplier) * WordEntry
	l.Unigrams = end
	end += (words + 1) * UnigramEntry
	for i, n := range h.longer() {
		l.Tables = append(l.Tables, end)
		end += Buckets(n, h.Multiplier) * uint64(h.entry(i))
		if end > size {
			break
		}
	}
	if end > size {
		return Layout{}, fmt.Errorf("the file has %d bytes but its header says %d or more; copy the file again", size, end)
	}
	l.Words = end
	return l, nil
}

// longer returns the counts of the tables of n-grams.
func (h Header) longer() []uint64 {
	if len(h.Counts) == 1 {
		return h.Counts
	}
	return h.Counts[1:]
}

// entry returns the size of the entries of table i.
func (h Header) entry(i int) int {
	if i == len(h.longer())-1 {
		return LongestEntry
	}
	return MiddleEntry
}

// A File is the bytes of a file, cut into its tables.
type File struct {
	vocabulary []byte
	Vocabulary Table
	Unigrams   []byte
	Tables     []Table // of two words, of three words, …; the last one without back-offs
}

// Slice cuts a file's bytes, which are at least as many as the layout needs.
func Slice(b []byte, h Header, l Layout) *File {
	f := &File{
		vocabulary: b[l.Vocabulary:l.Unigrams],
		Vocabulary: NewTable(b[l.Vocabulary+vocabulary:l.Unigrams], WordEntry),
		Unigrams:   b[l.Unigrams:l.Tables[0]],
	}
	for i, from := range l.Tables {
		to := l.Words
		if i+1 < len(l.Tables) {
			to = l.Tables[i+1]
		}
		f.Tables = append(f.Tables, NewTable(b[from:to], h.entry(i)))
	}
	return f
}

// Bound returns how many words there are, <unk> included, as the file says.
func (f *File) Bound() uint32 { return Uint32(f.vocabulary[4:]) }

// SetBound says how many words there are.
func (f *File) SetBound(n uint32) { binary.LittleEndian.PutUint32(f.vocabulary[4:], n) }

// Version returns the version of the table of words; 0 is the one we know.
func (f *File) Version() uint32 { return Uint32(f.vocabulary) }
