package lasr_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"fermata/capture"
	"fermata/inference/mel"
	"fermata/inference/onnx"
	"fermata/models/lasr"
)

// agreement is the least share of tokens that int8 must have in common with fp32 on
// the medical test sets, by how many bits a weight has. The demo model has 99.57 % in
// both where this was made; 99.5 % is what int8 is offered for, and a few tokens are
// left to processors that round otherwise.
var agreement = map[string]float64{"eight bits": 0.994, "seven bits": 0.994}

func TestInt8SaysWhatFP32Says(t *testing.T) {
	c := open(t, os.DirFS("../demo/checkpoint"))
	exact := speak(t, load(t, c, lasr.FP32))
	for name, build := range map[string]func(dir string) error{
		"eight bits": func(dir string) error { return c.Build(dir, lasr.Int8) },
		"seven bits": c.BuildSevenBits,
	} {
		t.Run(name, func(t *testing.T) {
			said := speak(t, loadBuilt(t, build))
			tokens, apart := 0, 0
			for file, ids := range exact {
				tokens, apart = tokens+len(ids), apart+distance(ids, said[file])
			}
			share := 1 - float64(apart)/float64(tokens)
			t.Logf("%s: %.2f %% of %d tokens agree", name, 100*share, tokens)
			if tokens < 1000 || share < agreement[name] {
				t.Errorf("%.2f %% of %d tokens agree, want %.1f %% of 1000 or more", 100*share, tokens, 100*agreement[name])
			}
		})
	}
}

// speak returns what a model writes, as ids, for every sample of speech.
func speak(t *testing.T, m *onnx.Model) map[string][]int {
	t.Helper()
	files, err := filepath.Glob("../../testdata/speech/[ab]/*.flac")
	if err != nil || len(files) == 0 {
		t.Fatal("no samples of speech", err)
	}
	said := map[string][]int{}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		audio, err := capture.Read(f)
		_ = f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for i := range renditions {
			logits, vocab, err := m.Logits(context.Background(), mel.Compute(rendition(audio.Samples, i)))
			if err != nil {
				t.Fatal(err)
			}
			said[fmt.Sprint(filepath.Base(file), " ", i)] = collapse(logits, vocab)
		}
	}
	return said
}

// renditions is how often each sample is said. Few frames are nearly undecided; said a
// little later and softer, others are, so that the share of them can be told.
const renditions = 2

func rendition(samples []float32, i int) []float32 {
	r := make([]float32, 0, len(samples))
	for _, x := range samples[83*i:] {
		r = append(r, x*(1-0.05*float32(i)))
	}
	return r
}

// collapse is greedy decoding: the best id of each row, once for each run, no blanks.
func collapse(logits []float32, vocab int) []int {
	var ids []int
	last := 0
	for ; len(logits) > 0; logits = logits[vocab:] {
		id := argmax(logits[:vocab])
		if id != last && id != 0 {
			ids = append(ids, id)
		}
		last = id
	}
	return ids
}

// distance is how many ids must be inserted, deleted or replaced.
func distance(a, b []int) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			d := min(row[j], row[j+1]) + 1
			if x == y {
				d = min(d, diagonal)
			} else {
				d = min(d, diagonal+1)
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}

// TestInt8IsNearTorch holds the rounding itself: on networks of random weights, on which
// errors grow more than on trained ones, and where all blocks of a and b are rounded.
func TestInt8IsNearTorch(t *testing.T) {
	for name, dir := range map[string]string{"a": "testdata/a", "b": "testdata/b", "c": "testdata/c", "demo": "../demo/checkpoint"} {
		var g golden
		decode(t, "golden_"+name+".json", &g)
		m := load(t, open(t, os.DirFS(dir)), lasr.Int8)
		for _, c := range g.Cases {
			if c.Rows == 0 {
				continue
			}
			logits, _, err := m.Logits(context.Background(), mel.Compute(clip(t, c.Samples)))
			if err != nil {
				t.Fatal(err)
			}
			off := relative(logits, floats(t, c.Logits), g.Vocab, c.Step)
			t.Logf("%s, %d samples: %.2f %%", name, c.Samples, 100*off)
			if !(off > 1e-4 && off < 0.06) { // less were no rounding
				t.Errorf("%s, %d samples: logits are %.2g of their size from torch's", name, c.Samples, off)
			}
		}
	}
}

// relative is the root mean square of the difference to every step-th row, in
// proportion to that of the row.
func relative(got, want []float32, vocab, step int) float64 {
	var off, size float64
	for i, w := range want {
		d := float64(got[i/vocab*step*vocab+i%vocab]) - float64(w)
		off, size = off+d*d, size+float64(w)*float64(w)
	}
	return math.Sqrt(off / size)
}
