package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// sheet is a question or a form over the window. Escape and its second button
// take it away and change nothing.
type sheet struct {
	pop     *widget.PopUp
	yes, no *button
	text    string // of a question
}

// sheetFrame is how much higher a sheet is than its content.
const sheetFrame = 150

// open shows content in a sheet, as wide as there is room for up to width.
// The answer goes to then; a sheet with no word for yes only tells something.
// Where a sheet is open already, it stays and open returns nil. What is held
// is let go, since the key's end would go to the sheet.
func (w *Window) open(title, yes, no string, content fyne.CanvasObject, width float32, then func(bool)) *sheet {
	if !w.free() {
		return nil
	}
	w.letGo()
	s := &sheet{}
	answer := func(yes bool) func() {
		return func() {
			s.pop.Hide()
			then(yes)
		}
	}
	s.no = newButton(w.key, no, nil, answer(false))
	s.no.escape = answer(false)
	buttons := container.NewHBox(layout.NewSpacer(), s.no)
	if yes != "" {
		s.yes = newButton(w.key, yes, nil, answer(true))
		s.yes.Importance, s.yes.escape = widget.HighImportance, s.no.escape
		buttons.Add(s.yes)
	}
	heading := widget.NewLabel(title)
	heading.TextStyle.Bold, heading.SizeName = true, theme.SizeNameSubHeadingText
	room := w.win.Canvas().Size()
	column := container.New(column{grows: content, gap: 6}, heading, content, buttons)
	s.pop = widget.NewModalPopUp(container.New(layout.NewCustomPaddedLayout(6, 10, 12, 12), column), w.win.Canvas())
	s.pop.Resize(fyne.NewSize(min(width, room.Width-24), s.pop.MinSize().Height))
	s.pop.Resize(fyne.NewSize(min(width, room.Width-24), s.pop.MinSize().Height)) // words have wrapped
	s.pop.Show()
	w.win.Canvas().Focus(s.no)
	w.screen.sheet = s
	return s
}

// ask opens a question whose answer goes to then.
func (w *Window) ask(title, text, yes, no string, then func(bool)) {
	if s := w.open(title, yes, no, wrapped(text), 420, then); s != nil {
		s.text = text
	}
}

func wrapped(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}
