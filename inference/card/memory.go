package card

import (
	"strings"
	"time"

	"fermata/models/keep"
)

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
func Latest(m keep.Map[Verdict], of Key) (latest Verdict, known bool) {
	for key, v := range m.All() {
		if strings.HasSuffix(key, of.card()) && v.sound() && (!known || v.When.After(latest.When)) {
			latest, known = v, true
		}
	}
	return latest, known
}

// now is time.Now without what JSON cannot keep.
func now() time.Time { return time.Now().UTC().Truncate(time.Second) }
