package ngram

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"fermata/inference/ngram/internal/probing"
)

// An arpa reads the parts of an ARPA file in their order: header, then section
// and the grams of each order, then end. Words are parted by spaces and tabs,
// lines by LF or CR LF; empty lines count for nothing.
type arpa struct {
	*lines
	counts []uint64
}

// A gram is one line: words oldest first, valid until the next line is read.
type gram struct {
	words         [MaxOrder][]byte
	prob, backoff uint32 // bits of float32
}

// header reads up to the end of the counts.
func (a *arpa) header() error {
	line, err := a.next()
	for err == nil && line[0] == '#' {
		line, err = a.next()
	}
	line = bytes.TrimPrefix(line, []byte("\ufeff"))
	switch {
	case errors.Is(err, io.EOF) && a.packed: // xz ends so, too, where a block is cut short
		return errors.New("the packed file is empty or cut short; copy the file again")
	case errors.Is(err, io.EOF):
		return errors.New("the file is empty; copy the file again")
	case err != nil:
		return err
	case string(line) != `\data\`:
		return a.errorf(`not an ARPA file, which begins with \data\; choose another file`)
	}
	for {
		line, err := a.next()
		if err != nil {
			return a.cutShort(err)
		}
		if line[0] == '\\' {
			a.unread()
			break
		}
		if err := a.count(line); err != nil {
			return err
		}
	}
	if len(a.counts) == 0 {
		return a.errorf("the header has no counts of n-grams; copy the file again")
	}
	return nil
}

// count reads a line like "ngram 1=519".
func (a *arpa) count(line []byte) error {
	word, rest := cut(line)
	order, count, ok := bytes.Cut(rest, []byte("="))
	n, err := strconv.ParseUint(string(trim(order)), 10, 8)
	c, err2 := strconv.ParseUint(string(trim(count)), 10, 64)
	switch {
	case string(word) != "ngram" || !ok || err != nil || err2 != nil:
		return a.errorf(`not a count like "ngram 1=519"; copy the file again`)
	case n > MaxOrder:
		return a.errorf("the model is of order %d, Fermata reads orders 1 to %d; use a model with shorter n-grams", n, MaxOrder)
	case n != uint64(len(a.counts))+1:
		return a.errorf("the count of order %d where order %d comes next; copy the file again", n, len(a.counts)+1)
	}
	a.counts = append(a.counts, c)
	return nil
}

// cutShort is what a missing line means.
func (a *arpa) cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return a.errorf(`the file ends here, before \end\; copy the file again`)
	}
	return err
}

// section reads the title of a section.
func (a *arpa) section(n int) error { return a.expect(fmt.Sprintf(`\%d-grams:`, n)) }

func (a *arpa) expect(title string) error {
	line, err := a.next()
	if err != nil {
		return a.cutShort(err)
	}
	if string(line) != title {
		return a.errorf("%s instead of %s; copy the file again", short(line), title)
	}
	return nil
}

// grams calls each with the n-grams of order n, of which there must be as many
// as the header says.
func (a *arpa) grams(n int, each func(g *gram) error) error {
	if err := a.section(n); err != nil {
		return err
	}
	var g gram
	for i := uint64(0); ; i++ {
		line, err := a.next()
		if err != nil {
			return a.cutShort(err)
		}
		if line[0] == '\\' {
			a.unread()
			if i < a.counts[n-1] {
				return a.errorf("%d n-grams of order %d come before this, the header says %d; copy the file again", i, n, a.counts[n-1])
			}
			return nil
		}
		if i == a.counts[n-1] {
			return a.errorf("more n-grams of order %d than the %d of the header; copy the file again", n, i)
		}
		if err := a.parse(line, n, &g); err != nil {
			return err
		}
		if err := each(&g); err != nil {
			return err
		}
	}
}

// parse reads a line: log10 probability, n words, log10 back-off unless it is
// of the highest order or 0.
func (a *arpa) parse(line []byte, n int, g *gram) error {
	if bytes.IndexByte(line, 0) >= 0 { // it ends words in the binary
		return a.errorf("a zero byte, so the file is damaged or no text; copy the file again")
	}
	number, rest := cut(line)
	for i := range n {
		if len(rest) == 0 {
			return a.errorf("only %d of the %d words of an n-gram are there; copy the file again", i, n)
		}
		g.words[i], rest = cut(rest)
	}
	prob, ok := parseNumber(number)
	switch {
	case !ok || math.IsNaN(float64(prob)):
		return a.errorf("%s is no log-probability; copy the file again", short(number))
	case prob > 0:
		return a.errorf("the log-probability %s is above zero, as no probability can be; have the model made anew", short(number))
	}
	g.prob, g.backoff = math.Float32bits(prob), probing.NoExtension
	if len(rest) == 0 {
		return nil
	}
	backoff, ok := parseNumber(rest)
	switch {
	case !ok || math.IsInf(float64(backoff), 0) || math.IsNaN(float64(backoff)):
		return a.errorf("%s is no back-off, and more than %d words are too many; copy the file again", short(rest), n)
	case backoff == 0:
	case n == len(a.counts):
		return a.errorf("the back-off %s where none can be, at the longest n-grams; copy the file again", short(rest))
	default:
		g.backoff = math.Float32bits(backoff)
	}
	return nil
}

// parseNumber reads a decimal number, rounded to the nearest float32; minus
// infinity is one, hexadecimal ones are not.
func parseNumber(b []byte) (float32, bool) {
	for _, c := range b {
		if c > '9' && c != 'e' && c != 'E' {
			return float32(math.Inf(-1)), bytes.EqualFold(b, []byte("-inf"))
		}
	}
	f, err := strconv.ParseFloat(string(b), 32)
	return float32(f), err == nil || math.IsInf(f, 0)
}

// end reads \end\, after which nothing may come.
func (a *arpa) end() error {
	if err := a.expect(`\end\`); err != nil {
		return err
	}
	line, err := a.next()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.errorf(`%s after \end\; copy the file again`, short(line))
}
