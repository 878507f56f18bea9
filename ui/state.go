package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"fermata/app"
	"fermata/assets"
)

// state is the state line: a coloured mark, the stage in words, and which
// microphone, model and device are in use.
type state struct {
	mark                      *mark
	stage                     *widget.Label
	microphone, model, device *quiet

	stageLine, details fyne.CanvasObject
}

func newState() *state {
	s := &state{mark: newMark(), stage: widget.NewLabel("")}
	s.stage.TextStyle.Bold = true
	s.stage.SizeName = theme.SizeNameSubHeadingText
	s.stage.Truncation = fyne.TextTruncateEllipsis
	s.microphone, s.model, s.device = newQuiet(), newQuiet(), newQuiet()
	s.stageLine = container.NewBorder(nil, nil, container.NewCenter(s.mark), nil, s.stage)
	s.details = container.New(fair{},
		signed(assets.Microphone, s.microphone), signed(assets.Model, s.model), signed(assets.Device, s.device))
	return s
}

// signed is a label with its sign before it.
func signed(icon fyne.Resource, l *quiet) fyne.CanvasObject {
	image := canvas.NewImageFromResource(theme.NewColoredResource(icon, theme.ColorNamePlaceHolder))
	image.FillMode = canvas.ImageFillContain
	image.SetMinSize(fyne.NewSquareSize(14))
	return container.New(&tight{gap: -4}, container.NewCenter(image), l)
}

// show tells the state in words.
func (s *state) show(status app.Status) {
	s.mark.show(status.Stage)
	s.stage.SetText(stateWords(status))
	s.microphone.say(orUnknown(status.Microphone))
	s.model.say(modelWords(status))
	s.device.say(deviceWords(status))
	s.details.Refresh()
}

func orUnknown(name string) string {
	if name == "" {
		return wordUnknown
	}
	return name
}

// tight puts a sign and a label side by side; the label takes what is left.
type tight struct{ gap float32 }

func (t *tight) MinSize(objects []fyne.CanvasObject) fyne.Size {
	sign, label := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(sign.Width+t.gap+label.Width, max(sign.Height, label.Height))
}

func (t *tight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := objects[0].MinSize().Width
	objects[0].Resize(fyne.NewSize(width, size.Height))
	objects[0].Move(fyne.NewPos(0, 0))
	objects[1].Resize(fyne.NewSize(size.Width-width-t.gap, size.Height))
	objects[1].Move(fyne.NewPos(width+t.gap, 0))
}

// fair lays signed labels out from the left, each as wide as its words need.
// Where there is no room for all, none loses more than the widest.
type fair struct{}

func (fair) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(0, 0)
	for _, o := range objects {
		size = fyne.NewSize(size.Width+o.MinSize().Width, max(size.Height, o.MinSize().Height))
	}
	return size
}

func (fair) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var wants []float32
	for _, o := range objects {
		wants = append(wants, natural(o))
	}
	left := float32(0)
	for i, width := range shares(wants, size.Width) {
		objects[i].Resize(fyne.NewSize(width, size.Height))
		objects[i].Move(fyne.NewPos(left, 0))
		left += width
	}
}

// natural is the width that a signed label needs to show all of its words.
func natural(o fyne.CanvasObject) float32 {
	c := o.(*fyne.Container)
	l := c.Objects[1].(*quiet)
	return c.MinSize().Width - l.MinSize().Width + l.natural()
}

// shares gives each what it wants, as far as room goes, by cutting the widest
// down to one common width.
func shares(wants []float32, room float32) []float32 {
	got := append([]float32(nil), wants...)
	left, open := room, len(wants)
	done := make([]bool, len(wants))
	for again := true; again && open > 0; {
		again = false
		each := left / float32(open)
		for i, want := range wants {
			if !done[i] && want <= each {
				done[i], again = true, true
				left, open = left-want, open-1
			}
		}
		for i := range wants {
			if !done[i] {
				got[i] = left / float32(max(1, open))
			}
		}
	}
	return got
}

// mark is the coloured dot of the state line.
type mark struct {
	widget.BaseWidget
	stage app.Stage
}

func newMark() *mark {
	m := &mark{}
	m.ExtendBaseWidget(m)
	return m
}

func (m *mark) show(s app.Stage) {
	m.stage = s
	m.Refresh()
}

// MinSize is that of the dot.
func (m *mark) MinSize() fyne.Size { return fyne.NewSquareSize(14) }

// CreateRenderer draws the dot.
func (m *mark) CreateRenderer() fyne.WidgetRenderer {
	r := &markRenderer{mark: m, dot: canvas.NewCircle(nil)}
	r.WidgetRenderer = widget.NewSimpleRenderer(r.dot)
	r.Refresh()
	return r
}

type markRenderer struct {
	fyne.WidgetRenderer
	mark *mark
	dot  *canvas.Circle
}

func (r *markRenderer) Refresh() {
	r.dot.FillColor = ink(r.mark, stageColors[r.mark.stage].mark)
	canvas.Refresh(r.mark)
}
