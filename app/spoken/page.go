package spoken

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// page takes text and marks down and sets the blanks between them.
type page struct {
	out     strings.Builder
	last    rune   // the last one written, 0 at the start
	blank   bool   // one is due before the next word
	tight   bool   // none may come
	capital bool   // the next word begins a sentence
	merge   string // this was just dictated: written by the model as well, it counts once
}

func (p *page) String() string { return p.out.String() }

// mark writes a dictated mark.
func (p *page) mark(m mark) {
	switch {
	case m.mergeable && strings.HasSuffix(p.out.String(), m.text):
		// the model has written it already
	case m.left:
		p.blank = false
		p.write(m.text)
	default:
		p.blank = true
		p.setBlank()
		p.write(m.text)
	}
	p.blank, p.tight = !m.right, m.right
	p.capital = m.capital || m.text == "\n" && p.capital || m == openQuote && p.capital || m == openParen && p.capital
	p.merge = ""
	if m.mergeable {
		p.merge = m.text
	}
}

// text writes one character of plain text; rest is what follows it.
func (p *page) text(char, rest string) {
	r, _ := utf8.DecodeRuneInString(char)
	switch {
	case r == ' ' || r == '\t' || r == '\r':
		p.blank = p.blank || !p.tight
		return
	case r == '\n':
		p.blank = false
		p.write(char)
		p.tight = true
		return
	case char == p.merge && !startsDigit(rest):
		p.merge = ""
		return
	case closes(r) && !startsWord(rest):
		p.blank = false
	}
	p.merge = ""
	p.setBlank()
	p.tight = r == '('
	if p.capital && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		p.capital = false
		char = capitalised(r, char, rest)
	}
	p.write(char)
}

func (p *page) setBlank() {
	if p.blank && !p.tight && p.last != 0 {
		p.write(" ")
	}
	p.blank = false
}

func (p *page) write(s string) {
	p.out.WriteString(s)
	p.last, _ = utf8.DecodeLastRuneInString(s)
}

// closes says whether r stands close behind a word.
func closes(r rune) bool { return strings.ContainsRune(".,:;?!)", r) }

// startsWord says whether what follows belongs to what is before it: ".5".
func startsWord(rest string) bool {
	r, size := utf8.DecodeRuneInString(rest)
	return size > 0 && r != ' ' && r != '\t' && r != '\r' && r != '\n' && r != '{' && !closes(r)
}

func startsDigit(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsDigit(r)
}

// capitalised is the character with a capital if the word it begins has none
// of its own: "pH" and "mRNA" stay.
func capitalised(r rune, char, rest string) string {
	for _, next := range rest {
		if !unicode.IsLetter(next) {
			break
		}
		if unicode.IsUpper(next) {
			return char
		}
	}
	if !unicode.IsLower(r) {
		return char
	}
	return string(unicode.ToUpper(r))
}
