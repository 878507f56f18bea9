package wer

import (
	"strings"
	"unicode"
)

// Google brings a text into the form in which Google's quick-start notebook
// for MedASR compares: lower case, "</s>" deleted, everything but a to z, 0 to
// 9, the apostrophe and blanks made a blank, blanks made one. A mark in braces
// is so its name, as a word: "{period}" and "period" are the same and "." is
// nothing.
func Google(text string) string {
	text = strings.ReplaceAll(lower(text), "</s>", "")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return !plain(r) }), " ")
}

// plain says whether Google's form keeps a character as part of a word.
func plain(r rune) bool { return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '\'' }

// lower is Python's str.lower as far as ASCII comes of it: of all letters
// beyond, only İ differs from Go's, which leaves its dot behind.
func lower(text string) string {
	return strings.ToLower(strings.ReplaceAll(text, "İ", "i\u0307"))
}

// Marks brings a written text, one in which dictated marks have become signs
// (spoken.Write), into a form in which every sign that stands behind, before
// or between words is a word: . , : ; ? ! ( ) " and a dash between blanks, and
// so is a line break ("¶") and an empty line ("¶¶"). "{comma}" and "," are so
// the same word. Signs within a word or number (2.8, 138/86, x-ray) divide it,
// as in [Google]'s form, which holds for everything else.
func Marks(text string) string {
	text = strings.NewReplacer("</s>", "", "’", "'", "“", `"`, "”", `"`, "–", "-", "—", "-", "\r\n", "\n").Replace(text)
	written := []rune(lower(strings.TrimSpace(text)))
	var words strings.Builder
	for i, r := range written {
		switch {
		case r == '\n' && before(written, i) != '\n':
			words.WriteString(" " + lineBreak(written[i:]) + " ")
		case isMark(written, i):
			words.WriteString(" " + string(r) + " ")
		case plain(r):
			words.WriteRune(r)
		default:
			words.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(words.String()), " ")
}

// isMark says whether the sign at i stands behind, before or between words
// and not within one.
func isMark(text []rune, i int) bool {
	b, a := before(text, i), after(text, i)
	if text[i] == '-' {
		return unicode.IsSpace(b) && unicode.IsSpace(a)
	}
	return strings.ContainsRune(`.,:;?!()"`, text[i]) && (!plain(b) || !plain(a))
}

// lineBreak is the word for the line breaks that text begins with.
func lineBreak(text []rune) string {
	if after(text, 0) == '\n' {
		return "¶¶"
	}
	return "¶"
}

// before and after are the neighbours of the character at i, a blank beyond
// either end.
func before(text []rune, i int) rune {
	if i == 0 {
		return ' '
	}
	return text[i-1]
}

func after(text []rune, i int) rune {
	if i+1 == len(text) {
		return ' '
	}
	return text[i+1]
}
