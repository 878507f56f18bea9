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
	e, err := load(t.Context(), cli.Choice{Device: cpuOnly, Windows: inference.GoogleWindows(), Precision: lasr.FP32, Beam: ctc.GoogleBeam()}, false, func(*engine, card.State) {})
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
