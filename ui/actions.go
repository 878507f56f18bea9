package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"fermata/app"
)

// commands are what keys do anywhere in the window.
func (w *Window) commands() map[fyne.Shortcut]func() {
	ctrl := fyne.KeyModifierShortcutDefault
	return map[fyne.Shortcut]func(){
		&desktop.CustomShortcut{KeyName: fyne.KeyC, Modifier: ctrl | fyne.KeyModifierShift}: w.onCopy,
		&desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: ctrl}:                         w.onNew,
		&desktop.CustomShortcut{KeyName: fyne.KeyComma, Modifier: ctrl}:                     w.onSettings,
		&desktop.CustomShortcut{KeyName: fyne.KeyZ, Modifier: ctrl | fyne.KeyModifierShift}: w.onRedo,
		&fyne.ShortcutUndo{}: w.onUndo,
		&fyne.ShortcutRedo{}: w.onRedo,
	}
}

// onFocusLost ends what is held: another window may get the key's end.
func (w *Window) onFocusLost() {
	w.key.down = false
	w.screen.hold.forget()
	w.desk.FocusLost()
}

// free says that no dialog lies over the note.
func (w *Window) free() bool { return w.win.Canvas().Overlays().Top() == nil }

func (w *Window) focusNote() {
	if w.free() {
		w.win.Canvas().Focus(w.screen.note)
	}
}

func (w *Window) onRetry() {
	w.desk.Retry()
	w.focusNote()
}

// onDiscard throws away what stands in the way of later dictations.
func (w *Window) onDiscard() {
	w.ask(wordDiscardTitle, fmt.Sprintf(wordDiscardText, seconds(w.status.Discards)), wordDiscardYes, wordDiscardNo, w.discard)
}

func (w *Window) discard(yes bool) {
	if yes {
		w.desk.Discard()
	}
	w.focusNote()
}

func (w *Window) onUndo() {
	w.screen.note.Undo()
	w.focusNote()
}

func (w *Window) onRedo() {
	w.screen.note.Redo()
	w.focusNote()
}

// onNew starts a new note, asking first where the note has words.
func (w *Window) onNew() {
	switch {
	case w.busy():
		w.complain(wordNewBusy)
	case strings.TrimSpace(w.Note()) == "":
		w.startNew(true)
	case w.Note() == w.copied:
		w.ask(wordNewTitle, wordNewCopied, wordNewNote, wordKeep, w.startNew)
	default:
		w.ask(wordNewTitle, lossText(wordNewText, w.Note()), wordNewNote, wordKeep, w.startNew)
	}
}

func (w *Window) startNew(yes bool) {
	if yes {
		w.screen.note.clear()
	}
	w.focusNote()
}

// busy says that speech or text is on its way to the note.
func (w *Window) busy() bool {
	return w.status.Pending > 0 || w.status.Stage == app.Opening ||
		w.status.Stage == app.Listening || w.status.Stage == app.Finishing
}

// onClose closes the window, asking first where something would be lost.
func (w *Window) onClose() {
	text := w.Note()
	switch {
	case w.busy():
		w.ask(wordCloseTitle, wordCloseBusy, wordCloseAnyway, wordKeep, w.close)
	case w.status.Kept > 0:
		w.ask(wordCloseTitle, wordCloseKept, wordCloseAnyway, wordKeep, w.close)
	case strings.TrimSpace(text) != "" && text != w.copied:
		w.ask(wordCloseTitle, lossText(wordCloseText, text), wordCloseAnyway, wordKeep, w.close)
	default:
		w.close(true)
	}
}

func (w *Window) close(yes bool) {
	if yes {
		w.Leave()
		w.win.Close()
		return
	}
	w.focusNote()
}

// letGo ends whatever is held.
func (w *Window) letGo() {
	w.key.letGo()
	w.screen.hold.letGo()
}

// onDemo tells how to get a real model.
func (w *Window) onDemo() {
	text := container.NewVScroll(wrapped(wordDemoText))
	text.SetMinSize(fyne.NewSize(0, 250))
	w.open(wordDemoTitle, "", wordClose, text, 500, func(bool) { w.focusNote() })
}
