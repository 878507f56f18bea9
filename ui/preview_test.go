package ui

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"fermata/app"
)

// drawn are the words that the panel shows, stable and not, row by row.
func drawn(b *bench) (stable, tentative string) {
	for _, o := range test.WidgetRenderer(b.screen.preview).(*previewRenderer).texts {
		if o.Color == ink(b.screen.preview, theme.ColorNameForeground) {
			stable += o.Text + " "
		} else {
			tentative += o.Text + " "
		}
	}
	clean := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	return clean(stable), clean(tentative)
}

func TestPreviewIsShownAndPutAway(t *testing.T) {
	b := newBench(t)
	assert.False(t, b.screen.preview.Visible())
	height := b.screen.note.Size().Height
	b.Emit(app.Preview{Stable: "No pleural", Tentative: " effu"})
	assert.True(t, b.screen.preview.Visible())
	stable, tentative := drawn(b)
	assert.Equal(t, "No pleural", stable)
	assert.Equal(t, "effu", tentative)
	assert.Less(t, b.screen.note.Size().Height, height)
	b.Emit(app.Preview{})
	assert.False(t, b.screen.preview.Visible())
	assert.InDelta(t, height, b.screen.note.Size().Height, 0)
}

// Nothing of a preview gets into the note, its undo or the clipboard.
func TestPreviewIsNoPartOfTheNote(t *testing.T) {
	b := newBench(t)
	b.enter("Chest.")
	steps := len(b.screen.note.history.done)
	b.Emit(app.Preview{Stable: "No pleural", Tentative: " effu"})
	assert.Equal(t, "Chest.", b.Note())
	assert.Len(t, b.screen.note.history.done, steps)
	b.screen.note.TypedShortcut(&fyne.ShortcutSelectAll{})
	assert.Equal(t, "Chest.", b.screen.note.SelectedText())
	b.onCopy()
	b.Wait()
	assert.Equal(t, "Chest.", b.board.text)
	assert.Equal(t, "Copied 1 word", b.screen.count.segment.Text)
	b.Emit(app.Preview{})
	b.Emit(app.Text{Written: "No effusion."})
	assert.Equal(t, "No effusion.", b.Note()) // in place of what was selected
	b.onUndo()
	assert.Equal(t, "Chest.", b.Note())
}

// A long preview shows its end, in two rows that fit.
func TestLongPreviewShowsItsEnd(t *testing.T) {
	b := newBench(t)
	long := strings.Repeat("consolidation or effusion ", 400)
	for _, width := range []float32{480, 900, 1600} {
		b.win.Resize(fyne.NewSize(width, 640))
		b.Emit(app.Preview{Stable: long, Tentative: "pneumo thorax"})
		stable, tentative := drawn(b)
		assert.Equal(t, "pneumo thorax", tentative)
		assert.True(t, strings.HasSuffix(long, stable+" "), stable)
		assert.Greater(t, len(stable), 20)
		r := test.WidgetRenderer(b.screen.preview).(*previewRenderer)
		for _, o := range r.texts {
			assert.LessOrEqual(t, o.Position().X+o.MinSize().Width, b.screen.preview.Size().Width)
			assert.LessOrEqual(t, o.Position().Y+o.MinSize().Height, b.screen.preview.Size().Height)
		}
	}
}

// The panel takes nothing away that is needed, and the caret stays in sight.
func TestPreviewInASmallWindow(t *testing.T) {
	b := newBench(t)
	b.win.Resize(fyne.NewSize(480, 360))
	st := ready()
	st.Demo, st.Stage = true, app.Listening
	b.Apply(st)
	b.Apply(app.Preview{Tentative: "No"})
	assert.LessOrEqual(t, b.screen.content.MinSize().Width, float32(480))
	assert.LessOrEqual(t, b.screen.content.MinSize().Height, float32(360))
}

func TestPreviewWearsTheTheme(t *testing.T) {
	b := newBench(t)
	b.Emit(app.Preview{Stable: "No", Tentative: " effusion"})
	b.use(app.Settings{Theme: "dark"})
	stable, tentative := drawn(b)
	assert.Equal(t, "No", stable)
	assert.Equal(t, "effusion", tentative)
	r := test.WidgetRenderer(b.screen.preview).(*previewRenderer)
	assert.Equal(t, lookFrom("dark").Color(colorPreview, theme.VariantLight), r.ground.FillColor)
}

func TestWrap(t *testing.T) {
	letters := func(s string) float32 { return float32(len(s)) }
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.StringMatching(`[a-z]{1,12}`)).Draw(t, "words")
		width := float32(rapid.IntRange(1, 30).Draw(t, "width"))
		at := 0
		for _, row := range wrap(words, letters, width) {
			text := strings.Join(words[row[0]:row[1]], " ")
			if row[0] != at || row[1] <= at || letters(text) > width && row[1] > row[0]+1 {
				t.Fatalf("row %v after %d: %q", row, at, text)
			}
			if row[1] < len(words) && letters(text)+1+letters(words[row[1]]) <= width {
				t.Fatalf("%q has room for %q", text, words[row[1]])
			}
			at = row[1]
		}
		if at != len(words) {
			t.Fatalf("%d words of %d", at, len(words))
		}
	})
}

func TestFarBackLeavesEnough(t *testing.T) {
	for n := range 2000 {
		from := farBack(n)
		if from < 0 || n-from > 400 || from > 0 && n-from < 200 {
			t.Fatalf("%d words are wrapped from %d on", n, from)
		}
	}
}

func TestDiscardAsksAndTellsHowMuch(t *testing.T) {
	b := newBench(t)
	st := ready()
	st.Stage, st.Kept, st.Discards, st.Err = app.Failed, 90, 75, errors.New("model: it gives no numbers; choose another")
	b.Apply(st)
	assert.True(t, b.screen.discard.Visible())
	assert.Equal(t, "Discard 1 minute 15 seconds", b.screen.discard.Text)
	test.Tap(b.screen.discard)
	assert.Contains(t, b.screen.sheet.text, "1 minute 15 seconds")
	test.Tap(b.screen.sheet.no)
	assert.Empty(t, b.desk.calls)
	test.Tap(b.screen.discard)
	test.Tap(b.screen.sheet.yes)
	assert.Equal(t, []string{"discard"}, b.desk.calls)
	b.Apply(ready())
	assert.False(t, b.screen.discard.Visible())
}

func TestSeconds(t *testing.T) {
	for s, want := range map[float64]string{
		0.2: "less than a second", 0.6: "1 second", 4.4: "4 seconds", 59.6: "1 minute", 61: "1 minute 1 second", 150: "2 minutes 30 seconds",
	} {
		assert.Equal(t, want, seconds(s))
	}
}

func TestStateLineTellsWhatTakesTimeAndWhatDecodes(t *testing.T) {
	b := newBench(t)
	st := ready()
	st.Stage, st.Preparing = app.Loading, "preparing the language model, 40 %"
	b.Apply(st)
	assert.Equal(t, "Preparing the language model, 40 %", b.screen.state.stage.Text)
	assert.Equal(t, "Fermata – loading model", b.win.Title())
	st = ready()
	st.Decoder, st.Speed = "with its language model", "this computer finishes 20 s of speech in 0.3 s"
	b.Apply(st)
	assert.Equal(t, "Ready", b.screen.state.stage.Text)
	assert.Equal(t, "MedASR, with its language model", b.screen.state.model.segment.Text)
	assert.Equal(t, "CPU, 2 threads; this computer finishes 20 s of speech in 0.3 s", b.screen.state.device.segment.Text)
}

func TestSettingsOfRecognition(t *testing.T) {
	b := newBench(t)
	b.onSettings()
	b.Wait()
	c := b.screen.choosing
	assert.Equal(t, wordAutomatic, c.decoder.Selected)
	assert.Equal(t, wordFull, c.precision.Selected)
	assert.True(t, c.preview.Checked)
	c.decoder.SetSelected(wordWithoutLM)
	c.precision.SetSelected(wordEightBit)
	c.preview.SetChecked(false)
	test.Tap(b.screen.sheet.yes)
	b.Wait()
	assert.Equal(t, app.Settings{Key: "F9", Theme: "light", Decoder: "greedy", Precision: "int8", NoPreview: true}, b.desk.applied[0])
	b.onSettings()
	b.Wait()
	c = b.screen.choosing
	assert.Equal(t, wordWithoutLM, c.decoder.Selected)
	assert.Equal(t, wordEightBit, c.precision.Selected)
	assert.False(t, c.preview.Checked)
}
