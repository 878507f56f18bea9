package probing

import (
	"encoding/binary"
	"errors"
	"testing"
)

// TestCrowd fills as many buckets in a row as are looked at, and one less: Insert
// and Find come to the same end.
func TestCrowd(t *testing.T) {
	const buckets, key, other = 2 * crowd, 7, 7 + 2*crowd // both belong into bucket 7
	for _, full := range []int{crowd - 1, crowd} {
		b := make([]byte, buckets*WordEntry)
		for i := range full {
			binary.LittleEndian.PutUint64(b[(key+i)*WordEntry:], key)
		}
		table := NewTable(b, WordEntry)
		_, err := table.Insert(other)
		if full < crowd && err != nil || full == crowd && !errors.Is(err, ErrCrowded) {
			t.Errorf("%d full: %v", full, err)
		}
		if full == crowd {
			binary.LittleEndian.PutUint64(b[(key+crowd)*WordEntry:], other)
		}
		if _, found := table.Find(other); found != (full < crowd) {
			t.Errorf("%d full: found is %v", full, found)
		}
	}
}
