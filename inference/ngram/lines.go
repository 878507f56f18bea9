package ngram

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"unicode"
)

// longestLine is more than six words and two numbers ever take, in bytes.
const longestLine = 256 << 10

// lines reads a text line by line in constant memory.
type lines struct {
	r       *bufio.Reader
	n       int // number of the current line, 1 for the first
	kept    []byte
	again   bool // the current line is to be read again
	packed  bool
	stopped func() error // asked every few thousand lines
}

func newLines(r io.Reader, packed bool, stopped func() error) *lines {
	return &lines{r: bufio.NewReaderSize(r, longestLine), packed: packed, stopped: stopped}
}

// next returns the next line that is not empty, without what surrounds it, or
// io.EOF. It is valid until the next call.
func (l *lines) next() ([]byte, error) {
	if l.again {
		l.again = false
		return l.kept, nil
	}
	for {
		line, err := l.r.ReadSlice('\n')
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
			return nil, l.ended(err)
		}
		if l.n++; l.n%4096 == 0 {
			if err := l.stopped(); err != nil {
				return nil, err
			}
		}
		if l.kept = trim(line); len(l.kept) > 0 {
			return l.kept, nil
		}
	}
}

func (l *lines) ended(err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return err
	case errors.Is(err, bufio.ErrBufferFull):
		l.n++
		return l.errorf("too long for an n-gram; choose an ARPA file")
	}
	return describe(err, l.packed)
}

// unread lets next return the current line once more.
func (l *lines) unread() { l.again = true }

// errorf is a sentence about the current line.
func (l *lines) errorf(format string, a ...any) error {
	return fmt.Errorf("line %d: "+format, append([]any{l.n}, a...)...)
}

// space is what ARPA files put between words; others may be part of one.
func space(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func trim(b []byte) []byte {
	for len(b) > 0 && space(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	for len(b) > 0 && space(b[0]) {
		b = b[1:]
	}
	return b
}

// cut returns the first word of a trimmed line and the trimmed rest.
func cut(line []byte) (word, rest []byte) {
	for i, c := range line {
		if space(c) {
			return line[:i], trim(line[i:])
		}
	}
	return line, nil
}

// short is a word as errors quote it.
func short(word []byte) string {
	const most = 24
	out := []rune{'"'}
	for _, r := range string(word) {
		if len(out) > most {
			out = append(out, '…')
			break
		}
		if !unicode.IsPrint(r) {
			r = '?'
		}
		out = append(out, r)
	}
	return string(append(out, '"'))
}
