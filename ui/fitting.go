package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// fitting shows content as high as it wants to be where there is room, and
// scrolls it where there is not.
type fitting struct {
	content fyne.CanvasObject
	room    float32 // height, in Fyne's own pixels
}

func fit(content fyne.CanvasObject, room float32) *fyne.Container {
	return container.New(fitting{content, room}, container.NewVScroll(content))
}

func (f fitting) MinSize([]fyne.CanvasObject) fyne.Size {
	size := f.content.MinSize()
	return fyne.NewSize(size.Width, min(size.Height, max(0, f.room)))
}

func (f fitting) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
}
