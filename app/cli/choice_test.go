package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"fermata/inference"
	"fermata/inference/ctc"
	"fermata/models/lasr"
)

// asked runs a command line as far as the model's loading and returns what was
// asked for.
func asked(t *testing.T, args ...string) Choice {
	t.Helper()
	var got *Choice
	parts := Parts{Cards: twoCards, Load: func(_ context.Context, c Choice) (*Engine, error) {
		got = &c
		return nil, errors.New("model: is not loaded in this test; do not")
	}}
	_, stderr, code := fermata(t, parts, args...)
	if got == nil || code != 1 {
		t.Fatalf("%v: nothing was loaded; exit code %d, %q", args, code, stderr)
	}
	got.Progress, got.Notice = nil, nil
	return *got
}

func TestChoice(t *testing.T) {
	google := Choice{Windows: inference.GoogleWindows(), Precision: lasr.FP32, Beam: ctc.GoogleBeam()}
	with := func(change func(*Choice)) Choice {
		c := google
		change(&c)
		return c
	}
	list := write(t, "list.tsv", "a.wav\tone\n")
	for _, c := range []struct {
		args []string
		want Choice
	}{
		{[]string{"transcribe", "x"}, google},
		{[]string{"transcribe", "--decoder", "greedy", "x"}, with(func(c *Choice) { c.Decoder = greedy })},
		{[]string{"transcribe", "--decoder", "beam", "x"}, with(func(c *Choice) { c.Decoder = beam })},
		{[]string{"transcribe", "--lm", "l.kenlm", "x"}, with(func(c *Choice) { c.Decoder, c.LM = beam, "l.kenlm" })},
		{[]string{"transcribe", "--beam", "16", "--nbest", "10", "x"}, with(func(c *Choice) { c.Decoder, c.Beam.Width, c.NBest = beam, 16, 10 })},
		{[]string{"transcribe", "--alpha", "0.3", "--beta", "-1", "x"}, with(func(c *Choice) { c.Decoder, c.Beam.Alpha, c.Beam.Beta = beam, 0.3, -1 })},
		{[]string{"transcribe", "--precision", "int8", "--model", "m", "--window", "0", "x"}, with(func(c *Choice) { c.Precision, c.Model, c.Windows.Window = lasr.Int8, "m", 0 })},
		{[]string{"eval", "--lm", "l.arpa", "--precision", "int8", list}, with(func(c *Choice) { c.Decoder, c.LM, c.Precision = beam, "l.arpa", lasr.Int8 })},
		{[]string{"eval", list}, google},
		{[]string{"transcribe", "--device", "auto", "x"}, google},
		{[]string{"transcribe", "--device", "cpu", "x"}, with(func(c *Choice) { c.Device = "cpu" })},
		{[]string{"eval", "--device", "gpu", list}, with(func(c *Choice) { c.Device = "gpu" })},
		{[]string{"transcribe", "--device", "webgpu:1", "x"}, with(func(c *Choice) { c.Device = "webgpu:1" })},
		{[]string{"transcribe", "--device", "radeon 780m", "x"}, with(func(c *Choice) { c.Device = "webgpu:1" })},
	} {
		if got := asked(t, c.args...); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: %+v, want %+v", c.args, got, c.want)
		}
	}
	for _, c := range []struct {
		args     []string
		sentence string
	}{
		{[]string{"transcribe", "--decoder", "", "x"}, "--decoder cannot be"},
		{[]string{"transcribe", "--decoder", "greedy", "--lm", "l", "x"}, "--lm and --decoder greedy cannot go together"},
		{[]string{"transcribe", "--decoder", "greedy", "--nbest", "2", "x"}, "--nbest and --decoder greedy cannot go together"},
		{[]string{"transcribe", "--lm", "", "x"}, "--lm needs the name of a file"},
		{[]string{"transcribe", "--nbest", "-1", "x"}, "--nbest cannot be -1"},
		{[]string{"eval", "--nbest", "2", list}, "unknown flag"},
		{[]string{"transcribe", "--beam", "2000", "x"}, "width"},
		{[]string{"transcribe", "--precision", "fp16", "x"}, `--precision cannot be "fp16", only fp32 or int8`},
		{[]string{"transcribe", "--device", "abacus", "x"}, `--device cannot be "abacus", only auto or cpu or gpu`},
	} {
		wantFailure(t, Parts{}, 2, c.sentence, c.args...)
	}
}

// TestPrecisionThatIsNotThere takes what an export has, unless the other was
// named.
func TestPrecisionThatIsNotThere(t *testing.T) {
	parts := Parts{Load: func(context.Context, Choice) (*Engine, error) {
		return &Engine{Model: "export", Precision: lasr.Int8, Close: func() error { return nil }}, nil
	}}
	list := write(t, "list.tsv", "none.wav\tone\n")
	for _, args := range [][]string{
		{"transcribe", "--precision", "fp32", "none.wav"},
		{"verify", "--precision", "fp32", references + "a.npz"},
		{"eval", "--precision", "fp32", list},
		{"eval", "--compare-precision", list},
	} {
		wantFailure(t, parts, 1, "export: comes in int8 alone; leave --precision away", args...)
	}
	wantFailure(t, parts, 1, "none.wav: there is no such file", "transcribe", "none.wav")
}

// TestHelpShowsExamples holds every command to a help with examples.
func TestHelpShowsExamples(t *testing.T) {
	for _, name := range []string{"transcribe", "decode", "eval", "verify", "bench"} {
		stdout, stderr, code := fermata(t, Parts{}, name, "--help")
		if code != 0 || stderr != "" || !strings.Contains(stdout, "Examples:\n  ") || !strings.Contains(stdout, "  fermata "+name+" ") {
			t.Errorf("%s: exit code %d, %q\n%s", name, code, stderr, stdout)
		}
		for line := range strings.Lines(stdout) {
			if strings.Contains(line, "stringFILE") || strings.Contains(line, "%!") {
				t.Errorf("%s: %q", name, line)
			}
		}
	}
}

// TestProgressIsForTerminals wants nothing of it in files and pipes.
func TestProgressIsForTerminals(t *testing.T) {
	var pipe bytes.Buffer
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	p := newProgress(&pipe)
	p.say("%d of %d", 1, 2)
	p.clear()
	q := newProgress(file)
	q.say("half")
	q.clear()
	info, err := file.Stat()
	if err != nil || pipe.Len() > 0 || info.Size() > 0 {
		t.Errorf("%v, %q, %d bytes", err, pipe.String(), info.Size())
	}
	var screen bytes.Buffer
	s := &progress{w: &screen}
	s.part("preparing", 0.5)
	s.part("preparing", -1)
	s.clear()
	if got := screen.String(); got != "\r\x1b[Kpreparing, 50 %\r\x1b[Kpreparing\r\x1b[K" {
		t.Errorf("%q", got)
	}
	screen.Reset()
	s.bar("fp32", 1, 3)
	s.clear()
	s.clear()
	if got := screen.String(); got != "\r\x1b[Kfp32  "+strings.Repeat("█", 10)+strings.Repeat("░", 20)+"  1 of 3\r\x1b[K" {
		t.Errorf("%q", got)
	}
}
