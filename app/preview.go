package app

import (
	"strings"
	"time"
	"unicode"
)

// A preview keeps every core busy while it runs. After one that took d, nine
// times d pass before the next, so that previews have d/(d+9d), a tenth, of
// the machine; and between the beginnings of two at least a second passes.
const (
	previewEvery = time.Second
	previewRests = 9
)

// pace says when the next preview is due.
type pace struct{ next time.Time }

func (p *pace) begin() { p.next = time.Now().Add(previewEvery) }

// spent notes a preview that began at start and has just ended, with an answer
// or without.
func (p *pace) spent(start time.Time) {
	took := time.Since(start)
	p.next = time.Now().Add(max(previewRests*took, previewEvery-took))
}

// wait is how long it is until the next preview may begin.
func (p *pace) wait() time.Duration { return time.Until(p.next) }

// agreement is the text of the last preview. What two in a row begin with is
// stable (local agreement: Liu, Spanakis, Niehues, "Low-latency
// sequence-to-sequence speech recognition and translation by partial
// hypothesis selection", Interspeech 2020). What has become stable stays so
// until a preview contradicts it.
type agreement struct{ last string }

// with takes a preview's text in and parts it.
func (a *agreement) with(text string) Preview {
	stable := common(a.last, text)
	a.last = text
	return Preview{Stable: text[:stable], Tentative: text[stable:]}
}

// common is how many bytes of b are whole words with which a begins, too.
func common(a, b string) int {
	for at := 0; ; {
		w := word(b[at:])
		if w != word(a[at:]) || strings.TrimSpace(w) == "" {
			return at
		}
		at += len(w)
	}
}

// word is the first word of text with the blanks before it.
func word(text string) string {
	rest := strings.TrimLeftFunc(text, unicode.IsSpace)
	if i := strings.IndexFunc(rest, unicode.IsSpace); i >= 0 {
		rest = rest[i:]
		return text[:len(text)-len(rest)]
	}
	return text
}
