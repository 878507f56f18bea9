package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"fermata/app"
)

// holdHeight is how tall the button to hold is, in Fyne's own pixels.
const holdHeight = 68

// hold is the large button that dictates while it is held: with the mouse, or
// with the space bar when it has the focus.
//
// Where the mouse is pressed on it, dragged off and let go, Fyne sends no
// MouseUp but a DragEnd, if the widget can be dragged; so it can.
type hold struct {
	widget.BaseWidget
	key   *holdKey
	desk  Desk
	stage app.Stage
	down  bool
	held  fyne.KeyName // the space bar while it is what holds
	focus bool
	over  bool
}

var (
	_ desktop.Mouseable = (*hold)(nil)
	_ desktop.Keyable   = (*hold)(nil)
	_ desktop.Hoverable = (*hold)(nil)
	_ fyne.Draggable    = (*hold)(nil)
)

func newHold(key *holdKey, desk Desk) *hold {
	h := &hold{key: key, desk: desk}
	h.ExtendBaseWidget(h)
	return h
}

// show changes what the button says.
func (h *hold) show(s app.Stage) {
	h.stage = s
	h.Refresh()
}

func (h *hold) press() {
	if !h.down {
		h.down = true
		h.desk.Press(app.Button)
		h.Refresh()
	}
}

func (h *hold) letGo() {
	if h.down {
		h.down, h.held = false, desktop.KeyNone
		h.desk.Release(app.Button)
		h.Refresh()
	}
}

// forget takes back that the button is down, where the desk knows already.
func (h *hold) forget() {
	h.down, h.held = false, desktop.KeyNone
	h.Refresh()
}

// MouseDown begins a dictation.
func (h *hold) MouseDown(ev *desktop.MouseEvent) {
	if ev.Button == desktop.MouseButtonPrimary {
		h.press()
	}
}

// MouseUp ends the dictation.
func (h *hold) MouseUp(ev *desktop.MouseEvent) {
	if ev.Button == desktop.MouseButtonPrimary {
		h.letGo()
	}
}

// Dragged keeps the dictation going: the hand may tremble.
func (h *hold) Dragged(*fyne.DragEvent) {}

// DragEnd ends the dictation wherever the mouse is let go.
func (h *hold) DragEnd() { h.letGo() }

// KeyDown begins a dictation with the space bar.
func (h *hold) KeyDown(key *fyne.KeyEvent) {
	h.key.KeyDown(key)
	if key.Name == fyne.KeySpace {
		h.held = key.Name
		h.press()
	}
}

// KeyUp ends the dictation that the space bar began.
func (h *hold) KeyUp(key *fyne.KeyEvent) {
	h.key.KeyUp(key)
	if key.Name == fyne.KeySpace && h.held == key.Name {
		h.letGo()
	}
}

// FocusGained shows a ring.
func (h *hold) FocusGained() { h.focus = true; h.Refresh() }

// FocusLost ends what the space bar began: its end would not be told here.
func (h *hold) FocusLost() {
	h.focus = false
	if h.held != desktop.KeyNone {
		h.letGo()
	}
	h.Refresh()
}

// TypedRune and TypedKey type nothing on a button.
func (h *hold) TypedRune(rune)          {}
func (h *hold) TypedKey(*fyne.KeyEvent) {}

// MouseIn, MouseMoved and MouseOut show that the button is under the pointer.
func (h *hold) MouseIn(*desktop.MouseEvent)    { h.over = true; h.Refresh() }
func (h *hold) MouseMoved(*desktop.MouseEvent) {}
func (h *hold) MouseOut()                      { h.over = false; h.Refresh() }

// AccessibilityLabel is what a screen reader says.
func (h *hold) AccessibilityLabel() string { return stageWords[h.stage].button + ", " + h.below() }

// AccessibilityRole is a button.
func (h *hold) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (h *hold) below() string {
	below := stageWords[h.stage].below
	if h.stage == app.Ready || h.stage == app.Failed {
		return fmt.Sprintf(below, keyWord(h.key.name))
	}
	return below
}
