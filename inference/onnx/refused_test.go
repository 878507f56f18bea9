package onnx

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRefusedGraphs(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"refused_mask_float", `"attention_mask" float32 [1,?]`},
		{"refused_name", `"features" float32 [1,?,128]`},
		{"refused_bins", `"input_features" float32 [1,?,80]`},
		{"refused_waveform", `"input_values" float32 [1,?], "mask" bool [1,?]`},
		{"refused_float16", `"input_features" float16 [1,?,128]`},
		{"refused_output", `"tokens" int64 [1,?]`},
	} {
		path := filepath.Join("testdata", c.name+".onnx")
		refused(t, path, c.want)
	}
}

func TestRefusedFiles(t *testing.T) {
	whole, err := os.ReadFile("testdata/plain.onnx")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, c := range map[string]struct{ content, want string }{
		"empty.onnx": {"", "not an ONNX model"},
		"text.onnx":  {"this is a text and no model at all", "not an ONNX model"},
		"cut.onnx":   {string(whole[:len(whole)/2]), "cut short"},
		"zeros.onnx": {strings.Repeat("\x00", 100), "not an ONNX model"},
	} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, path, c.want)
	}
	refused(t, filepath.Join(folder, "none.onnx"), "no such file")
	refused(t, folder, "is not a file")
}

func refused(t *testing.T, path, want string) {
	t.Helper()
	m, err := Load(path, Options{})
	if err == nil {
		_ = m.Close()
		t.Errorf("%s is taken", path)
		return
	}
	if s := err.Error(); !strings.HasPrefix(s, path+": ") || !strings.Contains(s, want) || strings.Contains(s, "\n") {
		t.Errorf("%v\nwant one line about the file, with %s", err, want)
	}
}

// A graph whose weights lie in a file beside it, which is missing.
func TestExternalDataMissing(t *testing.T) {
	whole, err := os.ReadFile("testdata/external.onnx")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "external.onnx")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, path, "ONNX Runtime cannot load")
}
