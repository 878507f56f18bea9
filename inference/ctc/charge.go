package ctc

import "fermata/inference/ngram"

// cost returns the language model's share of the score of an unfinished text.
func (b *Beam) cost(n int32) float64 {
	last := &b.tree.nodes[n]
	return b.tree.nodes[last.before].raw + last.provisional
}

// charge finishes the last word of n.
func (b *Beam) charge(n int32) {
	last := &b.tree.nodes[n]
	if last.charged {
		return
	}
	before := &b.tree.nodes[last.before]
	w := b.labels[last.id].word
	if b.options.Glued {
		w = b.language.model.Word(b.spelling(n))
	}
	last.log10 = b.log10(&before.state, w, &last.state)
	last.raw = before.raw + b.weigh(last.log10)
	last.charged = true
}

// log10 returns the model's score of a word, unknown words made dearer.
func (b *Beam) log10(from *ngram.State, w ngram.Word, to *ngram.State) float64 {
	score := float64(b.language.model.Score(from, w, to))
	if w == 0 {
		score += b.options.UnknownScore
	}
	return score
}

// weigh returns the share of the score that a word of this log10 has.
func (b *Beam) weigh(log10 float64) float64 {
	return b.options.Alpha*log10*naturalLog + b.options.Beta
}

// final returns the language model's share of the score of a finished text.
func (b *Beam) final(n int32) float64 {
	if b.language == nil {
		return 0
	}
	b.charge(n)
	last := &b.tree.nodes[n]
	log10, state := last.log10, last.state
	if n == root { // no word counts as an unknown one
		log10 = b.log10(&last.state, 0, &state)
	}
	if b.options.Boundaries {
		var end ngram.State
		log10 += float64(b.language.model.Score(&state, b.language.model.End(), &end))
	}
	return b.tree.nodes[last.before].raw + b.weigh(log10)
}

// spelling returns the last word of n as the reference spells it.
func (b *Beam) spelling(n int32) string {
	last := &b.tree.nodes[n]
	if n == root {
		return ""
	}
	s := b.labels[last.id].spelling
	if last.glued {
		s = b.spelling(last.parent) + s
	}
	return s
}
