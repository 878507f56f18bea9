package ctc

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// speech returns scores in which most frames are sure and some are not.
func speech(r *rand.Rand, v *Vocabulary, frames int) []float32 {
	logits := make([]float32, frames*v.Len())
	for t := range frames {
		row := logits[t*v.Len() : (t+1)*v.Len()]
		for i := range row {
			row[i] = -12
		}
		for range 1 + r.IntN(3) {
			row[r.IntN(60)] = float32(10 + 2*r.NormFloat64())
		}
		if r.IntN(3) == 0 {
			row[Blank] = 11
		}
	}
	return logits
}

func hypotheses(t interface{ Fatal(...any) }, b *Beam) []Hypothesis {
	all, err := b.Best(100)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func write(t interface{ Fatal(...any) }, b *Beam, logits []float32, vocab int) {
	if err := b.Write(logits, vocab); err != nil {
		t.Fatal(err)
	}
}

// However the rows are cut, whatever is asked in between, and whatever happens
// to a clone, the result is bit for bit that of writing them at once.
func TestCutsDoNotMatter(t *testing.T) {
	_, v := readGolden(t)
	l := language(t, v, 3)
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		o := GoogleBeam()
		o.Width = rapid.IntRange(1, 12).Draw(t, "width")
		o.Glued = rapid.Bool().Draw(t, "glued")
		with := l
		if rapid.Bool().Draw(t, "plain") {
			with = nil
		}
		logits := speech(r, v, rapid.IntRange(0, 60).Draw(t, "frames"))
		whole := NewBeam(v, with, o)
		write(t, whole, logits, v.Len())

		parts := NewBeam(v, with, o)
		for rest := logits; len(rest) > 0; {
			n := rapid.IntRange(0, len(rest)/v.Len()).Draw(t, "rows") * v.Len()
			switch rapid.IntRange(0, 3).Draw(t, "between") {
			case 0:
				hypotheses(t, parts)
			case 1:
				write(t, parts.Clone(), speech(r, v, 5), v.Len())
			case 2:
				old := parts
				parts = parts.Clone()
				write(t, old, speech(r, v, 5), v.Len())
			}
			write(t, parts, rest[:n], v.Len())
			rest = rest[n:]
		}
		if got, want := hypotheses(t, parts), hypotheses(t, whole); !reflect.DeepEqual(got, want) {
			t.Fatalf("in parts\n%+v, at once\n%+v", got, want)
		}
		consistent(t, parts)
	})
}

// consistent checks that what is not free is what the paths lead to.
func consistent(t *rapid.T, b *Beam) {
	nodes, places := map[int32]bool{root: true}, map[int32]bool{}
	for _, p := range b.paths {
		for n := p.node; n != none; n = b.tree.nodes[n].parent {
			nodes[n] = true
		}
		for at := p.before; at != none; at = b.trail.places[at].before {
			places[at] = true
		}
	}
	free := 0
	for n := b.tree.free; n != none; n = b.tree.nodes[n].next {
		free++
	}
	if len(nodes)+free != len(b.tree.nodes) {
		t.Fatalf("%d nodes in use and %d free of %d", len(nodes), free, len(b.tree.nodes))
	}
	free = 0
	for p := b.trail.free; p != none; p = b.trail.places[p].before {
		free++
	}
	if len(places)+free != len(b.trail.places) {
		t.Fatalf("%d places in use and %d free of %d", len(places), free, len(b.trail.places))
	}
}

func TestNoAllocationPerFrame(t *testing.T) {
	_, v := readGolden(t)
	logits := speech(rand.New(rand.NewPCG(5, 6)), v, 250)
	for _, l := range []*Language{nil, language(t, v, 6)} {
		b := NewBeam(v, l, GoogleBeam())
		for range 20 {
			write(t, b, logits, v.Len())
		}
		rows, row := 0, v.Len()
		if n := testing.AllocsPerRun(200, func() {
			write(t, b, logits[rows*row:(rows+1)*row], row)
			rows++
		}); n != 0 {
			t.Errorf("%v allocations a frame", n)
		}
	}
}
