package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"fermata/app"
)

// keyNames are the keys that can be held to dictate: those that type nothing,
// move nothing, and are told to us by Fyne. ScrollLock and Pause are not. The
// left-hand Control is missing because Fyne reports it with the right-hand one
// too, and the keys for Alt and Super because the desktop has uses for them.
var keyNames = []fyne.KeyName{
	fyne.KeyF9, fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5,
	fyne.KeyF6, fyne.KeyF7, fyne.KeyF8, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12,
	desktop.KeyControlRight, desktop.KeyMenu,
}

// keyFrom is the key of that name in the settings, or F9 where no key of that
// name can be held.
func keyFrom(name string) fyne.KeyName {
	for _, key := range keyNames {
		if string(key) == name {
			return key
		}
	}
	return fyne.KeyF9
}

// holdKey is the key that dictates while it is held. Every widget that can
// have the focus hands its keys on to it, since Fyne tells a key to the widget
// with the focus alone.
type holdKey struct {
	name fyne.KeyName
	down bool
	desk Desk
	free func() bool // nothing lies over the note that a dictation would go past
}

// KeyDown begins a dictation if key is the one to hold.
func (k *holdKey) KeyDown(key *fyne.KeyEvent) {
	if key.Name != k.name || k.down || !k.free() {
		return
	}
	k.down = true
	k.desk.Press(app.Key)
}

// KeyUp ends the dictation that the key began.
func (k *holdKey) KeyUp(key *fyne.KeyEvent) {
	if key.Name == k.name && k.down {
		k.letGo()
	}
}

// letGo ends a dictation whose key may come up where nobody sees it.
func (k *holdKey) letGo() {
	if k.down {
		k.down = false
		k.desk.Release(app.Key)
	}
}
