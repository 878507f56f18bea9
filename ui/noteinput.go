package ui

import (
	"fyne.io/fyne/v2"
)

// AcceptsTab is false, so that Tab leads on to the buttons.
func (n *note) AcceptsTab() bool { return false }

// KeyDown hands the key on, which the entry would keep to itself.
func (n *note) KeyDown(key *fyne.KeyEvent) {
	n.key.KeyDown(key)
	n.Entry.KeyDown(key)
}

// KeyUp hands the key on.
func (n *note) KeyUp(key *fyne.KeyEvent) {
	n.key.KeyUp(key)
	n.Entry.KeyUp(key)
}

// TypedRune types r at the caret.
func (n *note) TypedRune(r rune) {
	n.edit(true, func() {
		if !n.strayed() {
			n.Entry.TypedRune(r)
			return
		}
		n.replace(n.caret(), n.caret(), string(r))
	})
}

// TypedKey moves the caret, deletes, or breaks the line.
func (n *note) TypedKey(key *fyne.KeyEvent) {
	n.edit(key.Name == fyne.KeyBackspace || key.Name == fyne.KeyDelete, func() {
		at := n.caret()
		switch {
		case n.strayed() && key.Name == fyne.KeyBackspace:
			n.replace(at-1, at, "")
		case n.strayed() && key.Name == fyne.KeyDelete:
			n.replace(at, min(at+1, len([]rune(n.Text))), "")
		case n.strayed() && (key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter):
			n.replace(at, at, "\n")
		default:
			n.Entry.TypedKey(key)
		}
	})
}

// TypedShortcut undoes and redoes with the note's own history, copies to a
// clipboard that survives us, runs the window's commands, and leaves the rest
// to the entry.
func (n *note) TypedShortcut(shortcut fyne.Shortcut) {
	if command, ok := n.commands[shortcut.ShortcutName()]; ok {
		command()
		return
	}
	if paste, ok := shortcut.(*fyne.ShortcutPaste); ok && n.strayed() {
		n.edit(false, func() { n.replace(n.caret(), n.caret(), paste.Clipboard.Content()) })
		return
	}
	switch shortcut.(type) {
	case *fyne.ShortcutCopy:
		shortcut = &fyne.ShortcutCopy{Clipboard: n.board}
	case *fyne.ShortcutCut:
		shortcut = &fyne.ShortcutCut{Clipboard: n.board}
	}
	n.edit(false, func() { n.Entry.TypedShortcut(shortcut) })
}

// TappedSecondary opens the note's menu. The entry's own would undo by the
// entry's history.
func (n *note) TappedSecondary(at *fyne.PointEvent) { n.menu(at.AbsolutePosition) }

// strayed says that Fyne shows the caret before the space that it stands
// behind, and would edit there. Nothing is selected then.
func (n *note) strayed() bool { return n.caret() != n.CursorTextOffset() }

// replace puts text in the place of the runes from up to to.
func (n *note) replace(from, to int, text string) {
	runes := []rune(n.Text)
	c := change{at: from, removed: runes[from:to], inserted: []rune(text)}
	n.put(c.apply(runes), from+len(c.inserted))
}
