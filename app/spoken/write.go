// Package spoken turns what was said into what is written. Most callers want
// [Write].
//
// It refuses to guess: a letter that the model emitted is lost only where it
// spells a mark in braces, and no capital is taken away.
package spoken

import "unicode/utf8"

// Write writes the marks of a raw transcript out: "{comma}" becomes a comma
// with the spaces that belong to it. Marks that arrive damaged are taken where
// only one mark can be meant; whatever else stands in braces stays, braces and
// all. After a dictated full stop, question mark, exclamation mark and new
// paragraph a word that is all small letters gets a capital. Blanks that
// begin, end, repeat, or stand before punctuation go. Plain text is otherwise
// left alone: 2.8, 138/86, 1:30.
func Write(raw string) string {
	var p page
	for i := 0; i < len(raw); {
		if m, length := markAt(raw, i); length > 0 {
			p.mark(m)
			i += length
			continue
		}
		_, size := utf8.DecodeRuneInString(raw[i:])
		p.text(raw[i:i+size], raw[i+size:])
		i += size
	}
	return p.String()
}
