package models

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/adrg/xdg"

	"fermata/models/lasr"
)

// home makes an empty data folder the user's for one test.
func home(t *testing.T) {
	t.Helper()
	old := xdg.DataHome
	xdg.DataHome = t.TempDir()
	t.Cleanup(func() { xdg.DataHome = old })
}

// folder makes a model folder of the given files, in the user's models folder. A file
// whose content begins with @ is a copy of that of lasr's golden checkpoint a.
func folder(t *testing.T, name string, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(Dir(), name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for file, content := range files {
		if from, ok := strings.CutPrefix(content, "@"); ok {
			b, err := os.ReadFile(filepath.Join("lasr", "testdata", "a", from))
			if err != nil {
				t.Fatal(err)
			}
			content = string(b)
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var whole = map[string]string{"model.safetensors": "@model.safetensors", "config.json": "@config.json", "tokenizer.json": "@tokenizer.json"}

const tokens = "<blk> 0\n<s> 1\n</s> 2\n<unk> 3\n▁ 4\n▁the 5\n"

func TestProblems(t *testing.T) {
	home(t)
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"nothing":      {nil, ": holds neither model.safetensors nor an .onnx file"},
		"no weights":   {map[string]string{"config.json": "@config.json"}, ": model.safetensors is missing"},
		"no config":    {map[string]string{"model.safetensors": "@model.safetensors"}, "/config.json: is missing"},
		"no tokenizer": {map[string]string{"model.safetensors": "@model.safetensors", "config.json": "@config.json"}, "/tokenizer.json: is missing"},
		"no shard":     {map[string]string{"model.safetensors.index.json": `{"weight_map":{"x":"x.safetensors"}}`, "config.json": "@config.json", "tokenizer.json": "@tokenizer.json"}, "/x.safetensors: is missing"},
		"two graphs":   {map[string]string{"a.onnx": "", "b.onnx": "", "tokens.txt": tokens}, ": holds 2 .onnx files"},
		"no tokens":    {map[string]string{"a.onnx": ""}, ": tokens.txt (or tokenizer.json) is missing"},
		"bad tokens":   {map[string]string{"a.onnx": "", "tokens.txt": "hello"}, "/tokens.txt: line 1"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, name, c.files)
			_, err := Find(dir)
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.HasPrefix(err.Error(), dir+c.want) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "; ") {
				t.Errorf("got %q, want it to begin with %q and to say what to do", err, dir+c.want)
			}
		})
	}
	for _, none := range []string{"nowhere", filepath.Join(t.TempDir(), "none")} {
		if _, err := Find(none); err == nil || !strings.HasPrefix(err.Error(), none+": there is no such model folder; ") {
			t.Errorf("%s: %v", none, err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(file); err == nil || !strings.HasPrefix(err.Error(), file+": is a file; ") {
		t.Error(err)
	}
}

func TestListBeginsWithTheDemoAndShowsWhatIsBroken(t *testing.T) {
	home(t)
	folder(t, "broken", map[string]string{"config.json": "{}"})
	folder(t, "export", map[string]string{"model.int8.onnx": "", "tokens.txt": tokens})
	folder(t, "mine", whole)
	b, err := json.Marshal(List())
	if err != nil {
		t.Fatal(err)
	}
	var got []struct{ Name, Dir, Format, Problem string }
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	var line []string
	for _, g := range got {
		line = append(line, g.Name+" "+g.Format)
		if (g.Problem != "") != (g.Name == "broken") {
			t.Errorf("%s: problem %q", g.Name, g.Problem)
		}
	}
	if s := strings.Join(line, ", "); s != "demo checkpoint, broken , export onnx, mine checkpoint" {
		t.Error(s)
	}
}

func TestOpen(t *testing.T) {
	home(t)
	folder(t, "mine", whole)
	folder(t, "export", map[string]string{"model.onnx": "", "model.int8.onnx": "", "tokens.txt": tokens})
	folder(t, "other", map[string]string{"any.onnx": "", "tokenizer.json": "@tokenizer.json"})
	cache := t.TempDir()
	for _, c := range []struct {
		name, graph string
		pieces      int
		demo        bool
		precision   lasr.Precision
	}{
		{"", "model.onnx", 512, true, lasr.FP32},
		{"", "model.onnx", 512, true, lasr.Int8},
		{"mine", "model.onnx", 64, false, lasr.FP32},
		{"mine", "model.onnx", 64, false, lasr.Int8},
		{"export", "model.onnx", 6, false, lasr.FP32},
		{"export", "model.int8.onnx", 6, false, lasr.Int8},
		{"other", "any.onnx", 64, false, lasr.FP32},
	} {
		info, err := Find(c.name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := info.Open(context.Background(), cache, c.precision)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(m.Graph) != c.graph || len(m.Pieces) != c.pieces || m.Demo != c.demo || m.Name == "" || m.Precision != c.precision {
			t.Errorf("%q: %s, %s, %d pieces, demo %t, name %q", c.name, m.Graph, m.Precision, len(m.Pieces), m.Demo, m.Name)
		}
		if _, err := os.Stat(m.Graph); err != nil {
			t.Error(err)
		}
	}
	info, err := Find("other")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := info.Open(context.Background(), cache, lasr.Int8); err == nil || !strings.Contains(err.Error(), ": holds no model.int8.onnx") {
		t.Errorf("an export without 8 bits: %v", err)
	}
}

func TestOpenNamesWhatFailed(t *testing.T) {
	home(t)
	dir := folder(t, "mine", whole)
	weights := filepath.Join(dir, "model.safetensors")
	b, err := os.ReadFile(weights)
	if err != nil {
		t.Fatal(err)
	}
	info, err := Find("mine")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := info.Open(context.Background(), file, lasr.FP32); err == nil || !strings.HasPrefix(err.Error(), file+": ") {
		t.Errorf("a cache folder that is a file: %v", err)
	}
	copy(b[len(b)-4:], "\x00\x00\xc0\x7f") // NaN
	if err := os.WriteFile(weights, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := info.Open(context.Background(), t.TempDir(), lasr.FP32); err == nil || !strings.HasPrefix(err.Error(), weights+": tensor ") {
		t.Errorf("NaN: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := info.Open(ctx, t.TempDir(), lasr.FP32); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

func TestCacheDirWithoutHome(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if _, err := CacheDir(); err == nil || !strings.HasPrefix(err.Error(), "cache folder: ") || !strings.Contains(err.Error(), "; set XDG_CACHE_HOME") {
		t.Error(err)
	}
	t.Setenv("XDG_CACHE_HOME", "/c")
	if dir, err := CacheDir(); err != nil || dir != "/c/fermata/graphs" {
		t.Error(dir, err)
	}
}
