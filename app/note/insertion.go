// Package note holds the rules of the document. Most callers want [Insertion],
// which fits a dictated text into its place.
//
// It is pure and knows no window. It refuses to touch what already stands in
// the note, and never takes a capital or a letter away.
package note

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Insertion is exactly what to paste at the caret between before and after, so
// that text stands there as if it had been typed.
//
// Blanks: the text's own at both ends give way to one on each side that needs
// it. None is needed at the start of the note or of a line, beside a blank,
// behind an opening bracket, before punctuation, or beside a line break that
// the text brings along. Punctuation that begins the text closes up; a blank
// that already stands before the caret stays, because what stands is not
// touched. At the end of the note none is added: the next dictation brings it.
//
// Capitals: at the start of the note or of a line, and after the end of a
// sentence, a first word that is all small letters gets one. A capital in the
// middle of a sentence stays, even where it is only the model's own start of a
// sentence: that cannot be told from a name, MRI or T2, and a wrong small
// letter is worse than a wrong capital.
func Insertion(before, after, text string) string {
	text = strings.TrimFunc(text, blank)
	if text == "" {
		return ""
	}
	if startsSentence(before) {
		text = capitalised(text)
	}
	if apart(before, text) {
		text = " " + text
	}
	if apart(text, after) {
		text += " "
	}
	return text
}

// blank is a space that is no line break.
func blank(r rune) bool { return unicode.IsSpace(r) && !breaks(r) }

func breaks(r rune) bool { return strings.ContainsRune("\n\v\f\r\u0085\u2028\u2029", r) }

// apart says whether a blank is needed between left and right.
func apart(left, right string) bool {
	l, _ := utf8.DecodeLastRuneInString(left)
	r, _ := utf8.DecodeRuneInString(right)
	switch {
	case left == "" || right == "" || unicode.IsSpace(l) || unicode.IsSpace(r):
		return false
	case unicode.Is(unicode.M, r): // it would lose its letter
		return false
	}
	return !opens(left, l) && !closesUp(right, r)
}

// opens says whether left, ending in l, wants its next word close: after an
// opening bracket or quote, or a slash or hyphen that is tied to a word.
func opens(left string, l rune) bool {
	rest := strings.TrimSuffix(left, string(l))
	p, _ := utf8.DecodeLastRuneInString(rest)
	free := rest == "" || unicode.IsSpace(p) || unicode.Is(unicode.Ps, p)
	switch l {
	case '"', '\'':
		return free
	case '/', '-':
		return !free
	}
	return unicode.Is(unicode.Ps, l) || unicode.Is(unicode.Pi, l)
}

// closesUp says whether right, beginning with r, stands close behind a word:
// punctuation, but not the point of .5 nor the minus of -5.
func closesUp(right string, r rune) bool {
	next, _ := utf8.DecodeRuneInString(strings.TrimPrefix(right, string(r)))
	switch r {
	case '.', ',':
		return !unicode.IsDigit(next)
	case ':', ';', '?', '!', '%', '/', '…':
		return true
	case '-':
		return unicode.IsLetter(next)
	case '"', '\'':
		return len(right) == 1 || unicode.IsSpace(next) || unicode.IsPunct(next)
	}
	return unicode.Is(unicode.Pe, r) || unicode.Is(unicode.Pf, r)
}
