package probing

import (
	"encoding/binary"
	"errors"
)

// Why nothing can be inserted.
var (
	ErrFull    = errors.New("a table is full")
	ErrCrowded = errors.New("too many buckets in a row are full")
)

// crowd is how many buckets an entry may be from where its key belongs. Hashes
// that are spread as they should be fill a few thousand in a row even in tables
// of 10^8 entries with LeastMultiplier, some hundred with Multiplier; what is
// beyond was made so that looking for it takes for ever.
const crowd = 1 << 14

// A Table is a hash table with linear probing in bytes that somebody else owns.
// An entry opens with its key of eight bytes; the key 0 is an empty bucket.
// The bucket of a key is the key modulo the number of buckets. Reading is safe
// for concurrent use.
type Table struct {
	bytes   []byte
	entry   uint64 // bytes
	buckets uint64
	used    uint64 // entries inserted by Insert
}

// NewTable returns the table in whole entries of bytes.
func NewTable(bytes []byte, entry int) Table {
	return Table{bytes: bytes, entry: uint64(entry), buckets: uint64(len(bytes) / entry)}
}

// Buckets returns how many entries there is room for, full or empty.
func (t *Table) Buckets() uint64 { return t.buckets }

// Find returns what follows a key in its entry. It looks at as many buckets as
// Insert and at each once at most, so it ends soon even in a table without an
// empty one.
func (t *Table) Find(key uint64) ([]byte, bool) {
	if t.buckets == 0 {
		return nil, false
	}
	i := key % t.buckets
	for range min(t.buckets, crowd) {
		entry := t.bytes[i*t.entry : (i+1)*t.entry]
		switch binary.LittleEndian.Uint64(entry) {
		case key:
			return entry[8:], true
		case 0:
			return nil, false
		}
		if i++; i == t.buckets {
			i = 0
		}
	}
	return nil, false
}

// Insert takes the first empty bucket for a key, wherever the key may be
// already, and returns what follows it. One bucket always stays empty: a table
// without one returns ErrFull. An entry that Find would not come to, as of a key
// that was inserted thousands of times, is ErrCrowded.
func (t *Table) Insert(key uint64) ([]byte, error) {
	if t.used+1 >= t.buckets {
		return nil, ErrFull
	}
	i := key % t.buckets
	for range min(t.buckets, crowd) {
		entry := t.bytes[i*t.entry : (i+1)*t.entry]
		if binary.LittleEndian.Uint64(entry) == 0 {
			t.used++
			binary.LittleEndian.PutUint64(entry, key)
			return entry[8:], nil
		}
		if i++; i == t.buckets {
			i = 0
		}
	}
	return nil, ErrCrowded
}
