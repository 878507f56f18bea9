package note

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviations end in a point without ending a sentence.
var abbreviations = map[string]bool{
	"approx": true, "ca": true, "cf": true, "dr": true, "e.g": true, "eg": true, "esp": true, "i.e": true, "ie": true,
	"mr": true, "mrs": true, "ms": true, "prof": true, "resp": true, "st": true, "vs": true,
}

// startsSentence says whether the first word after before begins a sentence.
func startsSentence(before string) bool {
	before = strings.TrimRightFunc(before, blank)
	// "(Stable.)" and "stable." in quotes end a sentence as well, and the
	// bracket or quote that opens one begins it.
	before = strings.TrimRightFunc(before, wraps)
	trimmed := strings.TrimRightFunc(before, unicode.IsSpace)
	if trimmed == "" || strings.TrimRightFunc(before, blank) != trimmed {
		return true
	}
	last, size := utf8.DecodeLastRuneInString(trimmed)
	if last == '.' {
		return !abbreviations[strings.ToLower(lastWord(trimmed[:len(trimmed)-size]))]
	}
	return last == '?' || last == '!'
}

func wraps(r rune) bool {
	return r == '"' || r == '\'' || unicode.In(r, unicode.Ps, unicode.Pe, unicode.Pi, unicode.Pf)
}

// lastWord is what follows the last blank or bracket.
func lastWord(s string) string {
	return s[strings.LastIndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || wraps(r) })+1:]
}

// capitalised gives the first word of text a capital, if text begins with a
// word and it is all small letters: "pH" and "mRNA" stay.
func capitalised(text string) string {
	start := strings.IndexFunc(text, func(r rune) bool { return !wraps(r) || unicode.In(r, unicode.Pe, unicode.Pf) })
	if start < 0 {
		return text
	}
	word := text[start:]
	if end := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }); end >= 0 {
		word = word[:end]
	}
	first, size := utf8.DecodeRuneInString(word)
	if !unicode.IsLower(first) || strings.ContainsFunc(word, unicode.IsUpper) {
		return text
	}
	return text[:start] + string(unicode.ToUpper(first)) + text[start+size:]
}
