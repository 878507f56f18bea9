package onnx

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fermata/inference/mel"
	"fermata/models/lasr"
)

// onCard loads a graph on SwiftShader.
func onCard(t testing.TB, graph string) *Model {
	t.Helper()
	icd(t, swiftshader(t))
	m, err := Load(graph, Options{Device: "gpu"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	if d := m.On(); d.ID != "webgpu:0" || !d.Software || !strings.Contains(m.Device(), "SwiftShader") || !strings.HasSuffix(m.Device(), "(WebGPU)") {
		t.Errorf("it is on %+v, %s", d, m.Device())
	}
	return m
}

// built returns the graph of a checkpoint.
func built(t testing.TB, checkpoint string, p lasr.Precision) string {
	t.Helper()
	c, err := lasr.Open(os.DirFS(checkpoint))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := c.Build(dir, p); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, lasr.GraphFile)
}

// spoken returns the features of so many samples of speech.
func spoken(t testing.TB, n int) []float32 {
	t.Helper()
	raw, err := os.ReadFile("../../models/lasr/testdata/clip.s16")
	if err != nil {
		t.Fatal(err)
	}
	samples := make([]float32, n)
	for i := range samples {
		samples[i] = float32(int16(uint16(raw[2*i])|uint16(raw[2*i+1])<<8)) / (1 << 15)
	}
	return mel.Compute(samples)
}

// A card adds the same numbers in another order: each of some hundred sums
// on the way, of up to 2048 products, is off by some 2^-24 of its size, and
// layer norms keep that from growing. 1e-4 of the logits' spread is a hundred
// times what is seen, and a hundredth of what half precision does.
const cardTolerance = 1e-4

// The same speech on the CPU and on the card.
func TestCardAnswersLikeTheCPU(t *testing.T) {
	for _, c := range []struct {
		name, checkpoint string
		samples          []int
	}{
		{"a", "../../models/lasr/testdata/a", []int{48000}},
		{"b", "../../models/lasr/testdata/b", []int{22600}},
		{"c", "../../models/lasr/testdata/c", []int{16000}},
		{"demo", "../../models/demo/checkpoint", []int{24000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			graph := built(t, c.checkpoint, lasr.FP32)
			cpu, err := Load(graph, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = cpu.Close() }()
			card := onCard(t, graph)
			for _, n := range c.samples {
				in := spoken(t, n)
				want, vocab, err := cpu.Logits(t.Context(), in)
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				got, v, err := card.Logits(t.Context(), in)
				if err != nil || v != vocab {
					t.Fatalf("rows of %d, %v", v, err)
				}
				alike(t, got, want, vocab)
				t.Logf("%d samples: %v", n, time.Since(began))
			}
		})
	}
}

// alike fails if two answers differ by more than the tolerance, or in the
// best of a row.
func alike(t *testing.T, got, want []float32, vocab int) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%d values, want %d", len(got), len(want))
	}
	worst, sum, squares := 0.0, 0.0, 0.0
	for i, w := range want {
		worst = max(worst, math.Abs(float64(got[i])-float64(w)))
		sum += float64(w)
		squares += float64(w) * float64(w)
	}
	n := float64(len(want))
	spread := math.Sqrt(squares/n - sum/n*sum/n)
	if !(worst <= cardTolerance*spread) {
		t.Errorf("a logit is %g off, %g of the spread, more than %g", worst, worst/spread, cardTolerance)
	}
	for row := 0; row < len(want); row += vocab {
		if a, b := best(got[row:row+vocab]), best(want[row:row+vocab]); a != b {
			t.Errorf("row %d is id %d, want %d", row/vocab, a, b)
		}
	}
	t.Logf("the worst logit is %.2g of the spread off", worst/spread)
}

func best(row []float32) int {
	at := 0
	for i, x := range row {
		if x > row[at] {
			at = i
		}
	}
	return at
}

// Every family of graphs runs there, with a mask of each type, and answers to
// the last bit: nothing is added up in these.
func TestFamiliesOnACard(t *testing.T) {
	for _, name := range []string{"sherpa", "masked_int32", "masked_int64", "masked_bool", "plain"} {
		graph := filepath.Join("testdata", name+".onnx")
		want, _, err := load(t, name).Logits(t.Context(), frames(40))
		if err != nil {
			t.Fatal(err)
		}
		got, vocab, err := onCard(t, graph).Logits(t.Context(), frames(40))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		alike(t, got, want, vocab)
	}
}

func TestCancelledOnACard(t *testing.T) {
	m := onCard(t, built(t, "../../models/lasr/testdata/a", lasr.FP32))
	in := spoken(t, 16000)
	for range 3 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		_, _, err := m.Logits(ctx, in)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("%v, want %v", err, context.DeadlineExceeded)
		}
	}
	if got, _, err := m.Logits(t.Context(), in); err != nil || len(got) == 0 {
		t.Errorf("the next run: %d values, %v", len(got), err)
	}
}

// A driver that hangs holds the model's turn for ever.
func TestHangingDriver(t *testing.T) {
	m := onCard(t, "testdata/plain.onnx")
	m.turn <- struct{}{}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, _, err := m.Logits(ctx, frames(40)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want %v", err, context.DeadlineExceeded)
	}
	defer func(was time.Duration) { patience = was }(patience)
	patience = 10 * time.Millisecond
	if err := m.Close(); err == nil || !strings.Contains(err.Error(), "hangs") {
		t.Errorf("%v", err)
	}
	m.leave()
	computes(t, m)
}

// Warm ends with its context, and else has run every length.
func TestWarm(t *testing.T) {
	m := onCard(t, "testdata/plain.onnx")
	if err := m.Warm(t.Context()); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.Warm(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
}
