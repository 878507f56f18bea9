package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// button is Fyne's button with the key to hold: a button with the focus would
// keep every key to itself.
type button struct {
	widget.Button
	key    *holdKey
	escape func() // what the escape key does, or nil
}

var _ desktop.Keyable = (*button)(nil)

func newButton(key *holdKey, text string, icon fyne.Resource, do func()) *button {
	b := &button{key: key}
	b.Text, b.Icon, b.OnTapped = text, icon, do
	b.ExtendBaseWidget(b)
	return b
}

// newSign is a button without words, whose name only a screen reader says.
func newSign(key *holdKey, name string, icon fyne.Resource, do func()) *sign {
	s := &sign{name: name}
	s.key, s.Icon, s.OnTapped, s.Importance = key, icon, do, widget.LowImportance
	s.ExtendBaseWidget(s)
	return s
}

// KeyDown and KeyUp hand the key on.
func (b *button) KeyDown(key *fyne.KeyEvent) { b.key.KeyDown(key) }
func (b *button) KeyUp(key *fyne.KeyEvent)   { b.key.KeyUp(key) }

// TypedKey presses the button with the return key too.
func (b *button) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape && b.escape != nil {
		b.escape()
		return
	}
	if key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter {
		key = &fyne.KeyEvent{Name: fyne.KeySpace}
	}
	b.Button.TypedKey(key)
}

func (b *button) enable(on bool) {
	if on == !b.Disabled() {
		return
	}
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}

type sign struct {
	button
	name string
}

// AccessibilityLabel is what a screen reader says.
func (s *sign) AccessibilityLabel() string { return s.name }
