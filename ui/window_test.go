package ui

import (
	"errors"
	"math"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
	"github.com/stretchr/testify/assert"

	"fermata/app"
)

func TestStagesInWords(t *testing.T) {
	b := newBench(t)
	for stage, want := range map[app.Stage][2]string{
		app.Loading:   {"Loading model", "Fermata – loading model"},
		app.Ready:     {"Ready", "Fermata – ready"},
		app.Opening:   {"Opening microphone", "Fermata – opening microphone"},
		app.Listening: {"Listening", "Fermata – listening"},
		app.Finishing: {"Finishing", "Fermata – finishing"},
		app.Failed:    {"Error", "Fermata – error"},
	} {
		st := ready()
		st.Stage = stage
		b.Emit(st)
		assert.Equal(t, want[0], b.screen.state.stage.Text)
		assert.Equal(t, want[1], b.win.Title())
		assert.Equal(t, stage, b.screen.state.mark.stage)
		assert.Equal(t, stage, b.screen.hold.stage)
	}
	assert.Equal(t, "SpeechMike", b.screen.state.microphone.segment.Text)
	assert.Equal(t, "MedASR", b.screen.state.model.segment.Text)
	assert.Equal(t, "CPU, 2 threads", b.screen.state.device.segment.Text)
}

func said(b *banner) string {
	if !b.Visible() {
		return ""
	}
	return b.text.Segments[0].(*widget.TextSegment).Text
}

func TestDemoRibbon(t *testing.T) {
	b := newBench(t)
	assert.Empty(t, said(b.screen.ribbon))
	st := ready()
	st.Demo = true
	b.Apply(st)
	assert.Equal(t, "Demonstration model: not for clinical use. It makes many mistakes.", said(b.screen.ribbon))
	b.onDemo()
	assert.False(t, b.free())
	test.Tap(b.screen.sheet.no)
	assert.True(t, b.free())
	b.Apply(ready())
	assert.Empty(t, said(b.screen.ribbon))
}

func TestErrorHintAndRetry(t *testing.T) {
	b := newBench(t)
	st := ready()
	st.Stage, st.Kept, st.Err = app.Failed, 4, errors.New("microphone: it was taken away; plug it in again")
	b.Apply(st)
	assert.Equal(t, "Microphone: it was taken away; plug it in again.", said(b.screen.message))
	assert.True(t, b.screen.retry.Visible())
	test.Tap(b.screen.retry)
	assert.Equal(t, []string{"retry"}, b.desk.calls)

	st.Err = nil
	b.Apply(st)
	assert.Equal(t, wordKept, said(b.screen.message))
	assert.True(t, b.screen.retry.Visible())

	st = ready()
	st.Hint = "nothing was heard; speak louder"
	b.Apply(st)
	assert.Equal(t, "Nothing was heard; speak louder.", said(b.screen.message))
	assert.False(t, b.screen.retry.Visible())
	b.Apply(ready())
	assert.Empty(t, said(b.screen.message))
}

func shortcut(key fyne.KeyName, mod fyne.KeyModifier) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: mod}
}

func TestCopyPutsTheWholeNoteOnTheClipboard(t *testing.T) {
	copyKey := shortcut(fyne.KeyC, fyne.KeyModifierShortcutDefault|fyne.KeyModifierShift)
	for name, act := range map[string]func(*bench){
		"button":                func(b *bench) { test.Tap(b.screen.copy) },
		"keys in the note":      func(b *bench) { b.screen.note.TypedShortcut(copyKey) },
		"keys anywhere":         func(b *bench) { b.commandFor(copyKey)() },
		"keys with a selection": func(b *bench) { b.screen.note.TypedShortcut(&fyne.ShortcutSelectAll{}); test.Tap(b.screen.copy) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.enter("No acute finding.")
			assert.Equal(t, "3 words", b.screen.count.segment.Text)
			act(b)
			b.Wait()
			assert.Equal(t, "No acute finding.", b.board.text)
			assert.Equal(t, "Copied 3 words", b.screen.count.segment.Text)
			b.Apply(app.Text{Written: "More."})
			assert.NotContains(t, b.screen.count.segment.Text, wordCopied)
		})
	}
}

func (b *bench) commandFor(s fyne.Shortcut) func() {
	for known, do := range b.commands() {
		if known.ShortcutName() == s.ShortcutName() {
			return do
		}
	}
	return nil
}

func TestCopyWithoutATool(t *testing.T) {
	b := newBench(t)
	b.board.err = errNoClipboard
	b.enter("No acute finding.")
	b.onCopy()
	b.Wait()
	assert.Equal(t, "Clipboard: no program to reach it; install xclip, or wl-clipboard under Wayland, and copy again.", said(b.screen.message))
	assert.Equal(t, "3 words", b.screen.count.segment.Text)
	test.Tap(b.screen.dismiss)
	assert.Empty(t, said(b.screen.message))
	b.board.err = nil
	b.onCopy()
	b.Wait()
	assert.Equal(t, "No acute finding.", b.board.text)
}

func TestAClipboardThatHangsIsGivenUp(t *testing.T) {
	never := make(chan struct{})
	defer close(never)
	err := inTime(func(string) error { <-never; return nil }, "x", time.Millisecond)
	assert.ErrorIs(t, err, errSlowClipboard)
}

func TestNothingToCopy(t *testing.T) {
	b := newBench(t)
	b.enter(" \n")
	b.onCopy()
	b.Wait()
	assert.Equal(t, wordNothingToCopy, said(b.screen.message))
	assert.Empty(t, b.board.text)
}

func TestNewNoteAsks(t *testing.T) {
	b := newBench(t)
	b.commandFor(shortcut(fyne.KeyN, fyne.KeyModifierShortcutDefault))()
	assert.True(t, b.free(), "an empty note is thrown away without a question")
	b.enter("Keep me.")
	b.onNew()
	assert.False(t, b.free())
	test.Tap(b.screen.sheet.no)
	assert.Equal(t, "Keep me.", b.Note())
	b.onNew()
	b.screen.sheet.no.TypedKey(event(fyne.KeyEscape))
	assert.Equal(t, "Keep me.", b.Note())
	b.onNew()
	test.Tap(b.screen.sheet.yes)
	assert.Empty(t, b.Note())
	b.onUndo()
	assert.Equal(t, "Keep me.", b.Note())
}

// A text on its way belongs to the patient it was spoken for.
func TestNoNewNoteWhileTextIsOnItsWay(t *testing.T) {
	b := newBench(t)
	b.enter("Patient A.")
	st := ready()
	st.Stage, st.Pending = app.Finishing, 1
	b.Apply(st)
	b.onNew()
	assert.True(t, b.free())
	assert.Equal(t, wordNewBusy, said(b.screen.message))
	assert.Equal(t, "Patient A.", b.Note())
}

func TestClosing(t *testing.T) {
	for name, c := range map[string]struct {
		do    func(*bench)
		asks  bool
		words string
	}{
		"empty":       {func(*bench) {}, false, ""},
		"not copied":  {func(b *bench) { b.enter("x y") }, true, "2 words that have not been copied"},
		"copied":      {func(b *bench) { b.enter("x"); b.onCopy(); b.Wait() }, false, ""},
		"finishing":   {func(b *bench) { b.Apply(app.Status{Stage: app.Finishing, Pending: 1}) }, true, "would be lost"},
		"listening":   {func(b *bench) { b.Apply(app.Status{Stage: app.Listening}) }, true, "would be lost"},
		"kept speech": {func(b *bench) { b.Apply(app.Status{Stage: app.Failed, Kept: 2}) }, true, "would be lost"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			closed := false
			b.win.SetOnClosed(func() { closed = true })
			c.do(b)
			b.onClose()
			assert.Equal(t, c.asks, !closed)
			if c.asks {
				assert.Contains(t, b.screen.sheet.text, c.words)
				test.Tap(b.screen.sheet.yes)
				assert.True(t, closed)
			}
		})
	}
}

func TestLevelMovesOnlyWhileListening(t *testing.T) {
	b := newBench(t)
	b.Emit(app.Level{Peak: -10})
	assert.InDelta(t, quietest, b.screen.meter.level, 0)
	b.Emit(app.Status{Stage: app.Listening})
	b.Emit(app.Level{Peak: -10})
	assert.InDelta(t, -10, b.screen.meter.level, 0)
	b.Emit(app.Status{Stage: app.Finishing})
	assert.InDelta(t, quietest, b.screen.meter.level, 0)
}

// Levels that come while one is waiting to be drawn are drawn with it, and the
// loudest is not lost.
func TestLevelsDoNotFlood(t *testing.T) {
	b := newBench(t)
	assert.True(t, b.queue(app.Level{Peak: -30}))
	assert.False(t, b.queue(app.Level{Peak: -3}))
	assert.False(t, b.queue(app.Level{Peak: -40}))
	assert.InDelta(t, -3, b.latest().Peak, 0)
	assert.True(t, b.queue(app.Level{Peak: -30}))
}

func TestSettings(t *testing.T) {
	b := newBench(t)
	b.onSettings()
	b.Wait()
	c := b.screen.choosing
	assert.Equal(t, []string{wordDefaultMic, "SpeechMike", "Built-in"}, c.microphone.Options)
	assert.Equal(t, wordDefaultMic, c.microphone.Selected)
	assert.Equal(t, wordDemoModel, c.model.Text)
	c.microphone.SetSelected("Built-in")
	c.model.SetText("MedASR")
	c.key.SetSelected("right Ctrl")
	c.theme.SetSelected(wordDark)
	test.Tap(b.screen.sheet.yes)
	b.Wait()
	want := app.Settings{Microphone: "in", Model: "/models/medasr", Key: "RightControl", Theme: "dark"}
	assert.Equal(t, []app.Settings{want}, b.desk.applied)
	assert.Equal(t, []app.Settings{want}, b.saved)
	assert.Equal(t, desktop.KeyControlRight, b.key.name)
	assert.Contains(t, b.screen.note.PlaceHolder, "right Ctrl")
}

func TestSettingsTakeAFolder(t *testing.T) {
	b := newBench(t)
	b.onSettings()
	b.Wait()
	b.screen.choosing.model.SetText(" /home/me/my model ")
	test.Tap(b.screen.sheet.yes)
	b.Wait()
	assert.Equal(t, "/home/me/my model", b.desk.applied[0].Model)
}

func TestSettingsCancelled(t *testing.T) {
	b := newBench(t)
	b.onSettings()
	b.Wait()
	b.screen.choosing.theme.SetSelected(wordDark)
	test.Tap(b.screen.sheet.no)
	assert.Empty(t, b.desk.applied)
	assert.Empty(t, b.saved)
}

func TestSettingsThatCannotBeSavedAreUsedAndTold(t *testing.T) {
	b := newBench(t)
	b.fails = errors.New("settings.json: the disk is full; make room")
	b.onSettings()
	b.Wait()
	test.Tap(b.screen.sheet.yes)
	b.Wait()
	assert.Len(t, b.desk.applied, 1)
	assert.Equal(t, "settings.json: the disk is full; make room.", said(b.screen.message))
}

func TestAMicrophoneThatIsAwayStaysChosen(t *testing.T) {
	choices := microphoneChoices(nil, "usb-7")
	assert.Equal(t, "usb-7", idOf(choices, nameOf(choices, "usb-7")))
	assert.Contains(t, nameOf(choices, "usb-7"), "not connected")
}

func TestSettingsFitIntoASmallWindow(t *testing.T) {
	b := newBench(t)
	b.win.Resize(fyne.NewSize(480, 360))
	b.onSettings()
	b.Wait()
	size := b.screen.sheet.pop.Content.MinSize()
	assert.LessOrEqual(t, size.Width, float32(480))
	assert.LessOrEqual(t, size.Height, float32(360))
}

// The window is usable where it is small, and the note gets what is left.
func TestSizes(t *testing.T) {
	b := newBench(t)
	st := ready()
	st.Demo = true
	b.Apply(st)
	for _, size := range []fyne.Size{fyne.NewSize(480, 360), fyne.NewSize(1600, 1000)} {
		b.win.Resize(size)
		assert.LessOrEqual(t, b.screen.content.MinSize().Width, size.Width)
		assert.LessOrEqual(t, b.screen.content.MinSize().Height, size.Height)
		assert.GreaterOrEqual(t, b.screen.hold.Size().Height, float32(holdHeight))
	}
	assert.Greater(t, b.screen.note.Size().Height, float32(700))
}

func TestKeyNamesTypeNothing(t *testing.T) {
	for _, key := range keyNames {
		assert.Equal(t, key, keyFrom(string(key)))
		assert.NotContains(t, []fyne.KeyName{fyne.KeySpace, fyne.KeyReturn, fyne.KeyTab, fyne.KeyEscape}, key)
	}
	assert.Equal(t, fyne.KeyF9, keyFrom("A"))
	assert.Equal(t, fyne.KeyF9, keyFrom(""))
}

func TestMeterImage(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(lookFrom("light"))
	m := newMeter(time.Now)
	m.hear(-1)
	w := test.NewTempWindow(t, m)
	w.Resize(fyne.NewSize(420, 30))
	test.AssertRendersToImage(t, "meter.png", w.Canvas())
}

// TestNothingIsShownAfterLeave: Fyne would show it on a window that is no more.
func TestNothingIsShownAfterLeave(t *testing.T) {
	b := newBench(t)
	b.close(true)
	b.Emit(app.Status{Stage: app.Listening})
	b.Emit(app.Level{Peak: -10})
	assert.Equal(t, app.Loading, b.status.Stage)
	b.Leave()
}

// TestMeterIsDrawnSeldom hears 25 levels a second, as many as come.
func TestMeterIsDrawnSeldom(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(lookFrom("light"))
	now := time.Unix(0, 0)
	m := newMeter(func() time.Time { return now })
	test.NewTempWindow(t, m)
	drawn := 0
	for i := range 25 {
		before := m.drawn
		m.hear(-20 + 10*math.Sin(float64(i)))
		if m.drawn != before {
			drawn++
		}
		now = now.Add(40 * time.Millisecond)
	}
	assert.LessOrEqual(t, drawn, 13)
	assert.Greater(t, drawn, 5)
	for range 100 { // at rest nothing is drawn
		m.hear(quietest)
		now = now.Add(40 * time.Millisecond)
	}
	rest := m.drawn
	m.hear(quietest)
	assert.Equal(t, rest, m.drawn)
	assert.Equal(t, 0, m.shown)
}
