package inference_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"fermata/inference"
	"fermata/inference/ctc"
)

// The demonstration model, and the language model that ships with it.
const (
	demo     = "../models/demo/checkpoint"
	sixgrams = demo + "/lm_6.kenlm"
)

// searching are 3 s windows with a beam search.
func searching(l *ctc.Language) inference.Options {
	beam := ctc.GoogleBeam()
	return inference.Options{
		Window: 3 * inference.SampleRate, Stride: inference.SampleRate / 4,
		Decoder: inference.Decoder{Beam: &beam, Language: l, NBest: 8},
	}
}

// The language model counts: other words are chosen with it, however well the
// scores alone would do, when it weighs three times what it does at Google.
func TestLanguageModelChangesTheText(t *testing.T) {
	samples := clip(t)
	texts := map[string]bool{}
	for _, l := range []*ctc.Language{nil, language(t, pieces(t, demo), sixgrams)} {
		o := searching(l)
		o.Decoder.Beam.Alpha *= 3
		got, err := recognizer(t, demo, o).Transcribe(context.Background(), samples)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Words) == 0 || len(got.Alternatives) < 2 {
			t.Errorf("%d words, %d readings", len(got.Words), len(got.Alternatives))
		}
		texts[got.Raw] = true
	}
	if len(texts) != 2 {
		t.Error("the same text with a language model and without")
	}
}

// A language model whose file is cut short under a dictation is an error, and
// loses nothing: once the file is whole again the dictation goes on.
func TestLanguageModelCutShort(t *testing.T) {
	whole, err := os.ReadFile(sixgrams)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "lm.kenlm")
	write := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(whole)
	ctx := context.Background()
	samples := tile(clip(t), 12*inference.SampleRate)
	r := recognizer(t, demo, searching(language(t, pieces(t, demo), path)))
	want, err := r.Transcribe(ctx, samples)
	if err != nil {
		t.Fatal(err)
	}
	s := r.Stream()
	if err := s.Write(ctx, samples[:len(samples)/2]); err != nil {
		t.Fatal(err)
	}
	write(nil)
	if err := s.Write(ctx, samples[len(samples)/2:]); err == nil {
		t.Error("nothing is said of a language model that is gone")
	}
	if _, err := s.SoFar(ctx); err == nil {
		t.Error("there is a text without the language model")
	}
	write(whole)
	if got, err := s.Finish(ctx); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("with the file whole again: %v", err)
	}
}
