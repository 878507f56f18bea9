package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
	"github.com/stretchr/testify/assert"

	"fermata/app"
)

func TestSettingsOfTheDevice(t *testing.T) {
	b := newBench(t)
	b.cards = []Choice{{"NVIDIA RTX A2000", "NVIDIA RTX A2000"}, {"webgpu:1", "Twin (webgpu:1)"}}
	b.onSettings()
	b.Wait()
	c := b.screen.choosing
	assert.Equal(t, []string{wordAutomatic, wordProcessor, "NVIDIA RTX A2000", "Twin (webgpu:1)"}, c.device.Options)
	assert.Equal(t, wordAutomatic, c.device.Selected)
	c.device.SetSelected("Twin (webgpu:1)")
	test.Tap(b.screen.sheet.yes)
	b.Wait()
	assert.Equal(t, app.Settings{Key: "F9", Theme: "light", Device: "webgpu:1"}, b.desk.applied[0])
	for _, choice := range [][2]string{{wordProcessor, "cpu"}, {wordAutomatic, ""}} {
		b.onSettings()
		b.Wait()
		b.screen.choosing.device.SetSelected(choice[0])
		test.Tap(b.screen.sheet.yes)
		b.Wait()
		assert.Equal(t, choice[1], b.saved[len(b.saved)-1].Device)
	}
}

// A card that was taken out stays chosen, until another device is.
func TestACardThatIsAwayStaysChosen(t *testing.T) {
	b := newBench(t)
	b.settings.Device = "Card 9"
	b.onSettings()
	b.Wait()
	assert.Equal(t, "Card 9 (not there)", b.screen.choosing.device.Selected)
	test.Tap(b.screen.sheet.yes)
	b.Wait()
	assert.Equal(t, "Card 9", b.desk.applied[0].Device)
	b.cards = []Choice{{"Card 9", "Card 9"}}
	b.onSettings()
	b.Wait()
	assert.Equal(t, "Card 9", b.screen.choosing.device.Selected)
}

func TestTryTheCardAgain(t *testing.T) {
	b := newBench(t)
	b.onSettings()
	b.Wait()
	assert.True(t, b.screen.choosing.tryCard.Disabled(), "without a card")
	test.Tap(b.screen.sheet.no)
	b.cards = []Choice{{"Card 9", "Card 9"}}
	b.onSettings()
	b.Wait()
	test.Tap(b.screen.choosing.tryCard)
	assert.Equal(t, []string{"try card"}, b.desk.calls)
	assert.Equal(t, wordTrying, b.screen.choosing.told.Segments[0].Textual())
	assert.True(t, b.screen.choosing.tryCard.Disabled(), "once is enough")
}

// The state line follows what computes.
func TestStateLineTellsTheCard(t *testing.T) {
	b := newBench(t)
	st := ready()
	st.Speed = "this computer finishes 20 s of speech in 0.3 s"
	for _, words := range []string{"NVIDIA RTX A2000, checked, 4.1 times this CPU", "using the CPU: the graphics card failed; choose " + wordTryCard + " in the settings"} {
		st.Device = words
		b.Apply(st)
		assert.True(t, strings.HasPrefix(b.screen.state.device.segment.Text, words))
		b.onSettings()
		b.Wait()
		assert.Equal(t, sentence(words)+" This computer finishes 20 s of speech in 0.3 s.", b.screen.choosing.told.Segments[0].Textual())
		test.Tap(b.screen.sheet.no)
	}
	assert.Equal(t, st.Device, b.screen.state.device.segment.Text)
}
