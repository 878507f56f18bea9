package ui

import (
	"fmt"

	"fyne.io/fyne/v2/theme"

	"fermata/app"
)

// show shows a status.
func (w *Window) show(status app.Status) {
	s, before := w.screen, w.status
	w.status = status
	if status.Stage == app.Opening && before.Stage != app.Opening {
		w.own = ""
	}
	s.note.places.wait(status.Pending, s.note.caret())
	s.state.show(status)
	s.hold.show(status.Stage)
	if status.Stage != app.Listening {
		s.meter.rest()
	}
	w.win.SetTitle(title(status.Stage))
	s.showRibbon(status.Demo)
	w.tell()
}

// tell shows the one thing that most needs to be read.
func (w *Window) tell() {
	s := w.screen
	s.retry.Hidden = w.status.Kept <= 0
	s.discard.Hidden = w.status.Discards <= 0
	s.discard.SetText(fmt.Sprintf(wordDiscard, seconds(w.status.Discards)))
	s.dismiss.Hidden = w.own == "" || w.status.Err != nil
	switch {
	case w.status.Err != nil:
		s.message.say(toneAlarm, sentence(w.status.Err.Error()))
	case w.own != "":
		s.message.say(toneAlarm, w.own)
	case w.status.Kept > 0 && w.status.Hint == "":
		s.message.say(toneTold, wordKept)
	default:
		s.message.say(toneTold, sentence(w.status.Hint))
	}
	s.message.acts.Refresh()
	s.content.Refresh()
}

// preview shows what is being spoken. The note is drawn anew where the panel
// comes or goes, with the caret in sight.
func (w *Window) preview(p app.Preview) {
	s := w.screen
	before := s.preview.Visible()
	s.preview.say(p)
	if s.preview.Visible() != before {
		s.content.Refresh()
		s.note.Refresh()
	}
}

// complain shows an error of the window's own until the next dictation.
func (w *Window) complain(words string) {
	w.own = words
	w.tell()
}

// onEdited keeps what depends on the text up to date.
func (w *Window) onEdited() {
	s, text := w.screen, w.Note()
	copied := text != "" && text == w.copied
	s.count.say(count(text, copied))
	s.undo.enable(len(s.note.history.done) > 0)
	s.redo.enable(len(s.note.history.undone) > 0)
	icon := theme.ContentCopyIcon()
	if copied {
		icon = theme.ConfirmIcon()
	}
	if s.copy.Icon != icon {
		s.copy.SetIcon(icon)
	}
}
