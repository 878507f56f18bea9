package probing

import "encoding/binary"

// Hash returns the key of a word in the table of words: MurmurHash64A of its
// bytes with seed 0 (Austin Appleby, public domain).
func Hash[T string | []byte](word T) uint64 {
	const mul = 0xc6a4a7935bd1e995
	h := uint64(len(word)) * mul
	for ; len(word) >= 8; word = word[8:] {
		k := load(word[:8]) * mul
		k ^= k >> 47
		h = (h ^ k*mul) * mul
	}
	if len(word) > 0 {
		h = (h ^ load(word)) * mul
	}
	h = (h ^ h>>47) * mul
	return h ^ h>>47
}

// load reads up to 8 bytes, the first one lowest.
func load[T string | []byte](b T) uint64 {
	var v uint64
	for i := range len(b) {
		v |= uint64(b[i]) << (8 * i)
	}
	return v
}

// Join returns the key of an n-gram that is one word longer to the left than
// the one with the given key. The key of a single word is its number, so keys
// grow from the newest word backwards.
func Join(key uint64, word uint32) uint64 {
	return key*8978948897894561157 ^ (1+uint64(word))*17894857484156487943
}

// Uint32 loads four bytes that may lie anywhere.
func Uint32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }

// PutUint32 stores four bytes that may lie anywhere.
func PutUint32(b []byte, v uint32) { binary.LittleEndian.PutUint32(b, v) }
