package ui

import "fyne.io/fyne/v2"

// column stacks what is visible and gives all the height left over to one of
// them, the note. Unlike Fyne's border it asks for heights again once widths
// are known, since a banner is taller where its words wrap.
type column struct {
	grows fyne.CanvasObject
	gap   float32
}

func (c column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size, shown := fyne.NewSize(0, 0), 0
	for _, o := range objects {
		if o.Visible() {
			least := o.MinSize()
			size = fyne.NewSize(max(size.Width, least.Width), size.Height+least.Height)
			shown++
		}
	}
	return size.AddWidthHeight(0, c.gap*float32(max(0, shown-1)))
}

func (c column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		if o != c.grows && o.Visible() {
			o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		}
	}
	spare := size.Height - c.MinSize(objects).Height
	top := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		height := o.MinSize().Height
		if o == c.grows {
			height += spare
		}
		o.Resize(fyne.NewSize(size.Width, height))
		o.Move(fyne.NewPos(0, top))
		top += height + c.gap
	}
}
