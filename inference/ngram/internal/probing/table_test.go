package probing

import (
	"errors"
	"testing"
)

// TestCrowd fills a table with one key: Insert says in the end that Find would
// not come so far, and Find gives up where Insert does.
func TestCrowd(t *testing.T) {
	const buckets, entry = 2 * crowd, WordEntry
	b := make([]byte, buckets*entry)
	table := NewTable(b, entry)
	inserted := 0
	for ; ; inserted++ {
		_, err := table.Insert(7)
		if errors.Is(err, ErrCrowded) {
			break
		}
		if err != nil || inserted > crowd {
			t.Fatalf("entry %d: %v", inserted, err)
		}
	}
	if inserted != crowd {
		t.Errorf("%d entries, want %d", inserted, crowd)
	}
	// Another key that belongs where those are, beyond what is looked at.
	const other = 7 + buckets
	if _, err := table.Insert(other); !errors.Is(err, ErrCrowded) {
		t.Errorf("inserted another: %v", err)
	}
	copy(b[(7+crowd)*entry:], []byte{7, 0, 1}) // other
	if _, found := table.Find(other); found {
		t.Error("found what is too far")
	}
}
