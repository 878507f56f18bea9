// Package keep writes small files whole or not at all. Use [Whole] for a text, and
// a [Map] for what was measured or found once and need not be again.
//
// It knows nothing of what it keeps, and it is not for large files, which nobody
// should have in memory.
package keep

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
)

// Whole puts text in the place of a file, whole or not at all: it is written beside
// path, waited for until it is on the disk, and renamed, so that path never holds
// half of it. Folders that are missing are made, for the user alone. An error is the
// system's; the file is then as it was. Safe for concurrent use: the last wins.
func Whole(path string, text []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error is the one to tell
	}
	return err
}

// Map keeps values in a file, each by a key that says what it is of. A file
// that is missing or damaged is an empty one: what was measured can be measured
// again. One goroutine at a time; of two processes that write at once the last
// is believed.
type Map[T any] struct {
	Path string // of a JSON file; its folder need not exist
}

// Recall returns what is kept under key.
func (m Map[T]) Recall(key string) (value T, known bool) {
	value, known = m.All()[key]
	return value, known
}

// Remember keeps value under key, in place of what was there.
func (m Map[T]) Remember(key string, value T) error {
	all := m.All()
	all[key] = value
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return Whole(m.Path, append(text, '\n'))
}

// All returns everything that is kept; the map is the caller's.
func (m Map[T]) All() map[string]T {
	var all map[string]T
	if text, err := os.ReadFile(m.Path); err != nil || json.Unmarshal(text, &all) != nil || all == nil {
		return map[string]T{}
	}
	return all
}
