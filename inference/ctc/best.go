package ctc

import (
	"math"
	"slices"
)

// A Hypothesis is a text that a [Beam] has found.
type Hypothesis struct {
	// Tokens hold the frames of the most likely way to emit them. Confidence
	// is the sum of the posteriors of the beam's hypotheses that have the same
	// id at the same place: at frames that overlap these, or touch them.
	Tokens []Token
	// LogitScore is the log-probability of the text by the network alone, all
	// ways to emit it together; Score has the language model's share added.
	LogitScore, Score float64
	// Posterior is the softmax of Score over all hypotheses that the beam
	// holds, also those not asked for, 0 to 1; hypotheses of equal tokens
	// share their sum. It knows only of what is in the beam, and so is
	// surer than the network.
	Posterior float64
}

// Best returns at least one and at most n hypotheses, best first: the texts as
// if the recording ended here. The beam stays as it is, so Best also serves a
// preview. A beam of width w holds no more than w.
func (b *Beam) Best(n int) ([]Hypothesis, error) {
	if b.err != nil {
		return nil, b.err
	}
	var ends []path
	if err := b.guarded(func() { ends = b.finish() }); err != nil {
		return nil, err
	}
	all := make([]Hypothesis, len(ends))
	for i, p := range ends {
		all[i] = Hypothesis{Tokens: b.tokens(p), LogitScore: p.logit, Score: p.score}
	}
	posteriors(all)
	best := all[:min(max(n, 1), len(all))]
	for i := range best {
		confide(best[i].Tokens, all)
	}
	return best, nil
}

// finish returns the finished texts, best first. Paths that differ only in
// what their last frame held are one text.
func (b *Beam) finish() []path {
	var ends []path
	at := make(map[int32]int, len(b.paths))
	for _, p := range b.paths {
		i, ok := at[p.node]
		if !ok {
			at[p.node] = len(ends)
			p.order = int32(len(ends))
			ends = append(ends, p)
			continue
		}
		q := &ends[i]
		q.logit = sumLogs(q.logit, p.logit)
		if p.best > q.best {
			q.best, q.start, q.end, q.before = p.best, p.start, p.end, p.before
		}
	}
	for i := range ends {
		ends[i].score = ends[i].logit + b.final(ends[i].node)
	}
	return prune(ends, b.options)
}

// tokens returns the tokens of a path that are shown, first to last.
func (b *Beam) tokens(p path) []Token {
	var tokens []Token
	start, end, before := p.start, p.end, p.before
	for n := p.node; n != root; n = b.tree.nodes[n].parent {
		if id := int(b.tree.nodes[n].id); b.vocabulary.Shown(id) {
			tokens = append(tokens, Token{ID: id, Start: int(start), End: int(end)})
		}
		if before != none {
			at := b.trail.places[before]
			start, end, before = at.start, at.end, at.before
		}
	}
	slices.Reverse(tokens)
	return tokens
}

// posteriors sets the posteriors of hypotheses that are sorted by score.
func posteriors(all []Hypothesis) {
	var sum float64
	for i := range all {
		all[i].Posterior = math.Exp(all[i].Score - all[0].Score)
		sum += all[i].Posterior
	}
	own := make([]float64, len(all))
	for i := range all {
		own[i] = all[i].Posterior / sum
	}
	for i := range all {
		all[i].Posterior = 0
		for j := range all {
			if i == j || slices.EqualFunc(all[i].Tokens, all[j].Tokens, sameID) {
				all[i].Posterior += own[j]
			}
		}
	}
}

func sameID(a, b Token) bool { return a.ID == b.ID }

// confide sets the confidence of tokens to what the hypotheses agree on.
func confide(tokens []Token, all []Hypothesis) {
	for _, h := range all {
		var at int // tokens of h before it end too early for the next of tokens
		for i := range tokens {
			t := &tokens[i]
			for at < len(h.Tokens) && h.Tokens[at].End < t.Start {
				at++
			}
			for _, other := range h.Tokens[at:] {
				if other.Start > t.End {
					break
				}
				if other.ID == t.ID {
					t.Confidence += h.Posterior
					break
				}
			}
		}
	}
	for i := range tokens {
		tokens[i].Confidence = min(tokens[i].Confidence, 1)
	}
}
