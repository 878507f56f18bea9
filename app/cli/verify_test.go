package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fermata/inference"
	"fermata/inference/mel"
	"fermata/models/lasr"
)

// references are what tools/reference/reference.py wrote.
const references = "../../tools/reference/testdata/"

// TestVerify wants the random checkpoints to compute what transformers
// computes with them.
func TestVerify(t *testing.T) {
	parts := realParts(t)
	for _, name := range []string{"a", "b"} {
		stdout, stderr, code := fermata(t, parts, "verify", "--model", checkpoints+name, references+name+".npz")
		if code != 0 || stderr != "" {
			t.Errorf("%s: exit code %d, %q\n%s", name, code, stderr, stdout)
		}
		if strings.Contains(stdout, "DIFFERENT") || strings.Count(stdout, "same ") != 7 || !strings.Contains(stdout, "Fermata computes with "+name) {
			t.Errorf("%s: said\n%s", name, stdout)
		}
	}
	stdout, stderr, code := fermata(t, parts, "verify", "--json", "--model", checkpoints+"a", references+"a.npz")
	var c comparison
	if err := json.Unmarshal([]byte(stdout), &c); err != nil || code != 0 || stderr != "" || !c.Same || len(c.Stages) != 7 || len(c.Notes) != 0 {
		t.Errorf("%v, exit code %d, %q: %s", err, code, stderr, stdout)
	}
}

// TestVerifyDemo compares trained weights, in both precisions, and a language
// model where it is named.
func TestVerifyDemo(t *testing.T) {
	parts := realParts(t)
	for _, c := range []struct {
		flags []string
		words string
		same  int
	}{
		{[]string{"--lm", lm}, "same       text, from the reference's scores and the language model: equal", 8},
		{nil, "The reference's text by a language model was not compared; name that with --lm.", 7},
		{[]string{"--precision", "int8"}, "as nearly as 8-bit weights can", 6},
	} {
		stdout, stderr, code := fermata(t, parts, append([]string{"verify", references + "demo.npz"}, c.flags...)...)
		if code != 0 || stderr != "" || strings.Contains(stdout, "DIFFERENT") || !strings.Contains(stdout, c.words) || strings.Count(stdout, "same  ") != c.same {
			t.Errorf("%v: exit code %d, %q\n%s", c.flags, code, stderr, stdout)
		}
	}
}

// TestVerifyFindsTheLanguageModelsFault wants another language model to be
// noticed by its text.
func TestVerifyFindsTheLanguageModelsFault(t *testing.T) {
	parts := realParts(t)
	engine, err := parts.Load(t.Context(), Choice{Precision: lasr.FP32, Windows: inference.GoogleWindows()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	r, err := readReference(references + "demo.npz")
	if err != nil {
		t.Fatal(err)
	}
	language, closeLanguage, err := openLanguage(t.Context(), parts, Stdio{}, lm, engine.Vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = closeLanguage() }()
	r.beamText += " again"
	found, err := compare(t.Context(), engine, language, r)
	if err != nil || found.Same || len(found.Stages) != 8 || found.Stages[5].Same || found.Stages[5].Of != "the reference's scores and the language model" {
		t.Errorf("%v, %+v", err, found)
	}
}

// TestVerifyAnotherCheckpoint compares a's reference with b and with a larger
// vocabulary.
func TestVerifyAnotherCheckpoint(t *testing.T) {
	parts := realParts(t)
	for _, model := range []string{checkpoints + "b", "../../models/demo/checkpoint"} {
		stdout, stderr, code := fermata(t, parts, "verify", "--model", model, references+"a.npz")
		if code != 1 || stderr != "" || !strings.Contains(stdout, "DIFFERENT  scores") || !strings.Contains(stdout, "another config.json") || !strings.Contains(stdout, "the first difference is in the scores, from the reference's features.") {
			t.Errorf("exit code %d, %q, said\n%s", code, stderr, stdout)
		}
	}
}

// TestVerifyFindsEachFault puts a fault into each stage of the reference and
// wants that stage named, and those that follow from it alone.
func TestVerifyFindsEachFault(t *testing.T) {
	parts := realParts(t)
	engine, err := parts.Load(t.Context(), Choice{Model: checkpoints + "a", Precision: lasr.FP32, Windows: readA(t).windows()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	for name, c := range map[string]struct {
		spoil     func(*reference)
		different []string // stage and what it is from
		where     string
		note      string
	}{
		"a feature": {
			func(r *reference) { r.features[128*100+7] += 1e-3 },
			[]string{"features, from the samples"},
			"in frame 100 (1.00 s), bin 7", "",
		},
		"all features": {
			func(r *reference) {
				for i := range r.features {
					r.features[i] += float32(i % 3)
				}
			},
			[]string{"features, from the samples", "scores, from the reference's features"},
			"", "",
		},
		"a score": {
			func(r *reference) { r.logits[64*50+3] += 0.1 },
			[]string{"scores, from the reference's features", "scores, from the samples"},
			"in row 50 (2.00 s), id 3", "",
		},
		"an id": {
			func(r *reference) { r.ids[20] ^= 1 },
			[]string{"ids, from the reference's scores", "text, from the reference's ids"},
			"1 of 84 rows, first in row 20 (0.80 s)", "",
		},
		"text": {
			func(r *reference) { r.text += "x" },
			[]string{"text, from the reference's ids"},
			"and the reference", "",
		},
		"an id of the pipeline": {
			func(r *reference) { r.pipelineIDs[83] ^= 1 },
			[]string{"ids, from the samples in windows of 2 s"},
			"first in row 83 (3.32 s)", "",
		},
		"rows of the pipeline": {
			func(r *reference) { r.pipelineIDs = r.pipelineIDs[1:] },
			[]string{"ids, from the samples in windows of 2 s"},
			"Fermata has 84 rows and the reference 83", "",
		},
		"text of the pipeline": {
			func(r *reference) { r.pipelineText = "" },
			[]string{"text, from the samples in windows of 2 s"},
			"from character 0 on", "",
		},
		"samples of another scale": {
			func(r *reference) {
				for i := range r.samples {
					r.samples[i] *= 1.001
				}
			},
			[]string{"features, from the samples", "scores, from the samples"},
			"", "samples 0.999",
		},
		"samples not divided at all": {
			func(r *reference) {
				for i := range r.samples {
					r.samples[i] *= 32768
				}
			},
			[]string{"features, from the samples", "scores, from the samples", "ids, from the samples in windows of 2 s", "text, from the samples in windows of 2 s"},
			"", "times as large as its own",
		},
		"fewer samples": {
			func(r *reference) { r.samples = r.samples[:40000] },
			[]string{"features, from the samples", "scores, from the samples", "ids, from the samples in windows of 2 s", "text, from the samples in windows of 2 s"},
			"Fermata has 248 frames and the reference 348", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := readA(t)
			c.spoil(r)
			found, err := compare(t.Context(), engine, nil, r)
			if err != nil {
				t.Fatal(err)
			}
			var different []string
			for _, s := range found.Stages {
				if !s.Same {
					different = append(different, s.Name+", from "+s.Of)
				}
			}
			var said strings.Builder
			if err := found.print(&said); err != nil {
				t.Fatal(err)
			}
			if found.Same || !slices.Equal(different, c.different) || !strings.Contains(said.String(), c.where) || !strings.Contains(strings.Join(found.Notes, " "), c.note) {
				t.Errorf("different are %q, want %q\n%s", different, c.different, said.String())
			}
			if c.note == "" && len(found.Notes) > 0 {
				t.Errorf("noted %q", found.Notes)
			}
		})
	}
}

// TestScaleNote wants the difference of 1/32767 and 1/32768 to be recognised
// by its features.
func TestScaleNote(t *testing.T) {
	r := readA(t)
	if note := scaleNote(r.features, r.features); note != "" {
		t.Error(note)
	}
	for i := range r.samples {
		r.samples[i] *= 32767.0 / 32768
	}
	if note := scaleNote(mel.Compute(r.samples), r.features); !strings.Contains(note, "samples 1.00003") {
		t.Errorf("%q", note)
	}
}

func TestFurthest(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		got, want []float32
		d         float64
		at        int
	}{
		{[]float32{1, 2, 3}, []float32{1, 2, 3}, 0, 0},
		{[]float32{1, 5, 3}, []float32{1, 2, 1}, 3, 1},
		{[]float32{1, nan, 9}, []float32{1, 2, 3}, noNumber, 1},
		{[]float32{1, float32(math.Inf(-1)), 9}, []float32{1, 2, 3}, noNumber, 1},
	} {
		if d, at := furthest(c.got, c.want); d != c.d || at != c.at {
			t.Errorf("%v and %v: %v at %d", c.got, c.want, d, at)
		}
	}
}

func readA(t *testing.T) *reference {
	t.Helper()
	r, err := readReference(references + "a.npz")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestVerifyRefuses(t *testing.T) {
	parts := realParts(t)
	whole, err := os.ReadFile(references + "a.npz")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args     []string
		code     int
		sentence string
	}{
		{[]string{"verify"}, 2, "takes one REFERENCE.npz"},
		{[]string{"verify", "a.npz", "b.npz"}, 2, "takes one REFERENCE.npz"},
		{[]string{"verify", "--precision", "fp8", "a.npz"}, 2, "--precision"},
		{[]string{"verify", filepath.Join(t.TempDir(), "none.npz")}, 1, "none.npz: there is no such file"},
		{[]string{"verify", write(t, "cut.npz", string(whole[:len(whole)/2]))}, 1, "cut.npz: is not an archive"},
		{[]string{"verify", "../cli/npy/testdata/stored.npz"}, 1, `stored.npz: has no array "samples"`},
	} {
		wantFailure(t, parts, c.code, c.sentence, c.args...)
	}
}

// TestReferenceIsChecked spoils what readReference must not believe.
func TestReferenceIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		spoil    func(*reference)
		sentence string
	}{
		"fewer ids":    {func(r *reference) { r.ids = r.ids[1:] }, "has 83 ids for 84 rows"},
		"odd windows":  {func(r *reference) { r.about.Window = 0.5 }, "its windows cannot be"},
		"NaN, windows": {func(r *reference) { r.about.Window = math.Inf(1) }, "its windows cannot be"},
	} {
		r := readA(t)
		c.spoil(r)
		if err := r.check(); err == nil || !strings.Contains(err.Error(), c.sentence) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVerifyIsCancelled(t *testing.T) {
	parts := realParts(t)
	engine, err := parts.Load(t.Context(), Choice{Model: checkpoints + "a", Precision: lasr.FP32, Windows: readA(t).windows()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := compare(ctx, engine, nil, readA(t)); err == nil {
		t.Error("went on")
	}
	var said bytes.Buffer
	args := []string{"eval", speech}
	if code := Run(ctx, args, parts, Stdio{Out: io.Discard, Err: &said}); code != 1 || said.String() != "fermata: interrupted; run it again for the rest\n" {
		t.Errorf("exit code %d, %q", code, said.String())
	}
}
