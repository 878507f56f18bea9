package cli

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"fermata/app/wer"
)

// write prints a measurement, for people or as JSON.
func (m *measurement) write(w io.Writer, asJSON bool, worst int) error {
	if asJSON {
		return writeJSON(w, m.report(worst))
	}
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "%s, %.1f s; %d failed\n\n", plural(len(m.corpus)-m.failed(), "recording"), m.seconds(), m.failed())
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "decoder\tprecision\twords\tWER\t95 %\tsubst.\tdel.\tins.\tCER\tWER, marks\t95 %")
	for _, c := range m.rows {
		g, k := m.figure(c, 0), m.figure(c, 1)
		_, _ = fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%d\t%d\t%d\t%s\t%s\t%s\n", c.Decoder, c.Precision,
			g.words.Words, percent(g.wer), between(g), g.words.Substitutions, g.words.Deletions, g.words.Insertions,
			percent(g.cer), percent(k.wer), between(k))
	}
	_ = t.Flush() // into memory
	for _, c := range m.rows {
		writeMistakes(&b, c, m.mistakes(c, worst))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeMistakes(b *strings.Builder, c *configuration, mistakes []wer.Mistake) {
	if len(mistakes) == 0 {
		return
	}
	_, _ = fmt.Fprintf(b, "\nmost often wrong, %s %s:\n", c.Decoder, c.Precision)
	for _, m := range mistakes {
		_, _ = fmt.Fprintf(b, "%5d  %s → %s\n", m.Count, orNothing(m.Reference), orNothing(m.Hypothesis))
	}
}

func orNothing(word string) string {
	if word == "" {
		return "(nothing)"
	}
	return word
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// percent is a share as "6.6 %".
func percent(share float64) string {
	if math.IsNaN(share) {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}

// between is the interval of a rate, as "5.9–7.2".
func between(f figure) string {
	if math.IsNaN(f.low) {
		return "–"
	}
	return fmt.Sprintf("%.1f–%.1f", 100*f.low, 100*f.high)
}
