package ui

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// The scale of the level meter, in dBFS. A voice at a headset peaks between
// -20 and -10; from loudFrom on it comes near to clipping.
const (
	quietest = -60.0
	loudFrom = -9.0
	clipFrom = -3.0
	// fall is how fast the meter comes down, in dB a second: slow enough to
	// be read between two words, as a peak programme meter is (IEC 60268-10).
	fall = 24.0
	// cells is how many lamps the meter has.
	cells = 40
	// redraw is how often it is drawn at most. Every drawing is one of the whole
	// window, which takes 25 ms of a processor where no card draws.
	redraw = 75 * time.Millisecond
)

// meter shows how loud the voice is: a row of lamps.
type meter struct {
	widget.BaseWidget
	level float64 // dBFS, as it should be shown
	at    time.Time
	drawn time.Time
	shown int // lamps
	clock func() time.Time
}

func newMeter(clock func() time.Time) *meter {
	m := &meter{level: quietest, clock: clock}
	m.ExtendBaseWidget(m)
	return m
}

// hear shows a peak in dBFS. The meter goes up at once and comes down slowly.
func (m *meter) hear(peak float64) {
	now := m.clock()
	m.level = decay(m.level, peak, now.Sub(m.at))
	m.at = now
	if lit(m.level) != m.shown && now.Sub(m.drawn) >= redraw {
		m.drawn = now
		m.Refresh()
	}
}

// rest puts all lamps out: nothing is being heard.
func (m *meter) rest() {
	if m.level != quietest {
		m.level = quietest
		m.Refresh()
	}
}

// decay is the level to show after one of shown, when peak comes after pause.
func decay(shown, peak float64, pause time.Duration) float64 {
	if math.IsNaN(peak) {
		peak = quietest
	}
	return min(0, max(quietest, peak, shown-fall*max(0, pause.Seconds())))
}

// lit is how many lamps burn at a level.
func lit(level float64) int {
	return int(math.Round((level - quietest) / -quietest * cells))
}

// lamp is the colour of the i-th lamp when it burns.
func lamp(i int) fyne.ThemeColorName {
	switch level := quietest - quietest*float64(i+1)/cells; {
	case level > clipFrom:
		return colorClip
	case level > loudFrom:
		return colorLoud
	}
	return colorReady
}

// AccessibilityLabel is what a screen reader says.
func (m *meter) AccessibilityLabel() string { return wordLevel }

// CreateRenderer draws the lamps.
func (m *meter) CreateRenderer() fyne.WidgetRenderer {
	r := &meterRenderer{meter: m}
	for range cells {
		lamp := canvas.NewRectangle(nil)
		lamp.CornerRadius = 2
		r.lamps = append(r.lamps, lamp)
	}
	r.Refresh()
	return r
}

type meterRenderer struct {
	meter *meter
	lamps []fyne.CanvasObject
}

func (r *meterRenderer) Destroy()                     {}
func (r *meterRenderer) Objects() []fyne.CanvasObject { return r.lamps }
func (r *meterRenderer) MinSize() fyne.Size           { return fyne.NewSize(cells*3, 8) }

func (r *meterRenderer) Layout(size fyne.Size) {
	const height, gap = 8, 2
	step := (size.Width + gap) / cells
	for i, l := range r.lamps {
		l.Move(fyne.NewPos(float32(i)*step, (size.Height-height)/2))
		l.Resize(fyne.NewSize(step-gap, height))
	}
}

func (r *meterRenderer) Refresh() {
	burning := lit(r.meter.level)
	r.meter.shown = burning
	for i, o := range r.lamps {
		name := colorUnlit
		if i < burning {
			name = lamp(i)
		}
		o.(*canvas.Rectangle).FillColor = ink(r.meter, name)
	}
	canvas.Refresh(r.meter)
}
