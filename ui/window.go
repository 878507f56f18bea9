// Package ui is the window: it draws the note and its controls, and turns what
// the user does into calls. [New] makes it, [Window.Emit] tells it what
// happens, from any goroutine.
//
// It refuses to wait: whatever may take time (the clipboard, the list of
// microphones, the settings' file) runs beside Fyne's goroutine. It knows the
// dictation by [Desk] alone, and opens no display itself: it draws with the
// fyne.App it is given.
package ui

import (
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"fermata/app"
	"fermata/assets"
	"fermata/capture"
)

// Desk is what the window needs of the dictation. No method may wait.
type Desk interface {
	Press(app.Hold)
	Release(app.Hold)
	FocusLost()
	Retry()
	Discard()
	TryCard()
	Apply(app.Settings)
}

// Parts are what the window asks beside Fyne's goroutine; they may wait.
type Parts struct {
	Microphones  func() ([]capture.Device, error)
	Models       func() []Choice
	Cards        func() []Choice // the graphics cards, by what the settings keep
	SaveSettings func(app.Settings) error
	Copy         func(text string) error // nil is the system's clipboard
}

// Window is Fermata's window. All methods but Emit, Leave and Wait belong on
// Fyne's goroutine, and none of these waits.
type Window struct {
	app      fyne.App
	win      fyne.Window
	desk     Desk
	parts    Parts
	settings app.Settings
	status   app.Status

	key    *holdKey
	screen *screen
	own    string // an error of the window's own, a sentence
	copied string // the note as it was last copied

	work     sync.WaitGroup
	crossing struct { // held for reading while something enters Fyne's goroutine
		sync.RWMutex
		closed bool
	}
	levels struct {
		sync.Mutex
		last   app.Level
		queued bool
	}
}

// New makes the window on a, without showing it. It sets a's theme and what a
// does when it goes to the background.
func New(a fyne.App, desk Desk, parts Parts, settings app.Settings) *Window {
	if parts.Copy == nil {
		parts.Copy = systemCopy
	}
	w := &Window{app: a, desk: desk, parts: parts, settings: settings}
	a.Settings().SetTheme(lookFrom(settings.Theme))
	w.win = a.NewWindow(title(app.Loading))
	w.win.SetIcon(assets.Icon)
	w.key = &holdKey{name: keyFrom(settings.Key), desk: desk, free: w.free}
	w.screen = newScreen(w)
	w.win.SetContent(w.screen.content)
	w.win.Resize(fyne.NewSize(900, 640))
	w.win.SetCloseIntercept(w.onClose)
	w.listen()
	w.show(app.Status{Stage: app.Loading})
	w.onEdited()
	return w
}

// listen joins the keys and the focus of the window to what they do.
func (w *Window) listen() {
	if keys, ok := w.win.Canvas().(desktop.Canvas); ok {
		keys.SetOnKeyDown(w.key.KeyDown)
		keys.SetOnKeyUp(w.key.KeyUp)
	}
	w.app.Lifecycle().SetOnExitedForeground(w.onFocusLost)
	for shortcut, do := range w.commands() {
		w.win.Canvas().AddShortcut(shortcut, func(fyne.Shortcut) { do() })
		w.screen.note.commands[shortcut.ShortcutName()] = do
	}
}

// Show shows the window with the caret in the note. The caller then runs the
// app.
func (w *Window) Show() {
	w.win.Show()
	w.focusNote()
}

// Note is the note's text.
func (w *Window) Note() string { return w.screen.note.Text }

// Wait returns when nothing runs beside Fyne's goroutine any more, within
// seconds. Call it after the app has quit.
func (w *Window) Wait() { w.work.Wait() }

// Emit hands an event over to Fyne's goroutine and does not wait for it. It is
// safe for concurrent use; events of one goroutine keep their order. Levels
// that come faster than they are drawn are drawn once.
func (w *Window) Emit(ev app.Event) {
	level, ok := ev.(app.Level)
	if !ok {
		w.cross(func() { w.Apply(ev) })
		return
	}
	if w.queue(level) {
		w.cross(func() { w.Apply(w.latest()) })
	}
}

// cross is the one place where anything enters Fyne's goroutine.
func (w *Window) cross(f func()) {
	w.crossing.RLock()
	defer w.crossing.RUnlock()
	if !w.crossing.closed {
		fyne.Do(f)
	}
}

// Leave says that Fyne is about to end: from now on events are dropped. Fyne would
// run them on the goroutine they come from, on windows that are no more. It may be
// called more than once, and is safe for concurrent use.
func (w *Window) Leave() {
	w.crossing.Lock()
	defer w.crossing.Unlock()
	w.crossing.closed = true
}

// queue keeps a level and says whether nobody is on the way to fetch it yet.
func (w *Window) queue(level app.Level) bool {
	w.levels.Lock()
	defer w.levels.Unlock()
	first := !w.levels.queued
	if !first {
		level.Peak, level.RMS = max(level.Peak, w.levels.last.Peak), max(level.RMS, w.levels.last.RMS)
	}
	w.levels.last, w.levels.queued = level, true
	return first
}

func (w *Window) latest() app.Level {
	w.levels.Lock()
	defer w.levels.Unlock()
	w.levels.queued = false
	return w.levels.last
}

// Apply shows an event. It belongs on Fyne's goroutine.
func (w *Window) Apply(ev app.Event) {
	switch ev := ev.(type) {
	case app.Status:
		w.show(ev)
	case app.Level:
		if w.status.Stage == app.Listening {
			w.screen.meter.hear(ev.Peak)
		}
	case app.Preview:
		w.preview(ev)
	case app.Text:
		if ev.Written != "" {
			w.screen.note.insert(ev.Written)
		}
	}
}

// beside runs slow beside Fyne's goroutine and then, on it, what slow returns.
func (w *Window) beside(slow func() (then func())) {
	w.work.Go(func() { w.cross(slow()) })
}

// since is time.Now, named for what the meter does with it.
func since() time.Time { return time.Now() }
