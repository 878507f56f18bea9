package ui

import (
	"math/rand/v2"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/stretchr/testify/assert"

	"fermata/app"
)

func TestTextArrivesAtTheCaretAsOneStep(t *testing.T) {
	b := newBench(t)
	b.enter("The heart is normal.")
	b.press(fyne.KeyHome)
	for range len("The heart") {
		b.press(fyne.KeyRight)
	}
	b.Apply(app.Text{Written: "and the aorta"})
	assert.Equal(t, "The heart and the aorta is normal.", b.Note())
	assert.Equal(t, len("The heart and the aorta"), b.screen.note.caret())
	b.onUndo()
	assert.Equal(t, "The heart is normal.", b.Note())
	assert.Equal(t, len("The heart"), b.screen.note.caret())
	b.onRedo()
	assert.Equal(t, "The heart and the aorta is normal.", b.Note())
}

func TestADictationOverASelectionIsOneStep(t *testing.T) {
	b := newBench(t)
	b.enter("No fracture seen.")
	b.screen.note.TypedShortcut(&fyne.ShortcutSelectAll{})
	b.Apply(app.Text{Written: "normal study."})
	assert.Equal(t, "Normal study.", b.Note())
	b.onUndo()
	assert.Equal(t, "No fracture seen.", b.Note())
	b.onRedo()
	assert.Equal(t, "Normal study.", b.Note())
}

func TestWhatIsTypedAfterADictationIsAStepOfItsOwn(t *testing.T) {
	b := newBench(t)
	b.Apply(app.Text{Written: "lungs"})
	b.enter("clear")
	b.onUndo()
	assert.Equal(t, "Lungs", b.Note())
	b.onUndo()
	assert.Empty(t, b.Note())
}

// Typing goes on undisturbed, and the text stands before what was typed after
// its key came up.
func TestTypingWhileADictationIsFinishing(t *testing.T) {
	b := newBench(t)
	b.enter("Lungs:")
	st := ready()
	st.Stage, st.Pending = app.Finishing, 1
	b.Apply(st)
	b.enter(" Heart: norm")
	b.Apply(app.Text{Written: "clear."})
	b.enter("al")
	assert.Equal(t, "Lungs: clear. Heart: normal", b.Note())
}

func TestTwoDictationsKeepSpokenOrder(t *testing.T) {
	b := newBench(t)
	st := ready()
	st.Stage, st.Pending = app.Finishing, 1
	b.Apply(st)
	st.Pending = 2
	b.Apply(st)
	b.Apply(app.Text{Written: "one"})
	st.Pending = 1
	b.Apply(st)
	b.Apply(app.Text{Written: "two"})
	b.Apply(ready())
	assert.Equal(t, "One two", b.Note())
}

func TestEmptyTextChangesNothing(t *testing.T) {
	b := newBench(t)
	b.Apply(app.Text{})
	assert.Empty(t, b.Note())
	assert.Empty(t, b.screen.note.history.done)
}

// The caret is where it was put, in runes, wherever rows are wrapped.
func TestCaretAtEveryPlaceOfWrappedText(t *testing.T) {
	text := "Größe 3 × 4 cm,  normal.  \n\n" + strings.Repeat("überlang", 12) + " ok \n" +
		strings.Repeat("kein Nachweis 日本語 eines Infarkts ", 5)
	for _, width := range []float32{480, 611, 900} {
		b := newBench(t)
		b.win.Resize(fyne.NewSize(width, 500))
		n := b.screen.note
		runes := []rune(text)
		for at := range len(runes) + 1 {
			n.put(runes, at)
			if !assert.Equal(t, at, n.caret(), "width %v", width) {
				return
			}
			n.TypedRune('#')
			want := string(runes[:at]) + "#" + string(runes[at:])
			if !assert.Equal(t, want, n.Text) || !assert.Equal(t, at+1, n.caret()) {
				return
			}
		}
	}
}

// What is typed lands where it belongs also where a space is what no longer
// fits into the last row: Fyne has no row for the caret behind it.
func TestTypingBehindASpaceAtTheEndOfARow(t *testing.T) {
	b := newBench(t)
	n := b.screen.note
	strayed := 0
	for width := float32(480); width < 540; width++ {
		b.win.Resize(fyne.NewSize(width, 500))
		for words := 9; words < 14; words++ {
			text := strings.Repeat("finding ", words)
			n.put(nil, 0)
			n.history = history{}
			n.insert(strings.TrimSuffix(text, " "))
			n.TypedRune(' ')
			if n.strayed() {
				strayed++
			}
			n.TypedRune('x')
			n.TypedRune('y')
			n.TypedKey(event(fyne.KeyBackspace))
			n.TypedKey(event(fyne.KeyBackspace))
			n.TypedKey(event(fyne.KeyReturn))
			n.TypedRune('z')
			if !assert.Equal(t, "F"+text[1:]+"\nz", n.Text, "width %v", width) {
				return
			}
		}
	}
	assert.Positive(t, strayed, "no width of the window shows what this test is for")
}

// Any edits, undone and done again, give the same texts.
func TestUndoAndRedoOfAnyEdits(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		b := newBench(t)
		b.win.Resize(fyne.NewSize(480, 400))
		n := b.screen.note
		for range 120 {
			edit(b, random)
		}
		last, steps := n.Text, len(n.history.done)
		for range steps {
			n.Undo()
		}
		assert.Empty(t, n.Text, "seed %d", seed)
		for range steps {
			n.Redo()
		}
		assert.Equal(t, last, n.Text, "seed %d", seed)
	}
}

func edit(b *bench, random *rand.Rand) {
	n := b.screen.note
	switch random.IntN(9) {
	case 0:
		b.press(fyne.KeyBackspace)
	case 1:
		b.press(fyne.KeyDelete)
	case 2:
		b.press(fyne.KeyReturn)
	case 3:
		n.put([]rune(n.Text), random.IntN(len([]rune(n.Text))+1))
	case 4:
		b.Apply(app.Text{Written: []string{"pneumothorax", "keine Ergüsse.", ", and"}[random.IntN(3)]})
	case 5: // select a few and go on
		n.KeyDown(event(desktop.KeyShiftLeft))
		for range random.IntN(9) {
			b.press([]fyne.KeyName{fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp}[random.IntN(3)])
		}
		n.KeyUp(event(desktop.KeyShiftLeft))
	case 6:
		n.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyBackspace, Modifier: fyne.KeyModifierShortcutDefault})
	default:
		b.enter([]string{"ä", " ", "word ", "aaaa"}[random.IntN(4)])
	}
}

func TestCutGoesToTheClipboardThatLasts(t *testing.T) {
	b := newBench(t)
	b.enter("old text")
	b.screen.note.TypedShortcut(&fyne.ShortcutSelectAll{})
	b.screen.note.TypedShortcut(&fyne.ShortcutCut{Clipboard: b.app.Clipboard()})
	b.Wait()
	assert.Empty(t, b.Note())
	assert.Equal(t, "old text", b.board.text)
	b.onUndo()
	assert.Equal(t, "old text", b.Note())
}

func TestTabLeavesTheNote(t *testing.T) {
	b := newBench(t)
	assert.False(t, b.screen.note.AcceptsTab())
}
