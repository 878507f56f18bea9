package inference_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"fermata/inference"
	"fermata/inference/mel"
)

// goldens is where transformers' answers lie; README.md there says how they
// were made.
const goldens = "../models/lasr/testdata"

// A golden is what transformers makes of a number of samples.
type golden struct {
	Samples      int    `json:"samples"`
	Rows         int    `json:"rows"`
	Logits       string `json:"logits"`
	LogitsStep   int    `json:"logits_step"`
	IDs          []int  `json:"ids"`
	Text         string `json:"text"`
	PipelineIDs  []int  `json:"pipeline_ids"`
	PipelineText string `json:"pipeline_text"`
	Error        string `json:"error"`
}

// TestReference compares everything between samples and text with
// transformers: LasrForCTC in one pass, and its pipeline with windows of 20 s
// and 2 s of stride.
func TestReference(t *testing.T) {
	clip := clip(t)
	for _, c := range []struct{ name, folder string }{
		{"a", filepath.Join(goldens, "a")},
		{"b", filepath.Join(goldens, "b")},
		{"demo", demo},
	} {
		t.Run(c.name, func(t *testing.T) {
			var golds struct{ Cases []golden }
			parse(t, "golden_"+c.name+".json", &golds)
			if len(golds.Cases) == 0 {
				t.Fatal("no golden cases")
			}
			single := recognizer(t, c.folder, inference.Options{})
			windows := recognizer(t, c.folder, inference.GoogleWindows())
			for _, g := range golds.Cases {
				t.Run(fmt.Sprint(g.Samples), func(t *testing.T) {
					samples := tile(clip, g.Samples)
					s := recognise(t, single, samples, g.IDs, g.Text)
					if g.Error == "" {
						compareLogits(t, s, g)
					}
					recognise(t, windows, samples, g.PipelineIDs, g.PipelineText)
				})
			}
		})
	}
}

// TestOtherSubsampling compares the windows of a network whose rows are 9
// frames with transformers'; testdata/make_network.py made the ids.
func TestOtherSubsampling(t *testing.T) {
	var golds struct {
		Cases []struct {
			Samples int
			IDs     []int
		}
	}
	parse(t, "../../../inference/testdata/network.json", &golds)
	if len(golds.Cases) == 0 {
		t.Fatal("no golden cases")
	}
	clip := clip(t)
	r := recognizer(t, filepath.Join(goldens, "c"), inference.GoogleWindows())
	for _, g := range golds.Cases {
		stream := r.Stream()
		if err := stream.Write(context.Background(), tile(clip, g.Samples)); err != nil {
			t.Fatal(err)
		}
		if _, err := stream.Finish(context.Background()); err != nil {
			t.Fatal(err)
		}
		if got := argmax(stream.Logits()); !slices.Equal(got, g.IDs) {
			t.Errorf("%d samples: %d ids, want %d; or they differ", g.Samples, len(got), len(g.IDs))
		}
	}
}

// recognise compares the frame ids and the text of samples.
func recognise(t *testing.T, r *inference.Recognizer, samples []float32, ids []int, text string) *inference.Stream {
	t.Helper()
	s := r.Stream()
	if err := s.Write(context.Background(), samples); err != nil {
		t.Fatal(err)
	}
	got, err := s.Finish(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	rows, vocab := s.Logits()
	if gotIDs := argmax(rows, vocab); !slices.Equal(gotIDs, ids) {
		t.Errorf("%d frames, want %d; ids differ", len(gotIDs), len(ids))
	}
	if got.Raw != text {
		t.Errorf("the text differs: %d bytes, want %d", len(got.Raw), len(text))
	}
	if got.Samples != len(samples) {
		t.Errorf("%d samples, want %d", got.Samples, len(samples))
	}
	return s
}

func compareLogits(t *testing.T, s *inference.Stream, g golden) {
	t.Helper()
	rows, vocab := s.Logits()
	if vocab == 0 || len(rows)/vocab != g.Rows {
		t.Fatalf("%d values in rows of %d, want %d rows", len(rows), vocab, g.Rows)
	}
	want := npy(t, g.Logits)
	var worst float64
	for i := 0; i*vocab < len(want); i++ {
		got := rows[i*g.LogitsStep*vocab:][:vocab]
		worst = max(worst, distance(got, want[i*vocab:][:vocab]))
	}
	if worst > 5e-5 {
		t.Errorf("logits differ by %g, want at most 5e-5", worst)
	}
	t.Logf("logits differ by at most %.2g", worst)
}

func TestReferenceFeatures(t *testing.T) {
	clip := clip(t)
	var golds struct {
		Cases []struct {
			Samples      int     `json:"samples"`
			Frames       int     `json:"frames"`
			Features     string  `json:"features"`
			Step         int     `json:"features_step"`
			Sum          float64 `json:"sum"`
			SumOfSquares float64 `json:"sum_of_squares"`
		}
	}
	parse(t, "golden_features.json", &golds)
	if len(golds.Cases) == 0 {
		t.Fatal("no golden cases")
	}
	for _, g := range golds.Cases {
		got := mel.Compute(tile(clip, g.Samples))
		if len(got) != g.Frames*mel.Bins {
			t.Fatalf("%d samples: %d values, want %d frames", g.Samples, len(got), g.Frames)
		}
		want := npy(t, g.Features)
		var worst, sum, squares float64
		for i := 0; i*mel.Bins < len(want); i++ {
			worst = max(worst, distance(got[i*g.Step*mel.Bins:][:mel.Bins], want[i*mel.Bins:][:mel.Bins]))
		}
		for _, v := range got {
			sum += float64(v)
			squares += float64(v) * float64(v)
		}
		limit := 1e-6 * float64(len(got))
		if worst > 1e-6 || math.Abs(sum-g.Sum) > limit || math.Abs(squares-g.SumOfSquares) > 25*limit {
			t.Errorf("%d samples: features differ by %g, sums by %g and %g", g.Samples, worst, sum-g.Sum, squares-g.SumOfSquares)
		}
		t.Logf("%d samples: features differ by at most %.2g", g.Samples, worst)
	}
}
