package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"fermata/models/lasr"
)

// slow is from when on a quicker precision is worth its errors: the wait after
// the key comes up, of a whole window, in seconds.
const slow = 1.0

// unverified is what must be said wherever int8 is advised.
const unverified = "how exact int8 is with MedASR's own weights is not verified: fermata eval --compare-precision tells it for your recordings"

// advise says in words which precision to use.
func (b *benchmark) advise() string {
	full, quick := b.window(lasr.FP32), b.window(lasr.Int8)
	words := fmt.Sprintf("This computer finishes 20 s of speech in %s in full precision", inSeconds(full))
	switch {
	case full <= slow:
		return words + ", which is fast enough: use --precision fp32."
	case quick == 0:
		return words + ", and 8-bit precision is not to be had of this model."
	case quick > 0.9*full:
		return fmt.Sprintf("%s and in %s in 8-bit precision, which gains too little: use --precision fp32.", words, inSeconds(quick))
	}
	return fmt.Sprintf("%s and in %s in 8-bit precision: use --precision int8 if that wait is too long for you; %s.", words, inSeconds(quick), unverified)
}

// window is the time of the longest window, 0 if it was not measured.
func (b *benchmark) window(p lasr.Precision) float64 {
	for _, row := range b.Precisions {
		if row.Precision == p && len(row.Windows) > 0 {
			return row.Windows[len(row.Windows)-1].Seconds
		}
	}
	return 0
}

func (b *benchmark) print(w io.Writer) error {
	var s strings.Builder
	_, _ = fmt.Fprintf(&s, "%s, %d threads; model %s\nfeatures: %s for each second of speech\n\n", b.Processor, b.Threads, b.Model, inSeconds(b.Features))
	t := tabwriter.NewWriter(&s, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprint(t, "precision")
	for _, length := range lengths {
		_, _ = fmt.Fprintf(t, "\t%d s window", length)
	}
	_, _ = fmt.Fprint(t, "\ttimes real time\tload\tmemory\tcomputed on\n")
	for _, row := range b.Precisions {
		if row.Problem == "" {
			row.print(t)
		}
	}
	_ = t.Flush() // into memory
	for _, row := range b.Precisions {
		if row.Problem != "" {
			_, _ = fmt.Fprintf(&s, "%s was not measured: %s\n", row.Precision, row.Problem)
		}
	}
	_, _ = fmt.Fprintf(&s, "\n%s\n", b.Advice)
	_, err := io.WriteString(w, s.String())
	return err
}

func (r precisionRow) print(w io.Writer) {
	_, _ = fmt.Fprint(w, r.Precision)
	for _, window := range r.Windows {
		_, _ = fmt.Fprintf(w, "\t%s", inSeconds(window.Seconds))
	}
	longest := r.Windows[len(r.Windows)-1]
	memory := "–"
	if r.Memory > 0 {
		memory = fmt.Sprintf("%d MB", r.Memory>>20)
	}
	_, _ = fmt.Fprintf(w, "\t%.0f\t%s\t%s\t%s\n", longest.Speech/longest.Seconds, inSeconds(r.Load), memory, r.Device)
}

// inSeconds is a time as people read it.
func inSeconds(seconds float64) string {
	switch {
	case seconds >= 9.95:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds >= 0.095:
		return fmt.Sprintf("%.1f s", seconds)
	case seconds >= 0.0095:
		return fmt.Sprintf("%.0f ms", 1000*seconds)
	}
	return fmt.Sprintf("%.1f ms", 1000*seconds)
}
