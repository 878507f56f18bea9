package cli

import (
	"math"
	"strings"
	"time"

	"fermata/app/spoken"
	"fermata/app/wer"
)

// A measurement is of one corpus with one or more configurations.
type measurement struct {
	corpus []*measured
	rows   []*configuration
}

// measured is an utterance and what became of it.
type measured struct {
	utterance
	duration float64 // seconds
	told     bool    // it failed, which has been said
}

func newMeasurement(corpus []utterance) *measurement {
	m := &measurement{}
	for _, u := range corpus {
		m.corpus = append(m.corpus, &measured{utterance: u})
	}
	return m
}

func (m *measurement) failed() int {
	n := 0
	for _, u := range m.corpus {
		if u.told {
			n++
		}
	}
	return n
}

// seconds is how much was recognised.
func (m *measurement) seconds() float64 {
	sum := 0.0
	for _, u := range m.corpus {
		if !u.told {
			sum += u.duration
		}
	}
	return sum
}

// A configuration is a row of the table: one way to recognise, and its errors.
type configuration struct {
	Model, Decoder, Language, Precision string
	heard                               map[*measured]outcome
	elapsed                             time.Duration
}

// An outcome is the errors of one utterance in the forms of comparison.
type outcome struct {
	forms []counted // as forms lists them
	pairs []wer.Pair
}

type counted struct{ words, characters wer.Counts }

// forms are the forms of comparison; the first one's mistakes are listed.
var forms = []struct {
	name  string
	apply func(string) string
}{{"google", wer.Google}, {"marks", func(text string) string { return wer.Marks(spoken.Write(text)) }}}

func (m *measurement) add(engine *Engine, decoder string) *configuration {
	c := &configuration{Model: engine.Model, Decoder: decoder, Precision: string(engine.Precision), heard: map[*measured]outcome{}}
	if decoder == beam {
		c.Language = engine.Language
	}
	m.rows = append(m.rows, c)
	return c
}

// count compares what was recognised with the reference.
func (c *configuration) count(u *measured, raw string, took time.Duration) {
	var o outcome
	for i, form := range forms {
		reference, hypothesis := form.apply(u.text), form.apply(raw)
		pairs := wer.Align(strings.Fields(reference), strings.Fields(hypothesis))
		o.forms = append(o.forms, counted{wer.Count(pairs), wer.Characters(reference, hypothesis)})
		if i == 0 {
			o.pairs = pairs
		}
	}
	c.heard[u] = o
	c.elapsed += took
}

// A figure is the errors of a corpus in one form. Rates are shares, NaN where
// there is nothing to be wrong about.
type figure struct {
	words               wer.Counts
	wer, low, high, cer float64
}

// figure sums up over what no configuration failed at.
func (m *measurement) figure(c *configuration, form int) figure {
	var each []wer.Counts
	var words, characters wer.Counts
	for _, u := range m.corpus {
		o, ok := c.heard[u]
		if !ok || u.told {
			continue
		}
		each = append(each, o.forms[form].words)
		words = words.Plus(o.forms[form].words)
		characters = characters.Plus(o.forms[form].characters)
	}
	low, high := wer.Interval(each)
	return figure{words, words.Rate(), low, high, characters.Rate()}
}

func (m *measurement) mistakes(c *configuration, n int) []wer.Mistake {
	all := wer.Mistakes{}
	for _, u := range m.corpus {
		if !u.told {
			all.Add(c.heard[u].pairs)
		}
	}
	return all.Worst(n)
}

// number is f for JSON, which has no NaN: null.
func number(f float64) *float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return &f
}
