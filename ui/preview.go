package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"fermata/app"
)

// preview is what is being spoken, while it is spoken, in a panel of two rows
// under the note: what has become stable in the colour of text, what may still
// change fainter. It shows the end, and it is no part of the note: nothing of
// it can be edited, undone, selected or copied.
type preview struct {
	widget.BaseWidget
	words  []string
	stable int // how many of the words are
}

func newPreview() *preview {
	p := &preview{}
	p.ExtendBaseWidget(p)
	p.Hide()
	return p
}

// say shows a preview, or hides the panel where there is none.
func (p *preview) say(said app.Preview) {
	p.words, p.stable = strings.Fields(said.Stable+said.Tentative), len(strings.Fields(said.Stable))
	if len(p.words) == 0 {
		p.Hide()
		return
	}
	p.Refresh()
	p.Show()
}

// AccessibilityLabel is what a screen reader says.
func (p *preview) AccessibilityLabel() string { return wordPreviewPanel }

// CreateRenderer draws the panel.
func (p *preview) CreateRenderer() fyne.WidgetRenderer {
	r := &previewRenderer{preview: p, ground: canvas.NewRectangle(nil), bar: canvas.NewRectangle(nil)}
	r.ground.CornerRadius = 8
	r.bar.CornerRadius = previewBar / 2
	r.Refresh()
	return r
}

// The panel's measures, in Fyne's own pixels.
const (
	previewRows = 2
	previewSide = 12 // left and right of the words
	previewBar  = 3
	previewEdge = 6 // over and under the words
)

type previewRenderer struct {
	preview     *preview
	ground, bar *canvas.Rectangle
	texts       []*canvas.Text
}

func (r *previewRenderer) Destroy() {}

func (r *previewRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.ground, r.bar}
	for _, t := range r.texts {
		objects = append(objects, t)
	}
	return objects
}

func (r *previewRenderer) size() float32 { return theme.SizeForWidget(theme.SizeNameText, r.preview) }

func (r *previewRenderer) measure(s string) float32 {
	return fyne.MeasureText(s, r.size(), fyne.TextStyle{}).Width
}

func (r *previewRenderer) rowHeight() float32 {
	return fyne.MeasureText("M", r.size(), fyne.TextStyle{}).Height
}

func (r *previewRenderer) MinSize() fyne.Size {
	return fyne.NewSize(160, previewRows*r.rowHeight()+2*previewEdge)
}

func (r *previewRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.bar.Resize(fyne.NewSize(previewBar, size.Height-2*previewEdge))
	r.bar.Move(fyne.NewPos(previewEdge-previewBar/2, previewEdge))
	r.write(size.Width - 2*previewSide)
}

// write sets the last rows of the words, each in one text for what is stable
// and one for the rest.
func (r *previewRenderer) write(width float32) {
	p := r.preview
	r.texts = r.texts[:0]
	first := farBack(len(p.words))
	rows := wrap(p.words[first:], r.measure, width)
	rows = rows[max(0, len(rows)-previewRows):]
	for i, row := range rows {
		from, to := first+row[0], first+row[1]
		stable := min(max(p.stable, from), to)
		y := previewEdge + float32(i)*r.rowHeight()
		x := r.text(previewSide, y, join(p.words[from:stable], stable < to), theme.ColorNameForeground)
		r.text(x, y, join(p.words[stable:to], false), theme.ColorNamePlaceHolder)
	}
}

// text adds words at a place and returns where they end.
func (r *previewRenderer) text(x, y float32, words string, color fyne.ThemeColorName) float32 {
	if words == "" {
		return x
	}
	t := canvas.NewText(words, ink(r.preview, color))
	t.TextSize = r.size()
	t.Move(fyne.NewPos(x, y))
	t.Resize(t.MinSize())
	r.texts = append(r.texts, t)
	return x + r.measure(words)
}

func (r *previewRenderer) Refresh() {
	r.ground.FillColor = ink(r.preview, colorPreview)
	r.bar.FillColor = ink(r.preview, colorListening)
	r.Layout(r.preview.Size())
	canvas.Refresh(r.preview)
}
