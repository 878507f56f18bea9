package ui

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"fermata/app"
)

// stateWords is what the state line says of a status.
func stateWords(s app.Status) string {
	if s.Stage == app.Loading && s.Preparing != "" {
		first, size := utf8.DecodeRuneInString(s.Preparing)
		return string(unicode.ToUpper(first)) + s.Preparing[size:]
	}
	return stageWords[s.Stage].state
}

// modelWords are the model and how it finds words.
func modelWords(s app.Status) string {
	if s.Model == "" || s.Decoder == "" {
		return orUnknown(s.Model)
	}
	return s.Model + ", " + s.Decoder
}

// deviceWords are what computes and how fast it is, or why no card computes, which
// leaves no room for more.
func deviceWords(s app.Status) string {
	if s.Device == "" || s.Speed == "" || strings.HasPrefix(s.Device, "using the CPU") {
		return orUnknown(s.Device)
	}
	return s.Device + "; " + s.Speed
}

// computeWords are the same where there is room.
func computeWords(s app.Status) string {
	return strings.TrimSpace(sentence(s.Device) + " " + sentence(s.Speed))
}

// sentence makes an error or a hint a sentence to read: a capital where it
// opens with a word, none where it opens with the name of a file, and a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	first, size := utf8.DecodeRuneInString(s)
	word, _, _ := strings.Cut(s, ":")
	if name := strings.ContainsAny(word, `./\_`) && !strings.Contains(word, " "); !name && s != "" {
		s = string(unicode.ToUpper(first)) + s[size:]
	}
	if s != "" && !strings.ContainsRune(".!?", rune(s[len(s)-1])) {
		s += "."
	}
	return s
}

// words is how many words text has, in words.
func words(text string) string {
	return number(len(strings.Fields(text)), "word")
}

// seconds is a length of time in words.
func seconds(s float64) string {
	whole := int(math.Round(s))
	minutes, rest := whole/60, whole%60
	switch {
	case whole < 1:
		return "less than a second"
	case minutes == 0:
		return number(rest, "second")
	case rest == 0:
		return number(minutes, "minute")
	}
	return number(minutes, "minute") + " " + number(rest, "second")
}

// number is how many of something there are.
func number(n int, of string) string {
	if n != 1 {
		of += "s"
	}
	return fmt.Sprintf("%d %s", n, of)
}

// count is the line that tells how much there is and whether it was copied.
func count(text string, copied bool) string {
	switch {
	case strings.TrimSpace(text) == "":
		return ""
	case copied:
		return wordCopied + " " + words(text)
	}
	return words(text)
}

// lossText says what of text has not been copied.
func lossText(format, text string) string {
	verb, them := "have", "them"
	if len(strings.Fields(text)) == 1 {
		verb, them = "has", "it"
	}
	if strings.Count(format, "%s") == 2 {
		return fmt.Sprintf(format, words(text), verb)
	}
	return fmt.Sprintf(format, words(text), verb, them)
}
