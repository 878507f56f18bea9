package card

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Memory keeps in a file what was measured, by a key that says of what. A file
// that is missing or damaged is an empty one: what was measured can be measured
// again. One goroutine at a time; of two processes that write at once the last
// is believed.
type Memory[T any] struct {
	Path string // of a JSON file; its folder need not exist
}

// Recall returns what is kept under key.
func (m Memory[T]) Recall(key string) (value T, known bool) {
	value, known = m.all()[key]
	return value, known
}

// Remember keeps value under key, in place of what was there.
func (m Memory[T]) Remember(key string, value T) error {
	all := m.all()
	all[key] = value
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return replace(m.Path, append(text, '\n'))
}

func (m Memory[T]) all() map[string]T {
	var all map[string]T
	if text, err := os.ReadFile(m.Path); err != nil || json.Unmarshal(text, &all) != nil || all == nil {
		return map[string]T{}
	}
	return all
}

// replace puts text in the place of a file, whole or not at all.
func replace(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// A Key says what a verdict is of. Where anything in it changes, the card is
// checked anew.
type Key struct {
	Model   string // the graph, such that another graph has another name
	Device  string // the card's name
	Driver  string
	Runtime string // with its version
}

func (k Key) String() string { return k.Model + k.card() }

// card is the part of a key that does not depend on the model.
func (k Key) card() string {
	return " | " + strings.Join([]string{k.Device, k.Driver, k.Runtime}, " | ")
}

// Latest returns the last verdict on a card, whatever the model was.
func Latest(m Memory[Verdict], of Key) (latest Verdict, known bool) {
	for key, v := range m.all() {
		if strings.HasSuffix(key, of.card()) && v.sound() && (!known || v.When.After(latest.When)) {
			latest, known = v, true
		}
	}
	return latest, known
}

// now is time.Now without what JSON cannot keep.
func now() time.Time { return time.Now().UTC().Truncate(time.Second) }
