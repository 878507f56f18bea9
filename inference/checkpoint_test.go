package inference_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"fermata/inference"
	"fermata/inference/ctc"
	"fermata/inference/ngram"
	"fermata/inference/onnx"
	"fermata/models/lasr"
)

// TestMain stops ONNX Runtime, which fails if a test left a model open.
func TestMain(m *testing.M) {
	code := m.Run()
	if err := onnx.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// recognizer is what the app makes of a checkpoint's folder.
func recognizer(t *testing.T, folder string, o inference.Options) *inference.Recognizer {
	t.Helper()
	startRuntime(t)
	checkpoint, err := lasr.Open(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checkpoint.Cached(context.Background(), t.TempDir(), lasr.FP32)
	if err != nil {
		t.Fatal(err)
	}
	model, err := onnx.Load(graph, onnx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := model.Close(); err != nil {
			t.Error(err)
		}
	})
	o.Network.FramesPerRow, o.Network.LeastFrames = checkpoint.Subsampling()
	vocabulary, err := ctc.NewVocabulary(checkpoint.Pieces())
	if err != nil {
		t.Fatal(err)
	}
	r, err := inference.New(model, vocabulary, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// startRuntime starts ONNX Runtime, of which a process has one.
func startRuntime(t *testing.T) {
	t.Helper()
	library := os.Getenv("FERMATA_ONNXRUNTIME")
	if library == "" {
		library = "../build/runtime/libonnxruntime.so.1"
	}
	if err := onnx.Start(library); err != nil {
		t.Fatal(err)
	}
}

// pieces are those of a checkpoint's vocabulary.
func pieces(t *testing.T, folder string) *ctc.Vocabulary {
	t.Helper()
	checkpoint, err := lasr.Open(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	vocabulary, err := ctc.NewVocabulary(checkpoint.Pieces())
	if err != nil {
		t.Fatal(err)
	}
	return vocabulary
}

// language binds the language model at path to a vocabulary.
func language(t *testing.T, v *ctc.Vocabulary, path string) *ctc.Language {
	t.Helper()
	m, err := ngram.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	l, err := ctc.NewLanguage(v, m)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
