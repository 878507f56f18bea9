package spoken

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// markAt returns the mark that begins at raw[i] and how many bytes it takes up,
// 0 if none does.
func markAt(raw string, i int) (mark, int) {
	if raw[i] == '{' {
		if m, length := braced(raw[i:]); length > 0 {
			return m, length
		}
		return unclosed(raw[i:])
	}
	if i == 0 || raw[i-1] == ' ' || raw[i-1] == '}' {
		return unopened(raw[i:])
	}
	return mark{}, 0
}

// longest is how far a mark may reach, stray braces and blanks included.
const longest = 32

// braced finds "{period}", and also "{next} line}" and "{next} para}graph}":
// up to the first closing brace before which the letters spell a mark. More
// closing braces right behind it belong to it.
func braced(s string) (mark, int) {
	var letters strings.Builder
	for j := 1; j < min(len(s), longest); j++ {
		switch c := s[j]; {
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			letters.WriteByte(c | 0x20)
		case c == '}':
			if m, ok := squeezed[letters.String()]; ok {
				rest := strings.TrimLeft(s[j:], "}")
				return m, len(s) - len(rest)
			}
		case c != ' ' && c != '{':
			return mark{}, 0
		}
	}
	return mark{}, 0
}

// unclosed finds "{next line". Of the short names, most are words, too
// ("{colon cancer"): they count only at the end and before another bracket.
func unclosed(s string) (mark, int) {
	inside := strings.ToLower(s[1:min(len(s), longest)])
	for _, name := range names {
		if rest, ok := strings.CutPrefix(inside, name); ok && !continues(rest) {
			return marks[name], 1 + len(name)
		}
	}
	end := strings.IndexFunc(inside, func(r rune) bool { return r < 'a' || r > 'z' })
	if end < 0 {
		end = len(inside)
	}
	m, ok := marks[inside[:end]]
	after := strings.TrimLeft(s[1+end:], " ")
	if !ok || after != "" && after[0] != '{' && after[0] != '[' {
		return mark{}, 0
	}
	return m, 1 + end
}

// continues says whether a word goes on here.
func continues(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest != "" && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '}' || r == utf8.RuneError)
}

// unopened finds "xt line}" and "next line}".
func unopened(s string) (mark, int) {
	end := strings.IndexByte(s[:min(len(s), longest)], '}')
	if end < 0 {
		return mark{}, 0
	}
	m, ok := remnants[s[:end]]
	if !ok {
		return mark{}, 0
	}
	return m, len(s) - len(strings.TrimLeft(s[end:], "}"))
}
