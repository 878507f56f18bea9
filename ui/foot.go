package ui

import "fyne.io/fyne/v2"

// foot lays out the lower edge of the window: the meter over the button to
// hold, and the count of words over the button to copy. The columns keep their
// widths while the words change.
type foot struct {
	meter, count, hold, copy fyne.CanvasObject
}

// The foot's measures, in Fyne's own pixels.
const (
	footGap   = 8
	footRight = 128 // room for "Copied 1000 words"
)

func (f foot) rows() (upper, lower float32) {
	return f.count.MinSize().Height, max(f.hold.MinSize().Height, f.copy.MinSize().Height)
}

func (f foot) MinSize([]fyne.CanvasObject) fyne.Size {
	upper, lower := f.rows()
	return fyne.NewSize(f.hold.MinSize().Width+footGap+max(footRight, f.copy.MinSize().Width), upper+lower)
}

func (f foot) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	upper, lower := f.rows()
	right := max(footRight, f.copy.MinSize().Width)
	left := size.Width - right - footGap
	for _, cell := range []struct {
		o                fyne.CanvasObject
		x, y, wide, tall float32
	}{
		{f.meter, 0, 0, left, upper},
		{f.hold, 0, upper, left, lower},
		{f.count, left + footGap, 0, right, upper},
		{f.copy, left + footGap, upper, right, lower},
	} {
		cell.o.Move(fyne.NewPos(cell.x, cell.y))
		cell.o.Resize(fyne.NewSize(cell.wide, cell.tall))
	}
}
