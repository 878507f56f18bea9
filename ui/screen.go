package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// screen is everything that is to be seen in the window.
type screen struct {
	content         *fyne.Container
	state           *state
	ribbon, message *banner
	note            *note
	preview         *preview
	meter           *meter
	count           *quiet
	hold            *hold
	undo, redo      *sign
	copy            *button
	retry, discard  *button
	dismiss         *sign
	paper           *container.ThemeOverride // around the note, whose text is larger
	sheet           *sheet                   // the one last opened
	choosing        *choosing                // what it shows, where that was the settings
}

func newScreen(w *Window) *screen {
	s := &screen{
		state:   newState(),
		note:    newNote(w.key),
		preview: newPreview(),
		meter:   newMeter(since),
		count:   newQuiet(),
		hold:    newHold(w.key, w.desk),
		undo:    newSign(w.key, wordUndo, theme.ContentUndoIcon(), w.onUndo),
		redo:    newSign(w.key, wordRedo, theme.ContentRedoIcon(), w.onRedo),
		copy:    newButton(w.key, wordCopy, theme.ContentCopyIcon(), w.onCopy),
		retry:   newButton(w.key, wordRetry, theme.ViewRefreshIcon(), w.onRetry),
		discard: newButton(w.key, "", theme.DeleteIcon(), w.onDiscard),
	}
	s.dismiss = newSign(w.key, wordDismiss, theme.CancelIcon(), func() { w.complain("") })
	how := newButton(w.key, wordDemoHow, nil, w.onDemo)
	how.Importance = widget.LowImportance
	s.ribbon = newBanner(toneRibbon, how)
	s.discard.Importance = widget.LowImportance
	s.message = newBanner(toneTold, s.discard, s.retry, s.dismiss)
	s.count.segment.Style.Alignment = fyne.TextAlignCenter
	s.note.SetMinRowsVisible(1)
	s.note.edited, s.note.menu = w.onEdited, w.onMenu
	s.note.board = lasting{w.app.Clipboard(), w.onCopyPart}
	s.placeholder(w.key)
	s.compose(w)
	return s
}

// compose puts everything in its place.
func (s *screen) compose(w *Window) {
	newNote := newButton(w.key, wordNewNote, theme.DocumentCreateIcon(), w.onNew)
	newNote.Importance = widget.LowImportance
	settings := newSign(w.key, wordSettings, theme.SettingsIcon(), w.onSettings)
	s.paper = container.NewThemeOverride(s.note, lookFrom(w.settings.Theme).larger())
	s.content = container.New(layout.NewCustomPaddedLayout(8, 10, 12, 12), container.New(column{s.paper, 6},
		container.New(column{nil, -8},
			container.NewBorder(nil, nil, nil, container.NewHBox(s.undo, s.redo, newNote, settings), s.state.stageLine),
			s.state.details,
		),
		s.ribbon,
		s.paper,
		s.preview,
		s.message,
		container.New(foot{s.meter, s.count, s.hold, s.copy}, s.meter, s.hold, s.count, s.copy),
	))
}

// placeholder says in the empty note how to fill it.
func (s *screen) placeholder(key *holdKey) {
	s.note.SetPlaceHolder(fmt.Sprintf(wordPlaceholder, keyWord(key.name)))
	s.hold.Refresh()
}

// wear puts the note's larger text into another theme.
func (s *screen) wear(chosen string) {
	s.paper.Theme = lookFrom(chosen).larger()
	s.paper.Refresh()
	s.content.Refresh()
}

func (s *screen) showRibbon(demo bool) {
	words := ""
	if demo {
		words = wordDemo
	}
	s.ribbon.say(toneRibbon, words)
}

// onMenu opens the note's menu at a place in the window.
func (w *Window) onMenu(at fyne.Position) {
	w.focusNote()
	n, clip := w.screen.note, w.screen.note.board
	run := func(s fyne.Shortcut) func() { return func() { n.TypedShortcut(s) } }
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("",
		fyne.NewMenuItem(wordUndo, w.onUndo),
		fyne.NewMenuItem(wordRedo, w.onRedo),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(wordCut, run(&fyne.ShortcutCut{Clipboard: clip})),
		fyne.NewMenuItem(wordCopyPart, run(&fyne.ShortcutCopy{Clipboard: clip})),
		fyne.NewMenuItem(wordPaste, run(&fyne.ShortcutPaste{Clipboard: clip})),
		fyne.NewMenuItem(wordAll, run(&fyne.ShortcutSelectAll{})),
	), w.win.Canvas(), at)
}
