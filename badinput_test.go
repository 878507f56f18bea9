package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fermata runs the command line in a process of its own.
func fermata(t *testing.T, env []string, stdin []byte, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(append(os.Environ(), asFermata+"=1"), env...)
	cmd.Stdin = bytes.NewReader(stdin)
	var out, loud bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &loud
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), loud.String(), cmd.ProcessState.ExitCode()
}

// asFermata makes the test binary be Fermata.
const asFermata = "FERMATA_TEST_AS_FERMATA"

func TestMain(m *testing.M) {
	if os.Getenv(asFermata) != "" {
		os.Exit(run())
	}
	if os.Getenv("FERMATA_ONNXRUNTIME") == "" { // as the Makefile sets it
		library, err := filepath.Abs("build/runtime/libonnxruntime.so.1")
		if err == nil {
			err = os.Setenv("FERMATA_ONNXRUNTIME", library)
		}
		if err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

func TestEachFailureIsOneLine(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := spokenFile
	model := func(spoil func(folder string)) string {
		folder, err := os.MkdirTemp(dir, "model")
		if err == nil {
			err = os.CopyFS(folder, os.DirFS("models/demo/checkpoint"))
		}
		if err != nil {
			t.Fatal(err)
		}
		spoil(folder)
		return folder
	}
	replace := func(name, content string) func(string) {
		return func(folder string) {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	library := os.Getenv("FERMATA_ONNXRUNTIME")
	shortLibrary := file("libonnxruntime.so.1", "\x7fELF cut short")
	for _, c := range []struct {
		name string
		args []string
		env  []string
		code int
		line string // a part of it
	}{
		{"no such file", []string{"transcribe", "nothing.wav"}, nil, 1, "nothing.wav: there is no such file"},
		{"a folder", []string{"transcribe", dir}, nil, 1, "is a folder"},
		{"empty", []string{"transcribe", file("empty.wav", "")}, nil, 1, "empty.wav: "},
		{"text", []string{"transcribe", file("text.wav", strings.Repeat("dear colleague, ", 99))}, nil, 1, "text.wav: "},
		{"headerless", []string{"transcribe", file("raw.wav", strings.Repeat("\x01\xf0\x80\x00", 4000))}, nil, 1, "raw.wav: "},
		{"no samples", []string{"transcribe", file("none.wav", wavHeader(0))}, nil, 1, "none.wav: "},
		{"no model", []string{"transcribe", "--model", filepath.Join(dir, "none"), good}, nil, 1, "none: "},
		{"model without weights", []string{"transcribe", "--model", model(func(f string) { _ = os.Remove(filepath.Join(f, "model.safetensors")) }), good}, nil, 1, "model.safetensors"},
		{"cut weights", []string{"transcribe", "--model", model(func(f string) { _ = os.Truncate(filepath.Join(f, "model.safetensors"), 1<<20) }), good}, nil, 1, "model.safetensors: "},
		{"hostile weights", []string{"transcribe", "--model", model(replace("model.safetensors", "\xff\xff\xff\xff\xff\xff\xff\x7f{}")), good}, nil, 1, "model.safetensors: "},
		{"unknown tokenizer", []string{"transcribe", "--model", model(replace("tokenizer.json", `{"model":{"type":"BPE"}}`)), good}, nil, 1, "tokenizer.json: "},
		{"damaged config", []string{"transcribe", "--model", model(replace("config.json", `{"model_type":`)), good}, nil, 1, "config.json: "},
		{"no ONNX Runtime", []string{"transcribe", good}, []string{"FERMATA_ONNXRUNTIME=" + filepath.Join(dir, "gone.so")}, 1, "gone.so: "},
		{"cut ONNX Runtime", []string{"transcribe", good}, []string{"FERMATA_ONNXRUNTIME=" + shortLibrary}, 1, "libonnxruntime.so.1: "},
		{"cache that is a file", []string{"transcribe", good}, []string{"XDG_CACHE_HOME=" + file("cache", "")}, 1, "cache"},
		{"no display", nil, []string{"DISPLAY=", "WAYLAND_DISPLAY="}, 1, "display: there is none"},
		{"dead display", nil, []string{"DISPLAY=:98765", "WAYLAND_DISPLAY="}, 1, "display :98765: does not answer"},
		{"no file", []string{"transcribe"}, nil, 2, "no FILE was given"},
		{"unknown command", []string{"transcrbie"}, nil, 2, "there is no command"},
		{"unknown flag", []string{"transcribe", "--colour", good}, nil, 2, "unknown flag"},
		{"unknown decoder", []string{"transcribe", "--decoder", "psychic", good}, nil, 2, "--decoder"},
		{"unknown device", []string{"transcribe", "--device", "abacus", good}, nil, 2, "--device"},
		{"no graphics card", []string{"transcribe", "--device", "gpu", good}, []string{"VK_DRIVER_FILES=" + dir, "VK_ICD_FILENAMES=" + dir}, 1, "no graphics card"},
		{"no time", []string{"transcribe", "--window", "long", good}, nil, 2, "is not a time"},
		{"stride too long", []string{"transcribe", "--window", "4s", "--stride", "2s", good}, nil, 2, "stride"},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := append([]string{"FERMATA_ONNXRUNTIME=" + library, "LANG=C", "LC_ALL=C"}, c.env...)
			stdout, stderr, code := fermata(t, env, nil, c.args...)
			if code != c.code || stdout != "" {
				t.Errorf("exit code %d, want %d; standard output %q", code, c.code, stdout)
			}
			if strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "fermata: ") || !strings.Contains(stderr, c.line) {
				t.Errorf("standard error has\n%swant one line with %q", stderr, c.line)
			}
		})
	}
}

// wavHeader is of 16-bit mono at 16 kHz with size bytes of samples, of which
// there follow as many as the caller appends.
func wavHeader(size uint32) string {
	le := func(v uint32, n int) string {
		return string([]byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)}[:n])
	}
	return "RIFF" + le(36+size, 4) + "WAVEfmt " + le(16, 4) + le(1, 2) + le(1, 2) + le(16000, 4) + le(32000, 4) + le(2, 2) + le(16, 2) + "data" + le(size, 4)
}

// TestTruncatedIsTranscribed wants the text of what is there, the line that
// says what is missing, and the exit code of a failure.
func TestTruncatedIsTranscribed(t *testing.T) {
	pcm, err := exec.Command("sox", spokenFile, "-t", "raw", "-e", "signed", "-b", "16", "-").Output()
	if err != nil {
		t.Fatal("sox:", err)
	}
	whole := wavHeader(uint32(len(pcm))) + string(pcm)
	want, _, _ := fermata(t, nil, []byte(whole), "transcribe", "-")
	cut := wavHeader(uint32(len(pcm)+64000)) + string(pcm)
	stdout, stderr, code := fermata(t, nil, []byte(cut), "transcribe", "-")
	if stdout != want || len(want) < 10 {
		t.Errorf("printed %q, want %q", stdout, want)
	}
	if code != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "2.0 s") {
		t.Errorf("exit code %d, standard error %q; want 1 and one line that says 2.0 s are missing", code, stderr)
	}
}

// TestRecord holds --json to its names, and --features and --logits to shapes.
func TestRecord(t *testing.T) {
	dir := t.TempDir()
	features, logits := filepath.Join(dir, "f.npy"), filepath.Join(dir, "l.npy")
	stdout, stderr, code := fermata(t, nil, nil, "transcribe", "--json", "--features", features, "--logits", logits, spokenFile)
	if code != 0 || stderr != "" {
		t.Fatal(code, stderr)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || strings.Count(stdout, "\n") != 1 {
		t.Fatalf("%q: %v", stdout, err)
	}
	for _, name := range []string{"file", "duration", "model", "device", "precision", "text", "raw", "tokens"} {
		if _, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		}
	}
	end := 0.0
	for _, tok := range got["tokens"].([]any) {
		tok := tok.(map[string]any)
		if tok["start"].(float64) < end || tok["confidence"].(float64) > 1 || tok["end"].(float64) > got["duration"].(float64) {
			t.Errorf("token %v follows %v s", tok, end)
		}
		end = tok["end"].(float64)
	}
	for name, width := range map[string]string{features: ", 128)", logits: ", 512)"} {
		b, err := os.ReadFile(name)
		if err != nil || !bytes.HasPrefix(b, []byte("\x93NUMPY\x01\x00")) || !strings.Contains(string(b[:128]), width) {
			t.Errorf("%s: %v, begins %q", name, err, b[:min(128, len(b))])
		}
	}
}

// TestNothingLeaves watches a recognition's system calls: no socket to any
// network, and none of the session files (.ses) that ONNX Runtime's telemetry
// keeps.
func TestNothingLeaves(t *testing.T) {
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.Command("strace", "-f", "-qq", "-e", "trace=%network,openat", "-o", trace, os.Args[0], "transcribe", spokenFile)
	cmd.Env = append(os.Environ(), asFermata+"=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("strace: %v\n%s", err, out)
	}
	calls, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(calls), "libonnxruntime") {
		t.Error("the trace does not even show ONNX Runtime being loaded")
	}
	for line := range strings.Lines(string(calls)) {
		if strings.Contains(line, "AF_INET") || strings.Contains(line, ".ses\"") {
			t.Error(line)
		}
	}
}

// TestTooShort wants no text, no failure and arrays of no rows.
func TestTooShort(t *testing.T) {
	logits := filepath.Join(t.TempDir(), "l.npy")
	short := wavHeader(4000) + strings.Repeat("\x10\x00", 2000)
	stdout, stderr, code := fermata(t, nil, []byte(short), "transcribe", "--logits", logits, "-")
	if stdout != "\n" || stderr != "" || code != 0 {
		t.Errorf("printed %q, %q, exit code %d; want an empty line", stdout, stderr, code)
	}
	if b, err := os.ReadFile(logits); err != nil || !strings.Contains(string(b), "(0, 512)") {
		t.Errorf("%q, %v; want no rows of 512", b, err)
	}
}
