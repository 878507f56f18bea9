package ctc

import "fermata/inference/ngram"

// none is no node, and no place.
const none = -1

// root is the node of the empty text.
const root = 0

// A node is a text: its parent's and one token more. Equal texts are equal
// nodes, which is what makes merging paths a comparison of numbers.
type node struct {
	parent      int32
	child, next int32 // first child, next sibling; next also chains what is free
	refs        int32 // paths that end here, and children
	slots       [2]int32
	id          int32
	glued       bool // part of the parent's word and no word of its own

	// before is the text without the last word, the one that is not charged
	// yet; provisional is what that word costs in the meantime.
	before      int32
	provisional float64

	// The rest is known once charged: the last word's log10, and the score
	// and state of the model after it.
	charged bool
	log10   float64
	raw     float64
	state   ngram.State
}

// A tree holds the texts that are still being followed, in one block of
// memory: what no path leads to is used again.
type tree struct {
	nodes []node
	free  int32
}

func newTree(begin ngram.State) tree {
	return tree{
		nodes: []node{{parent: none, child: none, next: none, refs: 1, id: none, before: root, charged: true, state: begin}},
		free:  none,
	}
}

// child returns the node of n's text with a token more, and whether it is new.
// A new one belongs to nobody until it is kept.
func (t *tree) child(n, id int32, glued bool) (child int32, fresh bool) {
	for c := t.nodes[n].child; c != none; c = t.nodes[c].next {
		if t.nodes[c].id == id && t.nodes[c].glued == glued {
			return c, false
		}
	}
	c := t.free
	if c == none {
		c = int32(len(t.nodes))
		t.nodes = append(t.nodes, node{})
	} else {
		t.free = t.nodes[c].next
	}
	before := n
	if glued {
		before = t.nodes[n].before
	}
	t.nodes[c] = node{parent: n, child: none, next: t.nodes[n].child, id: id, glued: glued, before: before}
	t.nodes[n].child = c
	t.nodes[n].refs++
	return c, true
}

func (t *tree) keep(n int32) { t.nodes[n].refs++ }

// drop gives up one hold on n, and frees it and what only it led from.
func (t *tree) drop(n int32) {
	for n != none {
		t.nodes[n].refs--
		if t.nodes[n].refs > 0 {
			return
		}
		parent := t.nodes[n].parent
		t.unlink(parent, n)
		t.nodes[n].next = t.free
		t.free = n
		n = parent
	}
}

// unlink takes n from its parent's children, of which there are at most as
// many as paths.
func (t *tree) unlink(parent, n int32) {
	at := &t.nodes[parent].child
	for *at != n {
		at = &t.nodes[*at].next
	}
	*at = t.nodes[n].next
}

// A place is when the last token of a text was emitted, and what came before.
// Several paths share it, as they share a text's beginning, but the same text
// may have been emitted at other times.
type place struct {
	before     int32 // the place of the token before, or the next free one
	refs       int32
	start, end int32 // frames, half open
}

// A trail holds the places of all paths, again in one block of memory.
type trail struct {
	places []place
	free   int32
}

// add returns a place after before, held once.
func (t *trail) add(before, start, end int32) int32 {
	p := t.free
	if p == none {
		p = int32(len(t.places))
		t.places = append(t.places, place{})
	} else {
		t.free = t.places[p].before
	}
	t.places[p] = place{before: before, refs: 1, start: start, end: end}
	t.keep(before)
	return p
}

func (t *trail) keep(p int32) {
	if p != none {
		t.places[p].refs++
	}
}

func (t *trail) drop(p int32) {
	for p != none {
		t.places[p].refs--
		if t.places[p].refs > 0 {
			return
		}
		before := t.places[p].before
		t.places[p].before = t.free
		t.free = p
		p = before
	}
}
