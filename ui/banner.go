package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// banner is a coloured strip that says something and offers what can be done
// about it, without standing in the way.
type banner struct {
	widget.BaseWidget
	tone tone
	text *widget.RichText
	acts *fyne.Container
	icon *canvas.Image
}

// tone is how a banner looks.
type tone struct {
	ground, words fyne.ThemeColorName
	icon          func() fyne.Resource
}

var (
	toneRibbon = tone{colorRibbon, colorOnRibbon, theme.WarningIcon}
	toneAlarm  = tone{colorAlarm, colorOnAlarm, theme.ErrorIcon}
	toneTold   = tone{colorTold, colorOnTold, theme.InfoIcon}
)

func newBanner(t tone, acts ...fyne.CanvasObject) *banner {
	b := &banner{tone: t, text: paragraph(), acts: container.NewHBox(acts...), icon: canvas.NewImageFromResource(nil)}
	b.icon.FillMode = canvas.ImageFillContain
	b.icon.SetMinSize(fyne.NewSquareSize(18))
	b.ExtendBaseWidget(b)
	return b
}

// say shows words in a tone; no words hide the banner.
func (b *banner) say(t tone, words string) {
	b.tone = t
	segment := b.text.Segments[0].(*widget.TextSegment)
	segment.Text, segment.Style.ColorName = words, t.words
	b.text.Refresh()
	b.Refresh()
	if words == "" {
		b.Hide()
	} else {
		b.Show()
	}
}

// CreateRenderer draws the strip.
func (b *banner) CreateRenderer() fyne.WidgetRenderer {
	r := &bannerRenderer{banner: b, ground: canvas.NewRectangle(nil)}
	r.ground.CornerRadius = 8
	r.Refresh()
	return r
}

type bannerRenderer struct {
	banner *banner
	ground *canvas.Rectangle
}

func (r *bannerRenderer) Destroy() {}
func (r *bannerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.banner.icon, r.banner.text, r.banner.acts}
}

// The banner's measures, in Fyne's own pixels.
const (
	bannerSide = 10 // left of the icon
	bannerIcon = 18
)

func (r *bannerRenderer) MinSize() fyne.Size {
	acts := r.banner.acts.MinSize()
	return fyne.NewSize(120+acts.Width, max(r.banner.text.MinSize().Height, acts.Height))
}

func (r *bannerRenderer) Layout(size fyne.Size) {
	b := r.banner
	r.ground.Resize(size)
	acts := b.acts.MinSize()
	b.acts.Resize(acts)
	b.acts.Move(fyne.NewPos(size.Width-acts.Width-4, (size.Height-acts.Height)/2))
	b.icon.Resize(fyne.NewSquareSize(bannerIcon))
	b.icon.Move(fyne.NewPos(bannerSide, (size.Height-bannerIcon)/2))
	left := float32(bannerSide + bannerIcon)
	width := size.Width - left - acts.Width - 4
	b.text.Resize(fyne.NewSize(width, b.text.MinSize().Height))
	height := b.text.MinSize().Height
	b.text.Resize(fyne.NewSize(width, height))
	b.text.Move(fyne.NewPos(left, (size.Height-height)/2))
}

func (r *bannerRenderer) Refresh() {
	b := r.banner
	r.ground.FillColor = ink(b, b.tone.ground)
	b.icon.Resource = theme.NewColoredResource(b.tone.icon(), b.tone.words)
	r.Layout(b.Size())
	canvas.Refresh(b)
}

// paragraph is text of one colour that wraps.
func paragraph() *widget.RichText {
	text := widget.NewRichText(&widget.TextSegment{Style: widget.RichTextStyleInline})
	text.Wrapping = fyne.TextWrapWord
	return text
}
