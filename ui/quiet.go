package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// quiet is one line of small grey text, cut with an ellipsis where there is no
// room. Fyne's label of low importance is too faint to be read.
type quiet struct {
	widget.RichText
	segment *widget.TextSegment
}

func newQuiet() *quiet {
	q := &quiet{segment: &widget.TextSegment{Style: widget.RichTextStyleInline}}
	q.segment.Style.ColorName, q.segment.Style.SizeName = theme.ColorNamePlaceHolder, theme.SizeNameCaptionText
	q.Segments = []widget.RichTextSegment{q.segment}
	q.Truncation, q.Scroll = fyne.TextTruncateEllipsis, fyne.ScrollNone
	q.ExtendBaseWidget(q)
	return q
}

func (q *quiet) say(words string) {
	q.segment.Text = words
	q.Refresh()
}

// natural is the width that all of its words need.
func (q *quiet) natural() float32 {
	text := fyne.MeasureText(q.segment.Text, theme.SizeForWidget(theme.SizeNameCaptionText, q), fyne.TextStyle{})
	return text.Width + 2*theme.SizeForWidget(theme.SizeNameInnerPadding, q) + 1
}

// aside is small grey text that wraps.
type aside struct{ widget.RichText }

func newAside(words string) *aside {
	a := &aside{}
	a.Wrapping, a.Scroll = fyne.TextWrapWord, fyne.ScrollNone
	a.ExtendBaseWidget(a)
	a.say(words)
	return a
}

func (a *aside) say(words string) {
	style := widget.RichTextStyleInline
	style.ColorName, style.SizeName = theme.ColorNamePlaceHolder, theme.SizeNameCaptionText
	a.Segments = []widget.RichTextSegment{&widget.TextSegment{Style: style, Text: words}}
	a.Refresh()
}
