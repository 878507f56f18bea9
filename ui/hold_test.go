package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/stretchr/testify/assert"

	"fermata/app"
)

func event(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

func TestKeyHeldInTheNote(t *testing.T) {
	b := newBench(t)
	n := b.screen.note
	assert.Equal(t, fyne.Focusable(n), b.win.Canvas().Focused())
	n.KeyDown(event(fyne.KeyF9))
	n.TypedKey(event(fyne.KeyF9)) // what the desktop repeats
	n.KeyDown(event(fyne.KeyF9))
	n.KeyUp(event(fyne.KeyF9))
	n.KeyUp(event(fyne.KeyF9))
	assert.Equal(t, []string{"press key", "release key"}, b.desk.calls)
	assert.Empty(t, b.Note())
}

// A key that is not to be held does nothing, and a right-hand Control that
// Fyne reports as both is told apart by its name.
func TestOnlyTheChosenKeyDictates(t *testing.T) {
	b := newBench(t)
	b.key.name = desktop.KeyControlRight
	for _, name := range []fyne.KeyName{desktop.KeyControlLeft, fyne.KeyF9, desktop.KeyShiftLeft} {
		b.screen.note.KeyDown(event(name))
		b.screen.note.KeyUp(event(name))
	}
	assert.Empty(t, b.desk.calls)
	for _, name := range []fyne.KeyName{desktop.KeyControlLeft, desktop.KeyControlRight} {
		b.screen.note.KeyDown(event(name))
	}
	for _, name := range []fyne.KeyName{desktop.KeyControlLeft, desktop.KeyControlRight} {
		b.screen.note.KeyUp(event(name))
	}
	assert.Equal(t, []string{"press key", "release key"}, b.desk.calls)
}

// Whatever has the focus has to hand the key on; a widget that does not would
// swallow it.
func TestKeyReachesTheDeskFromEveryWidget(t *testing.T) {
	b := newBench(t)
	first := b.win.Canvas().Focused()
	seen := 0
	for ok := true; ok; ok = b.win.Canvas().Focused() != first {
		keyable, is := b.win.Canvas().Focused().(desktop.Keyable)
		assert.True(t, is, "%T keeps the key to itself", b.win.Canvas().Focused())
		b.desk.calls = nil
		keyable.KeyDown(event(fyne.KeyF9))
		keyable.KeyUp(event(fyne.KeyF9))
		assert.Equal(t, []string{"press key", "release key"}, b.desk.calls)
		b.win.Canvas().FocusNext()
		seen++
	}
	assert.GreaterOrEqual(t, seen, 5, "note, hold, copy, new note, settings")
}

func TestKeyWithNothingFocused(t *testing.T) {
	b := newBench(t)
	b.win.Canvas().Unfocus()
	keys, ok := b.win.Canvas().(desktop.Canvas)
	if !ok { // the driver without a display has no keys of its own
		b.key.KeyDown(event(fyne.KeyF9))
		b.key.KeyUp(event(fyne.KeyF9))
	} else {
		keys.OnKeyDown()(event(fyne.KeyF9))
		keys.OnKeyUp()(event(fyne.KeyF9))
	}
	assert.Equal(t, []string{"press key", "release key"}, b.desk.calls)
}

func mouse(b desktop.MouseButton) *desktop.MouseEvent { return &desktop.MouseEvent{Button: b} }

func TestMouseHeld(t *testing.T) {
	for name, release := range map[string]func(*hold){
		"let go":                  func(h *hold) { h.MouseUp(mouse(desktop.MouseButtonPrimary)) },
		"dragged off and let go":  func(h *hold) { h.Dragged(&fyne.DragEvent{}); h.DragEnd() },
		"dragged back and let go": func(h *hold) { h.DragEnd(); h.MouseUp(mouse(desktop.MouseButtonPrimary)) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.screen.hold.MouseDown(mouse(desktop.MouseButtonSecondary))
			b.screen.hold.MouseDown(mouse(desktop.MouseButtonPrimary))
			release(b.screen.hold)
			assert.Equal(t, []string{"press button", "release button"}, b.desk.calls)
		})
	}
}

func TestSpaceBarHoldsTheButton(t *testing.T) {
	b := newBench(t)
	b.win.Canvas().Focus(b.screen.hold)
	b.screen.hold.KeyDown(event(fyne.KeySpace))
	b.screen.hold.KeyUp(event(fyne.KeySpace))
	b.screen.hold.KeyDown(event(fyne.KeySpace))
	b.focusNote() // the key's end will go elsewhere
	assert.Equal(t, []string{"press button", "release button", "press button", "release button"}, b.desk.calls)
}

func TestFocusLostWhileHeld(t *testing.T) {
	b := newBench(t)
	b.screen.note.KeyDown(event(fyne.KeyF9))
	b.onFocusLost()
	b.screen.note.KeyUp(event(fyne.KeyF9)) // comes late
	b.screen.hold.MouseDown(mouse(desktop.MouseButtonPrimary))
	b.onFocusLost()
	b.screen.hold.MouseUp(mouse(desktop.MouseButtonPrimary))
	assert.Equal(t, []string{"press key", "focus lost", "press button", "focus lost"}, b.desk.calls)
}

func TestADialogEndsTheHoldAndKeepsOthersOut(t *testing.T) {
	b := newBench(t)
	b.screen.note.KeyDown(event(fyne.KeyF9))
	b.onSettings()
	b.Wait()
	assert.Equal(t, []string{"press key", "release key"}, b.desk.calls)
	b.screen.sheet.no.KeyDown(event(fyne.KeyF9))
	assert.Len(t, b.desk.calls, 2, "nobody would see where the text goes")
}

func TestHoldSaysWhatToDo(t *testing.T) {
	b := newBench(t)
	for stage, label := range map[app.Stage]string{
		app.Loading:   "Hold to talk, The model is still being loaded; speech is kept until then",
		app.Ready:     "Hold to talk, or hold F9",
		app.Opening:   "Opening microphone, Wait a moment before you speak",
		app.Listening: "Listening, Let go when you have finished",
		app.Finishing: "Finishing, The text is on its way; you may hold again",
		app.Failed:    "Hold to talk, or hold F9",
	} {
		b.screen.hold.show(stage)
		assert.Equal(t, label, b.screen.hold.AccessibilityLabel())
	}
}
