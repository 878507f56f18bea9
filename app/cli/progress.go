package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// A progress line says on a terminal what a command is at. Elsewhere, in a
// file or a pipe, it says nothing.
type progress struct {
	w     io.Writer // nil where it says nothing
	shown bool
}

func newProgress(w io.Writer) *progress {
	if file, ok := w.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return &progress{w: w}
		}
	}
	return &progress{}
}

// say replaces what the line says.
func (p *progress) say(format string, a ...any) {
	if p.w != nil {
		p.shown = true
		_, _ = fmt.Fprintf(p.w, "\r\x1b[K"+format, a...)
	}
}

// part says what is being done, and how much of it, from 0 to 1; less than 0 is
// not known.
func (p *progress) part(what string, done float64) {
	if done < 0 {
		p.say("%s", what)
		return
	}
	p.say("%s, %.0f %%", what, 100*done)
}

// bar says how much of n is done, as a bar.
func (p *progress) bar(what string, done, n int) {
	const width = 30
	full := width * done / n
	p.say("%s  %s%s  %d of %d", what, strings.Repeat("█", full), strings.Repeat("░", width-full), done, n)
}

// clear takes the line away, before anything else is written.
func (p *progress) clear() {
	if p.shown {
		p.shown = false
		_, _ = fmt.Fprint(p.w, "\r\x1b[K")
	}
}
