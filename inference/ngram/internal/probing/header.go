package probing

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

const (
	magic      = "mmap lm http://kheafield.com/code format version 5\n"
	anyVersion = "mmap lm http://kheafield.com/code format version "
	incomplete = "mmap lm http://kheafield.com/code incomplete\n"
)

// Places in the header.
const (
	sanityAt     = 56
	orderAt      = 88
	multiplierAt = 92
	typeAt       = 96
	wordsAt      = 100
	searchAt     = 104
	countsAt     = 108
)

// MaxHeader is how many bytes Parse needs of a file, if there are that many.
const MaxHeader = countsAt + 8*MaxOrder + 4

// A Header opens the file.
type Header struct {
	Counts     []uint64 // n-grams of each order, one word first
	Multiplier float32  // buckets of a table for each of its entries
	Words      bool     // the words themselves end the file
}

// types are KenLM's kinds of model, by number.
var types = [...]string{
	"probing hash tables", "probing hash tables with rest costs", "trie",
	"trie with quantization", "trie with array-compressed pointers",
	"trie with quantization and array-compressed pointers",
}

// Size returns the header's length, which is a multiple of eight.
func (h Header) Size() uint64 { return (countsAt + 8*uint64(len(h.Counts)) + 7) &^ 7 }

// sanity is what KenLM writes to know byte order and number formats again.
func sanity() []byte {
	b := make([]byte, orderAt)
	copy(b, magic)
	for i, f := range []float32{0, 1, -0.5} {
		PutUint32(b[sanityAt+4*i:], math.Float32bits(f))
	}
	PutUint32(b[sanityAt+12:], 1)
	PutUint32(b[sanityAt+16:], math.MaxUint32)
	binary.LittleEndian.PutUint64(b[sanityAt+24:], 1)
	return b
}

// Encode returns the header as KenLM writes it.
func (h Header) Encode() []byte {
	b := make([]byte, h.Size())
	copy(b, sanity())
	b[orderAt] = byte(len(h.Counts))
	PutUint32(b[multiplierAt:], math.Float32bits(h.Multiplier))
	if h.Words {
		b[wordsAt] = 1
	}
	for i, n := range h.Counts {
		binary.LittleEndian.PutUint64(b[countsAt+8*i:], n)
	}
	return b
}

// Parse reads the header from the first MaxHeader bytes of a file, or from all
// of a shorter one.
func Parse(b []byte) (Header, error) {
	if err := recognise(b); err != nil {
		return Header{}, err
	}
	order := int(b[orderAt])
	switch kind := Uint32(b[typeAt:]); {
	case kind >= uint32(len(types)):
		return Header{}, fmt.Errorf("a KenLM model of the unknown type %d; use one that build_binary made with the type \"probing\"", kind)
	case kind != 0:
		return Header{}, fmt.Errorf("a KenLM model of the type %q, which Fermata does not read; make one of the type \"probing\" with build_binary, or use the ARPA file", types[kind])
	case Uint32(b[searchAt:]) != 0:
		return Header{}, fmt.Errorf("KenLM's probing tables of version %d, Fermata reads version 0; make the file again with KenLM's build_binary", Uint32(b[searchAt:]))
	case order < 1 || order > MaxOrder:
		return Header{}, fmt.Errorf("the model is of order %d, Fermata reads orders 1 to %d; use a model with shorter n-grams", order, MaxOrder)
	case len(b) < countsAt+8*order:
		return Header{}, errTruncated
	case b[wordsAt] > 1:
		return Header{}, errDamaged
	}
	h := Header{Counts: make([]uint64, order), Words: b[wordsAt] == 1}
	for i := range h.Counts {
		h.Counts[i] = binary.LittleEndian.Uint64(b[countsAt+8*i:])
	}
	h.Multiplier = math.Float32frombits(Uint32(b[multiplierAt:]))
	if !(h.Multiplier >= 1 && h.Multiplier <= 1000) {
		return Header{}, fmt.Errorf("the header claims %v buckets for each n-gram; copy the file again", h.Multiplier)
	}
	if h.Multiplier < LeastMultiplier {
		return Header{}, fmt.Errorf("its tables are too full, with %v buckets for each n-gram; make the file again with KenLM's build_binary without -p", h.Multiplier)
	}
	return h, nil
}

var (
	errTruncated = errors.New("the file ends within its header; copy the file again")
	errDamaged   = errors.New("the header is damaged; copy the file again")
)

// recognise says what a file is that is not a KenLM binary of version 5 and of
// this byte order, and checks that the fixed part of the header is there.
func recognise(b []byte) error {
	switch {
	case len(b) == 0:
		return errors.New("the file is empty; copy the file again")
	case bytes.HasPrefix(b, []byte(incomplete)):
		return errors.New("the file was never finished by KenLM's build_binary; make it again")
	case bytes.HasPrefix(b, []byte{0x1f, 0x8b}) || bytes.HasPrefix(b, []byte("\xfd7zXZ\x00")):
		return errors.New("a compressed file; let its name end in .arpa.gz or .arpa.xz if it holds an ARPA file, or unpack it first")
	case looksLikeARPA(b):
		return errors.New("an ARPA file, which has to be converted first; let its name end in .arpa")
	case !bytes.HasPrefix(b, []byte(anyVersion)):
		return errors.New("not a KenLM language model; choose a file that KenLM's build_binary made, or an ARPA file whose name ends in .arpa")
	case !bytes.HasPrefix(b, []byte(magic)):
		return errors.New("a KenLM file of another version, Fermata reads version 5; make the file again with a newer KenLM")
	case len(b) < countsAt:
		return errTruncated
	case bytes.Equal(b[sanityAt+4:sanityAt+8], []byte{0x3f, 0x80, 0, 0}):
		return errors.New("made on a machine with another byte order; make the file again on this kind of machine")
	case !bytes.Equal(b[:orderAt], sanity()):
		return errors.New("the test values of the header do not match, so another kind of machine made the file or it is damaged; make it again with KenLM's build_binary")
	}
	return nil
}

// looksLikeARPA reports whether the first line that is neither empty nor a
// comment is \data\.
func looksLikeARPA(b []byte) bool {
	for line := range bytes.Lines(b) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' {
			return bytes.Equal(line, []byte(`\data\`))
		}
	}
	return false
}
