package onnx

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestPorts(t *testing.T) {
	raw, err := os.ReadFile("testdata/sherpa.onnx")
	if err != nil {
		t.Fatal(err)
	}
	inputs, outputs, err := ports(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	got := list(inputs) + " -> " + list(outputs)
	want := `"x" float32 [?,?,128], "mask" int64 [?,?] -> "logits" float32 [?,?,6], "logits_len" int64 [?]`
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// FuzzPorts: whatever the file, an answer or an error, and no more memory
// than the ports need.
func FuzzPorts(f *testing.F) {
	files, err := filepath.Glob("testdata/*.onnx")
	if err != nil || len(files) == 0 {
		f.Fatal("no graphs in testdata")
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		inputs, outputs, err := ports(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		if _, err := recognise(inputs, outputs); err != nil && len(err.Error()) > 4000 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	})
}
