package ctc

import (
	"cmp"
	"math"
	"slices"
)

// extend adds to the next paths what p becomes by one more frame of c.
func (b *Beam) extend(p *path, c candidate) {
	q := *p
	q.logit += c.logP
	q.best += c.logP
	q.through = none
	switch kind := b.labels[c.id].kind; {
	case kind == silence:
		q.blank = true
	case !p.blank && b.tree.nodes[p.node].id == c.id:
		q.end = b.frame + 1
	default:
		q.blank = false
		q.node = b.grow(p.node, c.id, kind)
		q.before = b.passed(p)
		q.start, q.end = b.frame, b.frame+1
	}
	b.add(q)
}

// grow returns the node of n's text with one more piece.
func (b *Beam) grow(n, id int32, kind kind) int32 {
	glued := kind == suffix && n != root
	child, fresh := b.tree.child(n, id, glued)
	if !fresh || b.language == nil {
		return child
	}
	if !glued {
		b.charge(n)
	}
	provisional := b.labels[id].provisional
	if b.options.Glued {
		provisional = b.options.provisional(b.spelling(child))
	}
	b.tree.nodes[child].provisional = provisional
	return child
}

// passed returns the place of p's last token, which other continuations of p
// share.
func (b *Beam) passed(p *path) int32 {
	if p.node != root && p.through == none {
		p.through = b.trail.add(p.before, p.start, p.end)
	}
	return p.through
}

// add puts q among the next paths, or into the one that it equals. A slot may
// be left over from another frame: it counts if q's like stands there.
func (b *Beam) add(q path) {
	slot := &b.tree.nodes[q.node].slots[0]
	if q.blank {
		slot = &b.tree.nodes[q.node].slots[1]
	}
	if s := int(*slot); s < len(b.next) && b.next[s].node == q.node && b.next[s].blank == q.blank {
		b.merge(&b.next[s], q)
		return
	}
	*slot = int32(len(b.next))
	q.order = *slot
	b.tree.keep(q.node)
	b.trail.keep(q.before)
	b.next = append(b.next, q)
}

// merge adds q's probability to p, and takes its places if they are likelier.
func (b *Beam) merge(p *path, q path) {
	p.logit = sumLogs(p.logit, q.logit)
	if q.best <= p.best {
		return
	}
	b.trail.keep(q.before)
	b.trail.drop(p.before)
	p.best, p.start, p.end, p.before = q.best, q.start, q.end, q.before
}

// rank scores the next paths and leaves the best, best first.
func (b *Beam) rank() {
	for i := range b.next {
		b.next[i].score = b.next[i].logit + b.cost(b.next[i].node)
	}
	kept := prune(b.next, b.options)
	for _, p := range b.next[len(kept):] {
		b.tree.drop(p.node)
		b.trail.drop(p.before)
	}
	b.next = kept
}

// prune sorts paths, best first, and returns those that stay.
func prune(paths []path, o BeamOptions) []path {
	least := math.Inf(-1)
	for _, p := range paths {
		least = max(least, p.score+o.PruneLogP)
	}
	slices.SortFunc(paths, func(p, q path) int {
		return cmp.Or(cmp.Compare(q.score, p.score), cmp.Compare(p.order, q.order))
	})
	n := min(len(paths), o.Width)
	for n > 0 && paths[n-1].score < least {
		n--
	}
	return paths[:n]
}

// turn makes the next paths the present ones.
func (b *Beam) turn() {
	for _, p := range b.paths {
		b.tree.drop(p.node)
		b.trail.drop(p.before)
		b.trail.drop(p.through)
	}
	b.paths, b.next = b.next, b.paths[:0]
	b.frame++
}
