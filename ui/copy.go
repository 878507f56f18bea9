package ui

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"github.com/atotto/clipboard"
)

// clipboardWait is how long the program that keeps the clipboard may take.
const clipboardWait = 5 * time.Second

var (
	errNoClipboard   = errors.New("clipboard: no program to reach it; install xclip, or wl-clipboard under Wayland, and copy again")
	errSlowClipboard = errors.New(wordClipboardSlow)
)

// systemCopy puts text on the system's clipboard, where it stays when Fermata
// has quit. It runs another program and so must not be called on Fyne's
// goroutine. The error is a sentence and never holds the text.
func systemCopy(text string) error {
	if clipboard.Unsupported {
		return errNoClipboard
	}
	if err := clipboard.WriteAll(text); err != nil {
		return fmt.Errorf("clipboard: the text could not be put there (%w); copy once more", err)
	}
	return nil
}

// inTime is copy with a limit: a program that hangs must not keep the window
// from being told, nor from closing.
func inTime(copyText func(string) error, text string, limit time.Duration) error {
	done := make(chan error, 1) // room for one, so that a late answer waits for nobody
	go func() { done <- copyText(text) }()
	select {
	case err := <-done:
		return err
	case <-time.After(limit):
		return errSlowClipboard
	}
}

// lasting is Fyne's clipboard with what is copied put on the system's too. The
// entry's own would be empty when Fermata has quit. Read it on Fyne's
// goroutine only.
type lasting struct {
	fyne.Clipboard
	copied func(string)
}

// SetContent copies.
func (l lasting) SetContent(text string) { l.copied(text) }

// onCopy puts the whole note on the system's clipboard.
func (w *Window) onCopy() {
	w.focusNote()
	text := w.Note()
	if strings.TrimSpace(text) == "" {
		w.complain(wordNothingToCopy)
		return
	}
	w.beside(func() func() {
		err := inTime(w.parts.Copy, text, clipboardWait)
		return func() { w.onCopied(text, err) }
	})
}

func (w *Window) onCopied(text string, err error) {
	if err != nil {
		w.complain(sentence(err.Error()))
		return
	}
	w.copied = text
	w.own = ""
	w.tell()
	w.onEdited()
}

// onCopyPart puts what is selected on the clipboard: ours, and where that
// cannot be reached Fyne's, which lasts as long as the window.
func (w *Window) onCopyPart(text string) {
	w.beside(func() func() {
		err := inTime(w.parts.Copy, text, clipboardWait)
		return func() {
			if err != nil {
				w.app.Clipboard().SetContent(text)
			}
		}
	})
}
