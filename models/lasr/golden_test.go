package lasr_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/sbinet/npyio"

	"fermata/inference/mel"
	"fermata/inference/onnx"
	"fermata/models/lasr"
)

// golden is one of testdata/golden_*.json; testdata/README.md says what is in it.
type golden struct {
	Checkpoint string
	Vocab      int
	Cases      []goldenCase
}

type goldenCase struct {
	Samples int
	Rows    int
	Logits  string
	Step    int `json:"logits_step"`
	IDs     []int
}

// tolerance is how far a logit may be from torch's in float32.
const tolerance = 5e-5

func TestMain(m *testing.M) {
	library := os.Getenv("FERMATA_ONNXRUNTIME")
	if library == "" {
		library = "../../build/runtime/libonnxruntime.so.1"
	}
	if err := onnx.Start(library); err != nil {
		println(err.Error())
		os.Exit(1)
	}
	code := m.Run()
	if err := onnx.Stop(); err != nil {
		println(err.Error())
		os.Exit(1)
	}
	os.Exit(code)
}

func TestLogitsAreTorchs(t *testing.T) {
	for name, dir := range map[string]string{"a": "testdata/a", "b": "testdata/b", "c": "testdata/c", "demo": "../demo/checkpoint"} {
		t.Run(name, func(t *testing.T) {
			var g golden
			decode(t, "golden_"+name+".json", &g)
			m := load(t, open(t, os.DirFS(dir)), lasr.FP32)
			for _, c := range g.Cases {
				if c.Rows > 0 {
					compare(t, m, g.Vocab, c)
				}
			}
		})
	}
}

func compare(t *testing.T, m *onnx.Model, vocab int, c goldenCase) {
	t.Helper()
	got, v, err := m.Logits(context.Background(), mel.Compute(clip(t, c.Samples)))
	if err != nil {
		t.Fatalf("%d samples: %v", c.Samples, err)
	}
	if v != vocab || len(got) != c.Rows*vocab {
		t.Fatalf("%d samples: %d values in rows of %d, want %d in rows of %d", c.Samples, len(got), v, c.Rows*vocab, vocab)
	}
	want := floats(t, c.Logits)
	if rows := (c.Rows + c.Step - 1) / c.Step; len(want) != rows*vocab {
		t.Fatalf("%s has %d values, want %d rows", c.Logits, len(want), rows)
	}
	worst := 0.0
	for i, w := range want {
		row, col := i/vocab*c.Step, i%vocab
		worst = max(worst, math.Abs(float64(got[row*vocab+col])-float64(w)))
	}
	if !(worst <= tolerance) {
		t.Errorf("%d samples: a logit is %g from torch's, more than %g", c.Samples, worst, tolerance)
	}
	for row, want := range c.IDs {
		if id := argmax(got[row*vocab : (row+1)*vocab]); id != want {
			t.Errorf("%d samples: row %d is id %d, want %d", c.Samples, row, id, want)
		}
	}
	t.Logf("%d samples: worst %.2g", c.Samples, worst)
}

func argmax(row []float32) int {
	best := 0
	for i, x := range row {
		if x > row[best] {
			best = i
		}
	}
	return best
}

func open(t testing.TB, fsys fs.FS) *lasr.Checkpoint {
	t.Helper()
	c, err := lasr.Open(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// load builds a checkpoint's graph and opens it.
func load(t testing.TB, c *lasr.Checkpoint, p lasr.Precision) *onnx.Model {
	t.Helper()
	return loadBuilt(t, func(dir string) error { return c.Build(dir, p) })
}

func loadBuilt(t testing.TB, build func(dir string) error) *onnx.Model {
	t.Helper()
	dir := t.TempDir()
	if err := build(dir); err != nil {
		t.Fatal(err)
	}
	m, err := onnx.Load(filepath.Join(dir, lasr.GraphFile), onnx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// clip is n samples of testdata/clip.s16, tiled.
func clip(t testing.TB, n int) []float32 {
	t.Helper()
	b := read(t, "clip.s16")
	samples := make([]float32, n)
	for i := range samples {
		at := i % (len(b) / 2) * 2
		samples[i] = float32(int16(uint16(b[at])|uint16(b[at+1])<<8)) / 32768
	}
	return samples
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode(t testing.TB, name string, into any) {
	t.Helper()
	if err := json.Unmarshal(read(t, name), into); err != nil {
		t.Fatal(err)
	}
}

func floats(t testing.TB, name string) []float32 {
	t.Helper()
	var v []float32
	if err := npyio.Read(bytes.NewReader(read(t, name)), &v); err != nil {
		t.Fatal(err)
	}
	return v
}
