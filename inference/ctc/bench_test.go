package ctc

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fermata/inference/ngram"
	"fermata/inference/ngram/ngramtest"
)

// second is the number of frames in a second of speech.
const second = 25

// dictation returns scores as MedASR gives them for ids: runs of one to three
// frames, mostly no blank between tokens, and in a frame one to three ids of a
// log-probability of at least -5, 1.7 on average; the others are far below.
func dictation(r *rand.Rand, ids []int, vocab, frames int) []float32 {
	logits := make([]float32, frames*vocab)
	for i := range logits {
		logits[i] = float32(-14 + 3*r.NormFloat64())
	}
	frame := 0
	say := func(id, n int) {
		for ; n > 0 && frame < frames; n-- {
			row := logits[frame*vocab : (frame+1)*vocab]
			for range []int{0, 0, 0, 0, 0, 1, 1, 1, 2, 2}[r.IntN(10)] {
				row[4+r.IntN(vocab-4)] = 14 - 5*r.Float32()
			}
			row[Blank] = 14 - 8*r.Float32()
			row[id] = 14
			frame++
		}
	}
	for i := 0; frame < frames; i = (i + 1) % len(ids) {
		if r.IntN(10) < 4 {
			say(Blank, 1+r.IntN(6))
		}
		say(ids[i], 1+r.IntN(2))
	}
	return logits
}

// measure reads a minute of speech over and over.
func measure(b *testing.B, v *Vocabulary, l *Language, ids []int) {
	const seconds = 60
	logits := dictation(rand.New(rand.NewPCG(1, 2)), ids, v.Len(), seconds*second)
	tried := 0
	for i := 0; i < len(logits); i += v.Len() {
		tried += len(candidates(nil, logits[i:i+v.Len()], -5))
	}
	beam := NewBeam(v, l, GoogleBeam())
	write := func() {
		if err := beam.Write(logits, v.Len()); err != nil {
			b.Fatal(err)
		}
	}
	write() // memory gets its size
	b.ReportAllocs()
	for b.Loop() {
		write()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/seconds/float64(b.N), "µs/s-of-speech")
	b.ReportMetric(float64(tried)/seconds/second, "tried/frame")
}

// The share of the language model is that of its size: its tables do not fit
// any cache, so a word costs a read from memory for each order.
func BenchmarkBeam(b *testing.B) {
	_, v := readGolden(b)
	var words []string
	for id := range v.Len() {
		if v.Shown(id) {
			words = append(words, word(v.Piece(id)))
		}
	}
	text, err := ngramtest.Text(ngramtest.Largest(), words, 1, 2, 2000)
	if err != nil {
		b.Fatal(err)
	}
	var ids []int
	for _, w := range text {
		if id := slices.Index(v.pieces, strings.ReplaceAll(w, "#", space)); id >= 0 && v.Shown(id) {
			ids = append(ids, id)
		}
	}
	b.Run("plain", func(b *testing.B) { measure(b, v, nil, ids) })
	b.Run("language", func(b *testing.B) { measure(b, v, language(b, v, 6), ids) })
	b.Run("largest", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "lm_6.kenlm")
		if err := ngramtest.Random(path, ngramtest.Largest(), words, 1); err != nil {
			b.Fatal(err)
		}
		m, err := ngram.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = m.Close() }()
		l, err := NewLanguage(v, m)
		if err != nil {
			b.Fatal(err)
		}
		measure(b, v, l, ids)
	})
}
