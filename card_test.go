package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fermata/app/cli"
	"fermata/capture"
	"fermata/inference"
	"fermata/inference/card"
	"fermata/inference/ctc"
	"fermata/models/lasr"
)

// onSoftware is an environment whose only graphics card is SwiftShader, and whose
// cache is empty.
func onSoftware(t *testing.T) []string {
	t.Helper()
	file := os.Getenv("FERMATA_SWIFTSHADER")
	if file == "" {
		file = "build/swiftshader/vk_swiftshader_icd.json"
	}
	file, err := filepath.Abs(file)
	if err == nil {
		_, err = os.Stat(file)
	}
	if err != nil {
		t.Fatalf("%v; run tools/swiftshader", err)
	}
	return []string{"VK_DRIVER_FILES=" + file, "VK_ICD_FILENAMES=" + file, "VK_LOADER_LAYERS_DISABLE=~all~", "XDG_CACHE_HOME=" + t.TempDir()}
}

// TestSoftwareCard goes the command line's whole way: what is no card is refused
// without a word, and what is refused can be had by who asks for it, with the
// same text.
func TestSoftwareCard(t *testing.T) {
	env := onSoftware(t)
	file := "testdata/speech/03_dictated_bf_isabella.flac"
	record := func(device ...string) (r struct {
		Device string
		Tokens []any
	},
	) {
		t.Helper()
		args := append([]string{"transcribe", "--json", "--model", "models/lasr/testdata/a"}, device...)
		stdout, stderr, code := fermata(t, env, nil, append(args, file)...)
		if code != 0 || stderr != "" {
			t.Fatalf("%q: exit code %d, %q", device, code, stderr)
		}
		if err := json.Unmarshal([]byte(stdout), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	listed := func() string {
		t.Helper()
		stdout, stderr, code := fermata(t, env, nil, "devices")
		if code != 0 || stderr != "" || !strings.Contains(stdout, "webgpu:0") {
			t.Fatalf("exit code %d, %q, %q", code, stdout, stderr)
		}
		return stdout
	}
	if got := listed(); !strings.Contains(got, "not checked yet") {
		t.Errorf("before the check: %s", got)
	}
	want := record("--device", "cpu")
	if want.Device != "cpu" || len(want.Tokens) == 0 {
		t.Fatalf("%+v", want)
	}
	for range 2 { // checked, and remembered
		if got := record(); !reflect.DeepEqual(got, want) {
			t.Errorf("auto: %+v, want %+v", got, want)
		}
	}
	if got := listed(); !strings.Contains(got, "using the CPU: the graphics driver is a software one (") || !strings.Contains(got, " times slower)") {
		t.Errorf("after it: %s", got)
	}
	for _, device := range []string{"gpu", "webgpu:0"} {
		got := record("--device", device)
		if got.Device != "webgpu:0" || !sameTokens(got.Tokens, want.Tokens) {
			t.Errorf("%s: %+v, want %+v", device, got, want)
		}
	}
}

// TestBrokenDriver wants the text without a word, the reason in the list, and a
// line for who asks for a card.
func TestBrokenDriver(t *testing.T) {
	folder := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	want, _, _ := fermata(t, nil, nil, "transcribe", "--device", "cpu", spokenFile)
	for name, driver := range map[string]string{
		"no file":    filepath.Join(folder, "none.json"),
		"no JSON":    write("text.json", "this is no JSON"),
		"no library": write("library.json", `{"file_format_version": "1.0.0", "ICD": {"library_path": "/none.so", "api_version": "1.1.0"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			env := []string{"VK_DRIVER_FILES=" + driver, "VK_ICD_FILENAMES=" + driver}
			if stdout, stderr, code := fermata(t, env, nil, "transcribe", spokenFile); code != 0 || stderr != "" || stdout != want || want == "" {
				t.Errorf("auto: exit code %d, %q, %q, want %q", code, stderr, stdout, want)
			}
			if stdout, stderr, code := fermata(t, env, nil, "devices"); code != 0 || stderr != "" || !strings.Contains(stdout, "\nno graphics card: ") {
				t.Errorf("devices: exit code %d, %q, %q", code, stderr, stdout)
			}
			if stdout, stderr, code := fermata(t, env, nil, "transcribe", "--device", "gpu", spokenFile); code != 1 || stdout != "" ||
				!strings.HasPrefix(stderr, "fermata: no graphics card: ") || strings.Count(stderr, "\n") != 1 {
				t.Errorf("gpu: exit code %d, %q, %q", code, stderr, stdout)
			}
		})
	}
}

// sameTokens compares all but confidences, which are in their last digits the
// card's own.
func sameTokens(a, b []any) bool {
	return slices.EqualFunc(a, b, func(a, b any) bool {
		x, y := a.(map[string]any), b.(map[string]any)
		return x["id"] == y["id"] && x["piece"] == y["piece"] && x["start"] == y["start"] && x["end"] == y["end"]
	})
}

// TestDemoOnSoftwareCard recognises with the demo model on SwiftShader. It does not
// check the card first, which takes that half a minute.
func TestDemoOnSoftwareCard(t *testing.T) {
	for _, variable := range onSoftware(t) {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	file, err := os.Open("testdata/speech/03_dictated_bf_isabella.flac")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	audio, err := capture.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	e, err := load(t.Context(), cli.Choice{Device: cpuOnly, Windows: inference.GoogleWindows(), Precision: lasr.FP32, Decoder: "greedy", Beam: ctc.GoogleBeam()}, false, func(*engine, card.State) {})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := stopped(e.close()); err != nil {
			t.Error(err)
		}
	}()
	want, err := e.Transcribe(t.Context(), audio.Samples)
	if err != nil || len(want.Tokens) == 0 {
		t.Fatal(want, err)
	}
	found, err := e.find(bestCard, nil)
	if err != nil || len(found) != 1 || !found[0].Software {
		t.Fatalf("%+v, %v", found, err)
	}
	model, err := found[0].Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = model.Close() }()
	r, err := inference.New(model, e.vocabulary, inference.GoogleWindows())
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Transcribe(t.Context(), audio.Samples)
	if err != nil || got.Raw != want.Raw || len(got.Tokens) != len(want.Tokens) {
		t.Errorf("%q, %v, want %q", got.Raw, err, want.Raw)
	}
	for i := range min(len(got.Tokens), len(want.Tokens)) {
		g, w := got.Tokens[i], want.Tokens[i]
		g.Confidence, w.Confidence = 0, 0
		if g != w {
			t.Errorf("token %d is %+v, want %+v", i, g, w)
		}
	}
}
