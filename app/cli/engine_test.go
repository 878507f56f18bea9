package cli

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fermata/inference"
	"fermata/inference/ctc"
	"fermata/inference/ngram"
	"fermata/inference/onnx"
	"fermata/models/demo"
	"fermata/models/lasr"
)

// The tests run the real ONNX Runtime on the demo model and on the small
// random checkpoints of models/lasr.
const checkpoints = "../../models/lasr/testdata/"

func TestMain(m *testing.M) {
	if os.Getenv("FERMATA_ONNXRUNTIME") == "" { // as the Makefile sets it
		library, err := filepath.Abs("../../build/runtime/libonnxruntime.so.1")
		if err == nil {
			err = os.Setenv("FERMATA_ONNXRUNTIME", library)
		}
		if err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// realParts are the parts behind the commands, with graphs kept in a folder of the test.
func realParts(t *testing.T) Parts {
	cache := t.TempDir()
	return Parts{
		Load:         func(ctx context.Context, c Choice) (*Engine, error) { return realLoad(ctx, c, cache) },
		OpenLanguage: func(_ context.Context, path string, _ func(float64)) (*ngram.Model, error) { return ngram.Open(path) },
	}
}

func realLoad(ctx context.Context, c Choice, cache string) (*Engine, error) {
	fsys, name := demo.FS(), "demo"
	if c.Model != "" {
		fsys, name = os.DirFS(c.Model), filepath.Base(c.Model)
	}
	graph, pieces, network, err := realGraph(ctx, fsys, cache, c.Precision)
	if err != nil {
		return nil, err
	}
	library, err := onnx.Library()
	if err == nil {
		err = onnx.Start(library)
	}
	if err != nil {
		return nil, err
	}
	acoustic, err := onnx.Load(graph, onnx.Options{})
	if err != nil {
		return nil, err
	}
	vocabulary, err := ctc.NewVocabulary(pieces)
	if err != nil {
		return nil, err
	}
	o := c.Windows
	o.Network = network
	e := &Engine{
		Acoustic: acoustic, Vocabulary: vocabulary, Model: name, Device: func() string { return onCPU }, Precision: c.Precision, Decoder: greedy,
		Close: func() error { return errors.Join(acoustic.Close(), onnx.Stop()) },
	}
	if c.Decoder == beam || c.LM != "" {
		e.Decoder, e.Language = beam, c.LM
		o.Decoder = inference.Decoder{Beam: &c.Beam, NBest: c.NBest}
	}
	if c.LM != "" {
		m, err := ngram.Open(c.LM)
		if err != nil {
			return nil, errors.Join(err, e.Close())
		}
		if o.Decoder.Language, err = ctc.NewLanguage(vocabulary, m); err != nil {
			return nil, errors.Join(err, e.Close(), m.Close())
		}
		e.Close = func() error { return errors.Join(acoustic.Close(), onnx.Stop(), m.Close()) }
	}
	e.Recognizer, err = inference.New(acoustic, vocabulary, o)
	return e, err
}

func realGraph(ctx context.Context, fsys fs.FS, cache string, p lasr.Precision) (graph string, pieces []string, n inference.Subsampling, err error) {
	checkpoint, err := lasr.Open(fsys)
	if err != nil {
		return "", nil, n, err
	}
	n.FramesPerRow, n.LeastFrames = checkpoint.Subsampling()
	graph, err = checkpoint.Cached(ctx, cache, p)
	return graph, checkpoint.Pieces(), n, err
}

// fermata runs a command line.
func fermata(t *testing.T, parts Parts, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, loud bytes.Buffer
	code = Run(t.Context(), args, parts, Stdio{In: strings.NewReader(""), Out: &out, Err: &loud})
	return out.String(), loud.String(), code
}

// wantFailure runs a command line that must say one line with sentence and
// nothing else.
func wantFailure(t *testing.T, parts Parts, code int, sentence string, args ...string) {
	t.Helper()
	stdout, stderr, got := fermata(t, parts, args...)
	if got != code || stdout != "" {
		t.Errorf("%v: exit code %d, want %d; printed %q", args, got, code, stdout)
	}
	if strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "fermata: ") || !strings.Contains(stderr, sentence) || !strings.Contains(stderr, "; ") {
		t.Errorf("%v: standard error has %q, want one line with %q that says what to do", args, stderr, sentence)
	}
}

// write makes a file in a folder of the test.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
