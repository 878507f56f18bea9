package ui

import (
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"fermata/app"
	"fermata/capture"
)

// desk writes down what the window asks of the dictation.
type desk struct {
	calls   []string
	applied []app.Settings
}

var holds = map[app.Hold]string{app.Key: "key", app.Button: "button"}

func (d *desk) Press(h app.Hold)     { d.calls = append(d.calls, "press "+holds[h]) }
func (d *desk) Release(h app.Hold)   { d.calls = append(d.calls, "release "+holds[h]) }
func (d *desk) FocusLost()           { d.calls = append(d.calls, "focus lost") }
func (d *desk) Retry()               { d.calls = append(d.calls, "retry") }
func (d *desk) Discard()             { d.calls = append(d.calls, "discard") }
func (d *desk) TryCard()             { d.calls = append(d.calls, "try card") }
func (d *desk) Apply(s app.Settings) { d.applied = append(d.applied, s) }

// board is a clipboard that can fail.
type board struct {
	sync.Mutex
	text string
	err  error
}

func (b *board) copy(text string) error {
	b.Lock()
	defer b.Unlock()
	if b.err == nil {
		b.text = text
	}
	return b.err
}

type bench struct {
	*Window
	desk  *desk
	board *board
	saved []app.Settings
	fails error // of saving
	mics  []capture.Device
	cards []Choice
}

// newBench is a window without a display.
func newBench(t *testing.T) *bench {
	t.Helper()
	a := test.NewTempApp(t)
	b := &bench{desk: &desk{}, board: &board{}, mics: []capture.Device{{ID: "usb", Name: "SpeechMike"}, {ID: "in", Name: "Built-in"}}}
	b.Window = New(a, b.desk, Parts{
		Microphones: func() ([]capture.Device, error) { return b.mics, nil },
		Models:      func() []Choice { return []Choice{{"/models/medasr", "MedASR"}} },
		Cards:       func() []Choice { return b.cards },
		SaveSettings: func(s app.Settings) error {
			b.saved = append(b.saved, s)
			return b.fails
		},
		Copy: b.board.copy,
	}, app.Settings{Key: "F9", Theme: "light"})
	b.Show()
	b.win.Resize(fyne.NewSize(900, 640))
	t.Cleanup(b.Wait)
	return b
}

// ready is an ordinary status.
func ready() app.Status {
	return app.Status{Stage: app.Ready, Microphone: "SpeechMike", Model: "MedASR", Device: "CPU, 2 threads"}
}

func (b *bench) enter(text string) {
	for _, r := range text {
		if r == '\n' {
			b.screen.note.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		} else {
			b.screen.note.TypedRune(r)
		}
	}
}

func (b *bench) press(keys ...fyne.KeyName) {
	for _, key := range keys {
		b.screen.note.TypedKey(&fyne.KeyEvent{Name: key})
	}
}
