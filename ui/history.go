package ui

import "unicode"

// A change is one edit of the note: at rune at, removed gave way to inserted.
type change struct {
	at                int
	removed, inserted []rune
}

// difference is the change that makes before into after. Where several would
// do (one a too many in "aaa") it is the one that begins at or before limit,
// the place of the caret.
func difference(before, after []rune, limit int) change {
	most := min(len(before), len(after))
	start := 0
	for start < min(most, limit) && before[start] == after[start] {
		start++
	}
	end := 0
	for end < most-start && before[len(before)-1-end] == after[len(after)-1-end] {
		end++
	}
	return change{
		at:       start,
		removed:  append([]rune(nil), before[start:len(before)-end]...),
		inserted: append([]rune(nil), after[start:len(after)-end]...),
	}
}

// none says that c changes nothing.
func (c change) none() bool { return len(c.removed) == 0 && len(c.inserted) == 0 }

// inverse undoes c.
func (c change) inverse() change {
	return change{at: c.at, removed: c.inserted, inserted: c.removed}
}

// apply returns text as it stands after c.
func (c change) apply(text []rune) []rune {
	after := make([]rune, 0, len(text)+len(c.inserted)-len(c.removed))
	after = append(after, text[:c.at]...)
	after = append(after, c.inserted...)
	return append(after, text[c.at+len(c.removed):]...)
}

// move is where a place in the text is after c. A place right at an insertion
// stays before it, unless after is set.
func (c change) move(place int, after bool) int {
	switch {
	case place < c.at || place == c.at && !after && len(c.removed) == 0:
		return place
	case place <= c.at+len(c.removed):
		if after {
			return c.at + len(c.inserted)
		}
		return c.at
	default:
		return place + len(c.inserted) - len(c.removed)
	}
}

// history is what undo and redo go through. The zero value is empty.
//
// It is the note's own and not [widget.Entry]'s, because that one takes two
// steps where a selection is replaced, joins what is typed to the dictation
// before it, and is emptied by SetText.
type history struct {
	done, undone []change
	sealed       bool // the last step is whole: nothing joins it
}

// add remembers c. With joins, c becomes part of the step before it where the
// two are one word typed or one run of letters taken away.
func (h *history) add(c change, joins bool) {
	h.undone = nil
	if joins && !h.sealed && len(h.done) > 0 && h.done[len(h.done)-1].join(c) {
		return
	}
	h.done = append(h.done, c)
	h.sealed = !joins
}

// join adds next to c and says whether it could.
func (c *change) join(next change) bool {
	typed := len(c.removed) == 0 && len(next.removed) == 0
	taken := len(c.inserted) == 0 && len(next.inserted) == 0
	switch {
	case typed && c.at+len(c.inserted) == next.at && !beginsWord(c.inserted, next.inserted):
		c.inserted = append(c.inserted, next.inserted...)
	case taken && next.at+len(next.removed) == c.at:
		c.at, c.removed = next.at, append(next.removed, c.removed...)
	case taken && next.at == c.at:
		c.removed = append(c.removed, next.removed...)
	default:
		return false
	}
	return true
}

// beginsWord says that typing next after last starts another word.
func beginsWord(last, next []rune) bool {
	return unicode.IsSpace(last[len(last)-1]) && !unicode.IsSpace(next[0])
}

// undo is the change that takes the last step back.
func (h *history) undo() (change, bool) {
	if len(h.done) == 0 {
		return change{}, false
	}
	c := h.done[len(h.done)-1]
	h.done, h.undone = h.done[:len(h.done)-1], append(h.undone, c)
	h.sealed = true
	return c.inverse(), true
}

// redo is the change that takes the last undo back.
func (h *history) redo() (change, bool) {
	if len(h.undone) == 0 {
		return change{}, false
	}
	c := h.undone[len(h.undone)-1]
	h.undone, h.done = h.undone[:len(h.undone)-1], append(h.done, c)
	h.sealed = true
	return c, true
}
