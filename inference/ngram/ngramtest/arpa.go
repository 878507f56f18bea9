package ngramtest

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"

	"fermata/inference/ngram/internal/probing"
)

// ARPA writes the model that Random makes of the same counts, words and seed as
// an ARPA file. Its header counts what is there, which may be less.
func ARPA(w io.Writer, counts []uint64, words []string, seed uint64) error {
	l, err := newLanguage(counts, words, seed)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<20)
	line := func(format string, a ...any) { _, _ = fmt.Fprintf(out, format, a...) } // Flush tells
	line("\\data\\\n")
	for n := range l.limits {
		there := 0
		count := func([]uint32, uint32) error { there++; return nil }
		if err := l.each(n+1, count); err != nil {
			return err
		}
		line("ngram %d=%d\n", n+1, there)
	}
	for n := range l.limits {
		line("\n\\%d-grams:\n", n+1)
		if err := l.each(n+1, func(words []uint32, product uint32) error { return l.line(out, words, product) }); err != nil {
			return err
		}
	}
	line("\n\\end\\\n")
	return out.Flush()
}

// line writes an n-gram.
func (l *language) line(out *bufio.Writer, words []uint32, product uint32) error {
	prob, backoff := l.weights(words, product)
	b := number(out.AvailableBuffer(), prob|probing.Sign)
	sep := byte('\t')
	for _, w := range words {
		b = append(append(b, sep), l.words[w]...)
		sep = ' '
	}
	if backoff != probing.NoExtension {
		b = number(append(b, '\t'), backoff)
	}
	_, err := out.Write(append(b, '\n'))
	return err
}

func number(b []byte, bits uint32) []byte {
	return strconv.AppendFloat(b, float64(math.Float32frombits(bits)), 'g', -1, 32)
}
