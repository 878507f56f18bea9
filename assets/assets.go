// Package assets is what is drawn and shipped with Fermata, embedded in the
// binary. Most callers want [Icon]. It holds files alone and refuses code that
// does anything with them.
package assets

import (
	_ "embed" // the files below

	"fyne.io/fyne/v2"
)

var (
	//go:embed icon.png
	icon []byte
	//go:embed microphone.svg
	microphone []byte
	//go:embed model.svg
	model []byte
	//go:embed device.svg
	device []byte
)

// Icon is Fermata's sign, a fermata: an arc over a dot. 512 by 512 pixels.
var Icon fyne.Resource = fyne.NewStaticResource("icon.png", icon)

// The signs of the state line, black on nothing, to be coloured by the theme.
var (
	Microphone fyne.Resource = fyne.NewStaticResource("microphone.svg", microphone)
	Model      fyne.Resource = fyne.NewStaticResource("model.svg", model)
	Device     fyne.Resource = fyne.NewStaticResource("device.svg", device)
)
