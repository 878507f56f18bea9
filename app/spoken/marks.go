package spoken

import (
	"maps"
	"slices"
	"strings"
)

// mark is a dictated mark and how it stands among words.
type mark struct {
	text      string
	left      bool // closes up with what is before it
	right     bool // closes up with what follows
	capital   bool // begins a sentence
	mergeable bool // the model often writes it too: then it is written once
}

var (
	period      = mark{text: ".", left: true, capital: true, mergeable: true}
	comma       = mark{text: ",", left: true, mergeable: true}
	colon       = mark{text: ":", left: true, mergeable: true}
	semicolon   = mark{text: ";", left: true, mergeable: true}
	question    = mark{text: "?", left: true, capital: true, mergeable: true}
	exclamation = mark{text: "!", left: true, capital: true, mergeable: true}
	line        = mark{text: "\n", left: true, right: true}
	paragraph   = mark{text: "\n\n", left: true, right: true, capital: true}
	openParen   = mark{text: "(", right: true}
	closeParen  = mark{text: ")", left: true}
	openQuote   = mark{text: `"`, right: true}
	closeQuote  = mark{text: `"`, left: true}
	dash        = mark{text: "-"} // with blanks around: plain ASCII, which every record system takes
	hyphen      = mark{text: "-", left: true, right: true}
	slash       = mark{text: "/", left: true, right: true}
)

// marks are the names that MedASR has been seen to use, and their obvious
// neighbours.
var marks = map[string]mark{
	"period":            period,
	"full stop":         period,
	"comma":             comma,
	"colon":             colon,
	"semicolon":         semicolon,
	"question mark":     question,
	"exclamation point": exclamation,
	"exclamation mark":  exclamation,
	"newline":           line,
	"new line":          line,
	"next line":         line,
	"new paragraph":     paragraph,
	"next paragraph":    paragraph,
	"open paren":        openParen,
	"close paren":       closeParen,
	"open parenthesis":  openParen,
	"close parenthesis": closeParen,
	"open quote":        openQuote,
	"close quote":       closeQuote,
	"dash":              dash,
	"hyphen":            hyphen,
	"slash":             slash,
	"forward slash":     slash,
}

// squeezed are the marks by name without blanks: braces and blanks get lost
// and doubled inside a mark.
var squeezed = func() map[string]mark {
	all := map[string]mark{}
	for name, m := range marks {
		all[strings.ReplaceAll(name, " ", "")] = m
	}
	return all
}()

// names are those of more than one word, and "newline", the longest first:
// after an opening brace they can be nothing else, even where the closing one
// is missing.
var names = func() []string {
	long := []string{"newline"}
	for name := range maps.Keys(marks) {
		if strings.Contains(name, " ") {
			long = append(long, name)
		}
	}
	slices.SortFunc(long, func(a, b string) int { return len(b) - len(a) })
	return long
}()

// remnants are what is left of names of two words whose beginning is lost,
// such as "xt line": the second word and at least two letters of the first.
// What could come from different marks is left out.
var remnants = func() map[string]mark {
	all := map[string]mark{}
	unclear := map[string]bool{}
	for name, m := range marks {
		for from := 0; from <= strings.Index(name, " ")-2; from++ {
			rest := name[from:]
			if other, ok := all[rest]; ok && other != m {
				unclear[rest] = true
			}
			all[rest] = m
		}
	}
	maps.DeleteFunc(all, func(rest string, _ mark) bool { return unclear[rest] })
	return all
}()
