package app

// held is where the tail of a speech begins whose key is still down.
const held = -1

// tail is what is heard after the key came up, and whether it is silence
// beside what was heard before.
type tail struct {
	from   int // the sample it begins with, or held
	before loudness
	limit  float64 // dBFS: silence up to here
	gauge  gauge
	loud   bool // something above the limit was heard
}

// begin says that samples have been heard and the key is up.
func (t *tail) begin(samples int) {
	t.from, t.limit = samples, t.before.limit()
	t.gauge, t.loud = gauge{}, false
}

// hear takes samples in, whichever side of the release they are on.
func (t *tail) hear(block []float32) {
	t.before.add(block) // counts from the beginning, also through a tail that was none
	if t.from != held {
		t.gauge.add(block, t.judge)
	}
}

// end judges the rest that fills no stretch.
func (t *tail) end() {
	if t.from != held {
		t.judge(t.gauge.level())
	}
}

// judge is written so that a level that is no number counts as sound.
func (t *tail) judge(level float64) {
	if !(level <= t.limit) {
		t.loud = true
	}
}

// silent says that the key is up and nothing but silence was heard since.
func (t *tail) silent() bool { return t.from != held && !t.loud }
