package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	doc "fermata/app/note"
)

// note is the text the user dictates and edits. It is Fyne's entry with the
// key to hold, an undo of its own (see [history]), and a caret that counts in
// runes of the text and not in rows of the window.
type note struct {
	widget.Entry
	key      *holdKey
	commands map[string]func()   // by the name of their shortcut
	board    fyne.Clipboard      // where the menu and the keys copy to
	menu     func(fyne.Position) // asks what to do with the text under the pointer
	edited   func()              // the text or what can be undone has changed

	history history
	places  places
	// Fyne cannot show a caret behind a space at which a row is wrapped.
	// Where shown has the row and column of the caret, at is where it is.
	shown struct{ row, column, at int }
}

var (
	_ desktop.Keyable   = (*note)(nil)
	_ fyne.Shortcutable = (*note)(nil)
)

func newNote(key *holdKey) *note {
	n := &note{key: key, commands: map[string]func(){}, menu: func(fyne.Position) {}, edited: func() {}}
	n.MultiLine = true
	n.Wrapping = fyne.TextWrapWord
	n.ExtendBaseWidget(n)
	return n
}

// insert puts a dictation's text where its key came up, with the spaces and
// the capital that the place asks for, as one step of undo. What was selected
// there gives way. The user's own caret stays in the words it is in.
func (n *note) insert(written string) {
	caret := n.caret()
	at := n.places.next(caret)
	before := []rune(n.Text)
	if from, to := n.selection(); from <= at && at <= to && from < to {
		n.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
		at, caret = from, from
	}
	text := []rune(n.Text)
	at = min(at, len(text))
	ins := change{at: at, inserted: []rune(doc.Insertion(string(text[:at]), string(text[at:]), written))}
	n.put(ins.apply(text), ins.move(caret, true))
	n.record(before, at, false)
	n.places.filled(ins)
}

// clear empties the note as one step of undo.
func (n *note) clear() {
	before := []rune(n.Text)
	n.put(nil, 0)
	n.record(before, 0, false)
}

// Undo takes the last edit or dictation back.
func (n *note) Undo() {
	if c, ok := n.history.undo(); ok {
		n.travel(c)
	}
}

// Redo does again what was undone.
func (n *note) Redo() {
	if c, ok := n.history.redo(); ok {
		n.travel(c)
	}
}

func (n *note) travel(c change) {
	n.put(c.apply([]rune(n.Text)), c.at+len(c.inserted))
	n.places.edited(c)
	n.edited()
}

// edit runs do, which may change the text, and remembers what it did.
func (n *note) edit(joins bool, do func()) {
	before, caret := []rune(n.Text), n.caret()
	do()
	if n.CursorRow != n.shown.row || n.CursorColumn != n.shown.column || string(before) != n.Text {
		n.shown.at = 0
	}
	limit := min(caret, n.CursorTextOffset())
	if c, changed := n.record(before, limit, joins); changed {
		n.places.edited(c)
		n.place(c.at + len(c.inserted))
	}
}

func (n *note) record(before []rune, limit int, joins bool) (c change, changed bool) {
	c = difference(before, []rune(n.Text), limit)
	if c.none() {
		return c, false
	}
	n.history.add(c, joins)
	n.edited()
	return c, true
}

// put shows text with the caret at rune caret.
func (n *note) put(text []rune, caret int) {
	if n.SelectedText() != "" { // Fyne would keep it over other words
		n.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	}
	n.SetText(string(text))
	n.shown.at = 0
	n.place(caret)
}

// caret is how many runes stand before the caret.
func (n *note) caret() int {
	if n.CursorRow == n.shown.row && n.CursorColumn == n.shown.column && n.shown.at == n.CursorTextOffset()+1 {
		if text := []rune(n.Text); n.shown.at <= len(text) && unicode.IsSpace(text[n.shown.at-1]) {
			return n.shown.at
		}
	}
	return min(n.CursorTextOffset(), utf8.RuneCountInString(n.Text))
}

// place moves the caret to rune at and scrolls it into sight. Rows are those
// on the screen: a row is found by where it begins in the text, which Fyne
// tells for the row of the caret alone.
func (n *note) place(at int) {
	if n.caret() == at {
		return
	}
	low, high := 0, at // row 0 begins at 0, row r at r or later
	for low < high {
		middle := (low + high + 1) / 2
		if begin := n.rowBegin(middle); begin > 0 && begin <= at {
			low = middle
		} else {
			high = middle - 1
		}
	}
	begin := n.rowBegin(low)
	n.CursorRow, n.CursorColumn = low, at-begin
	n.Refresh() // takes the caret back to the end of its row where it is beyond
	n.shown.row, n.shown.column, n.shown.at = n.CursorRow, n.CursorColumn, at
}

// rowBegin is how many runes stand before a row, and 0 where there is no such
// row. It leaves the caret there.
func (n *note) rowBegin(row int) int {
	n.CursorRow, n.CursorColumn = row, 0
	return n.CursorTextOffset()
}

// selection is what is selected, in runes; from == to where nothing is. Fyne
// tells the words and the end at the caret; which end that is shows in the
// text.
func (n *note) selection() (from, to int) {
	caret := n.caret()
	chosen := n.SelectedText()
	size := utf8.RuneCountInString(chosen)
	text := []rune(n.Text)
	if caret >= size && strings.HasPrefix(string(text[caret-size:]), chosen) {
		return caret - size, caret
	}
	return caret, caret + size
}
