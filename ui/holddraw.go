package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"fermata/assets"
)

// CreateRenderer draws the button.
func (h *hold) CreateRenderer() fyne.WidgetRenderer {
	r := &holdRenderer{
		hold: h, face: canvas.NewRectangle(nil), veil: canvas.NewRectangle(nil),
		icon: canvas.NewImageFromResource(nil), label: canvas.NewText("", nil), below: canvas.NewText("", nil),
	}
	r.label.TextStyle.Bold = true
	r.label.TextSize, r.below.TextSize = 19, 12.5
	r.icon.FillMode = canvas.ImageFillContain
	r.face.CornerRadius, r.veil.CornerRadius = 10, 10
	r.Refresh()
	return r
}

type holdRenderer struct {
	hold         *hold
	face, veil   *canvas.Rectangle
	icon         *canvas.Image
	label, below *canvas.Text
}

func (r *holdRenderer) Destroy() {}
func (r *holdRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face, r.veil, r.icon, r.label, r.below}
}
func (r *holdRenderer) MinSize() fyne.Size { return fyne.NewSize(200, holdHeight) }

// Layout centres a sign and a word, with a line below that goes where there
// is no room for it.
func (r *holdRenderer) Layout(size fyne.Size) {
	r.face.Resize(size)
	r.veil.Resize(size)
	label, below := r.label.MinSize(), r.below.MinSize()
	r.below.Hidden = below.Width > size.Width-24
	height := label.Height
	if !r.below.Hidden {
		height += below.Height
	}
	top := (size.Height - height) / 2
	const icon, gap = 22, 8
	left := (size.Width - icon - gap - label.Width) / 2
	r.icon.Resize(fyne.NewSquareSize(icon))
	r.icon.Move(fyne.NewPos(left, top+(label.Height-icon)/2))
	r.label.Move(fyne.NewPos(left+icon+gap, top))
	r.label.Resize(label)
	r.below.Move(fyne.NewPos((size.Width-below.Width)/2, top+label.Height))
	r.below.Resize(below)
}

// Refresh takes the words and colours of the stage. A button that is down
// shows it before the first sample has come.
func (r *holdRenderer) Refresh() {
	h := r.hold
	on := ink(h, colorOnHold)
	r.face.FillColor = ink(h, stageColors[h.stage].button)
	r.veil.StrokeWidth, r.veil.StrokeColor = 0, on
	if h.focus {
		r.veil.StrokeWidth = 3
	}
	r.veil.FillColor = color.Transparent
	if h.down {
		r.veil.FillColor = ink(h, theme.ColorNamePressed)
	} else if h.over {
		r.veil.FillColor = ink(h, theme.ColorNameHover)
	}
	r.icon.Resource = theme.NewColoredResource(assets.Microphone, colorOnHold)
	r.label.Text, r.below.Text = stageWords[h.stage].button, h.below()
	r.label.Color, r.below.Color = on, on
	r.Layout(h.Size())
	canvas.Refresh(h)
}
