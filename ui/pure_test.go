package ui

import (
	"image/color"
	"math"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"github.com/stretchr/testify/assert"
)

func TestDifference(t *testing.T) {
	for _, c := range []struct {
		before, after string
		limit, at     int
		out, in       string
	}{
		{"", "a", 0, 0, "", "a"},
		{"aaa", "aaaa", 1, 1, "", "a"},
		{"aaaa", "aaa", 2, 2, "a", ""},
		{"eine Größe", "eine große Größe", 5, 5, "", "große "},
		{"abc", "", 0, 0, "abc", ""},
		{"abc", "axc", 3, 1, "b", "x"},
		{"same", "same", 4, 4, "", ""},
	} {
		got := difference([]rune(c.before), []rune(c.after), c.limit)
		assert.Equal(t, c.after, string(got.apply([]rune(c.before))))
		assert.Equal(t, c.before, string(got.inverse().apply([]rune(c.after))))
		assert.Equal(t, c.at, got.at, c)
		assert.Equal(t, c.out, string(got.removed), c)
		assert.Equal(t, c.in, string(got.inserted), c)
	}
}

func FuzzDifference(f *testing.F) {
	f.Add("abc", "abd", 2)
	f.Add("", "日本", 0)
	f.Fuzz(func(t *testing.T, before, after string, limit int) {
		b, a := []rune(before), []rune(after)
		c := difference(b, a, max(0, limit))
		if string(c.apply(b)) != string(a) || string(c.inverse().apply(a)) != string(b) {
			t.Fatalf("%q to %q at %d: %v", before, after, limit, c)
		}
	})
}

func TestHistoryJoinsWordsAndNothingElse(t *testing.T) {
	var h history
	text := []rune{}
	for i, r := range []rune("no mass") {
		c := change{at: i, inserted: []rune{r}}
		text = c.apply(text)
		h.add(c, true)
	}
	assert.Len(t, h.done, 2)
	c, _ := h.undo()
	assert.Equal(t, "no ", string(c.apply(text)))
	h.add(change{at: 3, inserted: []rune("x")}, true)
	assert.Empty(t, h.undone)
	assert.Len(t, h.done, 2, "what is typed after an undo begins a step")
}

func TestPlacesMoveWithTheText(t *testing.T) {
	var p places
	p.wait(1, 5)
	p.edited(change{at: 5, inserted: []rune("xyz")})
	p.wait(2, 8)
	p.edited(change{at: 0, removed: []rune("ab")})
	at := p.next(99)
	assert.Equal(t, 3, at)
	p.filled(change{at: at, inserted: []rune("1234")})
	assert.Equal(t, 10, p.next(99))
	assert.Equal(t, 99, p.next(99))
}

func TestDecay(t *testing.T) {
	for _, c := range []struct {
		shown, peak float64
		pause       time.Duration
		want        float64
	}{
		{quietest, -20, time.Second, -20},
		{-20, -50, 500 * time.Millisecond, -32},
		{-20, -200, time.Hour, quietest},
		{-20, 3, 0, 0},
		{-20, math.NaN(), 0, -20},
		{-20, math.Inf(-1), 0, -20},
	} {
		assert.InDelta(t, c.want, decay(c.shown, c.peak, c.pause), 1e-9, c)
	}
}

func TestLamps(t *testing.T) {
	assert.Equal(t, 0, lit(quietest))
	assert.Equal(t, cells/2, lit(quietest/2))
	assert.Equal(t, cells, lit(0))
	assert.Equal(t, colorReady, lamp(0))
	assert.Equal(t, colorReady, lamp(lit(-12)-1))
	assert.Equal(t, colorLoud, lamp(lit(-6)-1))
	assert.Equal(t, colorClip, lamp(cells-1))
}

func TestShares(t *testing.T) {
	assert.Equal(t, []float32{10, 20, 30}, shares([]float32{10, 20, 30}, 100))
	assert.Equal(t, []float32{10, 25, 25}, shares([]float32{10, 200, 30}, 60))
	assert.Equal(t, []float32{20, 20, 20}, shares([]float32{50, 40, 30}, 60))
}

func TestSentence(t *testing.T) {
	for in, want := range map[string]string{
		"microphone: it is silent; plug it in again": "Microphone: it is silent; plug it in again.",
		"model.safetensors: too short":               "model.safetensors: too short.",
		"nothing was heard":                          "Nothing was heard.",
		"SpeechMike (USB): gone!":                    "SpeechMike (USB): gone!",
		"äußere Quelle":                              "Äußere Quelle.",
		"":                                           "",
	} {
		assert.Equal(t, want, sentence(in))
	}
}

// luminance and the ratio are WCAG 2.2's.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func TestContrast(t *testing.T) {
	for _, pair := range [][2]fyne.ThemeColorName{
		{theme.ColorNameForeground, theme.ColorNameBackground},
		{theme.ColorNameForeground, theme.ColorNameInputBackground},
		{theme.ColorNameForeground, theme.ColorNameButton},
		{theme.ColorNameForeground, theme.ColorNameOverlayBackground},
		{theme.ColorNamePlaceHolder, theme.ColorNameBackground},
		{theme.ColorNamePlaceHolder, theme.ColorNameInputBackground},
		{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
		{colorOnHold, colorHold},
		{colorOnHold, colorOpening},
		{colorOnHold, colorListening},
		{colorOnHold, colorFinishing},
		{colorOnRibbon, colorRibbon},
		{colorOnAlarm, colorAlarm},
		{colorOnTold, colorTold},
		{theme.ColorNameForeground, colorPreview},
		{theme.ColorNamePlaceHolder, colorPreview},
		{theme.ColorNameForeground, colorRibbon},
	} {
		for _, chosen := range []string{"light", "dark"} {
			a := luminance(lookFrom(chosen).Color(pair[0], theme.VariantLight))
			b := luminance(lookFrom(chosen).Color(pair[1], theme.VariantLight))
			ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05)
			assert.GreaterOrEqual(t, ratio, 4.5, "%v, %s", pair, chosen)
		}
	}
}
