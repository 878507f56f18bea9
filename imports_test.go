package main

import (
	"os/exec"
	"strings"
	"testing"
)

// ours lists, for every package, what of ours it may import, and why.
var ours = []struct{ from, may, why string }{
	{"fermata/capture", "", "what a source of samples is needs nothing of what uses it"},
	{"fermata/capture/capturetest", "capture", "the suite that every source runs"},
	{"fermata/capture/mic", "capture", "one source among others"},
	{"fermata/inference/mel", "", "features are arithmetic"},
	{"fermata/inference/ngram", "", "a language model is a table of numbers"},
	{"fermata/inference/ngram/ngramtest", "inference/ngram", "tables at random, for tests and benchmarks"},
	{"fermata/inference/ctc", "inference/ngram", "decoding is arithmetic, with a language model"},
	{"fermata/inference", "inference/mel inference/ctc inference/ngram", "recognition knows no runtime, window, file or microphone"},
	{"fermata/inference/onnx", "inference inference/mel inference/ctc inference/ngram", "one acoustic model among others"},
	{"fermata/inference/card", "inference inference/mel inference/ctc inference/ngram models/keep", "whether a card is believed is decided without knowing any"},
	{"fermata/models/lasr", "", "a checkpoint becomes a graph with nothing else of Fermata"},
	{"fermata/models/lasr/random", "", "weights at random, for benchmarks"},
	{"fermata/models/keep", "", "small files, whatever is in them"},
	{"fermata/models/demo", "", "files"},
	{"fermata/models", "models/lasr models/demo models/keep inference/ngram", "which models there are, without running them"},
	{"fermata/app/note", "", "rules of text"},
	{"fermata/app/spoken", "", "rules of text"},
	{"fermata/app", "app/note app/spoken capture inference inference/mel inference/ctc inference/ngram models/keep", "a dictation sees plain samples and plain tokens"},
	{"fermata/app/wer", "", "rules of text"},
	{"fermata/app/cli/npy", "", "files of numbers"},
	{"fermata/app/cli", "app app/note app/spoken app/wer app/cli/npy capture inference inference/mel inference/ctc inference/ngram models models/lasr models/demo models/keep", "the app without a window; main gives it what needs a device"},
	{"fermata/assets", "", "files"},
	{"fermata/ui/locale", "", "must be initialised before Fyne"},
	{"fermata/ui", "app app/note app/spoken assets capture inference inference/mel inference/ctc inference/ngram models/keep", "the window is a listener"},
}

func TestImportsPointDownwards(t *testing.T) {
	known := map[string]bool{"fermata": true}
	for _, rule := range ours {
		known[rule.from] = true
		allowed := map[string]bool{rule.from: true}
		for _, p := range strings.Fields(rule.may) {
			allowed["fermata/"+p] = true
		}
		for _, dep := range deps(t, rule.from) {
			if strings.HasPrefix(dep, "fermata/") && !allowed[owner(dep)] {
				t.Errorf("%s reaches %s; %s", rule.from, dep, rule.why)
			}
		}
	}
	for _, p := range list(t, "./...") {
		if !known[owner(p)] && !strings.HasPrefix(p, "fermata/build/") && p != "fermata/assets/render" {
			t.Errorf("%s has no rule; say what it may import and why", p)
		}
	}
}

// owner is the package whose internal part p is, or p: what the compiler keeps inside
// a package needs no rule of its own.
func owner(p string) string {
	p, _, _ = strings.Cut(p, "/internal/")
	return p
}

func TestForbiddenImports(t *testing.T) {
	recognition := []string{"fermata/capture/mic", "fermata/inference/onnx", "fermata/inference/card", "fermata/app/cli", "fermata/models"}
	for _, rule := range []struct {
		packages  []string
		forbidden string
		why       string
	}{
		{append([]string{"fermata/ui"}, recognition...), "fyne.io/fyne/v2/app", "main alone starts Fyne's driver, so that the window is tested without a display"},
		{recognition, "fyne.io/fyne/v2", "below the window nobody knows it"},
		// app/cli reaches net by pflag, for flags that are addresses.
		{[]string{"fermata/capture/mic", "fermata/inference/onnx", "fermata/inference/card", "fermata/app", "fermata/models"}, "net", "dictating opens no socket"},
		{recognition, "net/http", "only a download that the user asks for may use the network, and there is none yet"},
		{[]string{"fermata/app", "fermata/capture", "fermata/inference", "fermata/models", "fermata/ui"}, "github.com/gordonklaus/portaudio", "cgo stays in capture/mic"},
		{[]string{"fermata/app", "fermata/capture", "fermata/inference", "fermata/models", "fermata/ui", "fermata/app/cli"}, "github.com/yalue/onnxruntime_go", "cgo stays in inference/onnx"},
	} {
		for _, p := range rule.packages {
			for _, dep := range deps(t, p) {
				if dep == rule.forbidden {
					t.Errorf("%s reaches %s; %s", p, dep, rule.why)
				}
			}
		}
	}
}

// TestNothingSpokenIsLogged holds the packages that see speech or text to
// writing no log at all. The exception is capture, which mutes the log that
// its FLAC decoder writes to; its own test shows that nothing comes out.
func TestNothingSpokenIsLogged(t *testing.T) {
	for _, p := range []string{"app", "app/note", "app/spoken", "app/cli", "app/cli/npy", "app/wer", "capture/mic", "inference", "inference/ctc", "inference/ngram", "inference/mel", "inference/onnx", "inference/card", "ui"} {
		for _, imported := range imports(t, "./"+p) {
			if imported == "log" || imported == "log/slog" {
				t.Errorf("%s imports %s; what passes through it must not reach a log", p, imported)
			}
		}
	}
}

func deps(t *testing.T, p string) []string    { return list(t, "-deps", p) }
func imports(t *testing.T, p string) []string { return list(t, "-f", "{{join .Imports \"\\n\"}}", p) }

func list(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return strings.Fields(string(out))
}
