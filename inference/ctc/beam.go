package ctc

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"fermata/inference/ngram"
)

// A Beam searches for the most likely texts, a few at a time, with or without
// a language model. It is pyctcdecode 0.5's decode_beams for a vocabulary in
// which every piece is a word, beam for beam:
//
//   - a piece is charged to the language model when the next one begins, and
//     costs UnknownScore until then, in proportion to its letters beyond six;
//   - paths with the same text and the same last symbol, a piece or the blank,
//     are added together, of equal scores the earlier stays in front;
//   - at the end the last piece is charged, "</s>" with it, and a text without
//     any piece as one unknown word.
//
// Tokens of a frame are tried in order of their ids; the reference takes them
// from a Python set, which differs only where scores are exactly equal.
//
// Ids that are not [Vocabulary.Shown], such as "</s>", are one more way of
// saying nothing: they count as the blank, so that the probability of a text
// is that of all the ways to emit it. The reference takes what begins with "<"
// or ends with ">" for the end of a word: it glues "</s>" to the last piece,
// "period</s>", which is unknown to the language model, so that the last piece
// loses its score. With BeamOptions.Glued this does the same, and takes "<unk>"
// for the word "⁇"; the tokens of [Beam.Best] are free of such ids either way.
// Left out is only that in the reference an "<unk>" keeps the next "</s>" it
// comes across, in whichever beam, from gluing.
//
// A Beam belongs to one goroutine. Nothing is allocated per frame; memory
// grows with the number of tokens.
type Beam struct {
	options    BeamOptions
	vocabulary *Vocabulary
	language   *Language // nil without
	labels     []label

	tree        tree
	trail       trail
	paths, next []path
	candidates  []candidate

	frame  int32 // frames read
	vocab  int   // columns, 0 before the first row
	rows   []float32
	search func()
	err    error // why nothing more can be done
}

// A path is a text together with what its last frame held.
type path struct {
	node  int32
	blank bool    // the last frame was a blank
	logit float64 // log of the summed probability of the ways to emit the text
	score float64 // with the language model's share
	order int32   // among the frame's paths as they came up

	// The most likely way alone, and its places: of the last token, of those
	// before it, and, once the path has been continued, of both.
	best       float64
	start, end int32
	before     int32
	through    int32
}

// NewBeam returns a search at the beginning of a recording. l may be nil; it
// must have been made for v. Options that [BeamOptions.Check] refuses make
// Write and Best fail with its error.
func NewBeam(v *Vocabulary, l *Language, o BeamOptions) *Beam {
	b := &Beam{
		options: o, vocabulary: v, language: l, labels: labels(v, l, o),
		trail: trail{free: none}, err: o.Check(),
		paths: []path{{node: root, blank: true, before: none, through: none}},
	}
	var begin ngram.State // nothing before the first word
	if l != nil {
		if len(l.words) != v.Len() {
			b.err = errors.New("language model: it was bound to another vocabulary; load the model again")
		}
		if o.Boundaries {
			begin = l.model.Begin()
		}
	}
	b.tree = newTree(begin)
	b.search = b.readRows
	return b
}

// Write continues the search with the next frames of a recording: logits are
// row-major rows of vocab unnormalised scores. However a recording is cut into
// calls, the result is the same. It takes all of logits or, with an error,
// nothing; scores that are NaN or infinitely great are refused, as are
// incomplete rows. After an error of the language model's file the beam is of
// no further use.
func (b *Beam) Write(logits []float32, vocab int) error {
	if b.err != nil {
		return b.err
	}
	if err := b.check(logits, vocab); err != nil {
		return err
	}
	b.vocab, b.rows = vocab, logits
	err := b.guarded(b.search)
	b.rows = nil
	return err
}

// Clone returns a beam that continues from here on its own. It copies the
// tokens found so far, so it costs as much as reading a few frames.
func (b *Beam) Clone() *Beam {
	c := new(Beam)
	*c = *b
	c.tree.nodes = slices.Clone(b.tree.nodes)
	c.trail.places = slices.Clone(b.trail.places)
	c.paths, c.next, c.candidates = slices.Clone(b.paths), nil, nil
	c.search = c.readRows
	return c
}

func (b *Beam) check(logits []float32, vocab int) error {
	switch {
	case vocab < 1 || vocab > b.vocabulary.Len():
		return fmt.Errorf("scores: a row has %d columns and the vocabulary %d pieces; use the vocabulary that belongs to the network", vocab, b.vocabulary.Len())
	case b.vocab != 0 && vocab != b.vocab:
		return fmt.Errorf("scores: a row has %d columns and the rows before had %d; write one recording's rows alone", vocab, b.vocab)
	case len(logits)%vocab != 0:
		return fmt.Errorf("scores: %d values are no whole number of rows of %d; write whole rows", len(logits), vocab)
	}
	for i := 0; i < len(logits); i += vocab {
		if !usable(logits[i : i+vocab]) {
			return fmt.Errorf("scores: frame %d holds a value that is not a number; recognise the recording again", int(b.frame)+i/vocab)
		}
	}
	return nil
}

// guarded runs f, which may read the language model's mapped file.
func (b *Beam) guarded(f func()) error {
	if b.language == nil {
		f()
		return nil
	}
	b.err = b.language.model.Guard(f)
	return b.err
}

func (b *Beam) readRows() {
	for i := 0; i < len(b.rows); i += b.vocab {
		b.candidates = candidates(b.candidates[:0], b.rows[i:i+b.vocab], b.options.MinTokenLogP)
		for _, c := range b.candidates {
			for p := range b.paths {
				b.extend(&b.paths[p], c)
			}
		}
		b.rank()
		b.turn()
	}
}

// usable reports whether a row has a softmax.
func usable(row []float32) bool {
	most := float32(math.Inf(-1))
	for _, s := range row {
		if s != s {
			return false
		}
		most = max(most, s)
	}
	return !math.IsInf(float64(most), 0)
}
