package card

import (
	"errors"
	"fmt"
	"time"
)

// A fault is what is wrong with a card, in words that follow its name or "the
// card".
type fault struct {
	words string
	final bool          // the same would be found again
	cause error         // nil where there is none
	after time.Duration // of waiting, 0 if it was not for that
}

func (f *fault) Error() string {
	if f.cause == nil {
		return f.words
	}
	return fmt.Sprintf("%s (%v)", f.words, f.cause)
}

func (f *fault) Unwrap() error { return f.cause }

// differs is the fault of a card that computes something else.
func differs() *fault { return &fault{words: "the card's answer differs", final: true} }

// failure is a fault for an error of the card's.
func failure(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	return &fault{words: "the graphics card failed", cause: err}
}

// noNumbers is the fault of a card that answers with NaN or infinity.
func noNumbers() *fault {
	return &fault{words: "the card's answer has values that are no numbers", final: true}
}

// late is the fault of a card that does not answer in time.
func late(after time.Duration) *fault {
	return &fault{words: "the graphics card does not answer", after: after}
}
