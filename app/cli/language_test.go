package cli

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"fermata/inference/ngram"
)

// lm is a language model of the demo model's pieces.
const lm = "../../models/demo/checkpoint/lm_6.kenlm"

// TestLanguageModel takes a language model through transcribe, decode and eval.
func TestLanguageModel(t *testing.T) {
	parts := realParts(t)
	logits := filepath.Join(t.TempDir(), "scores.npy")
	want := recordOf(t, parts, "transcribe", "--json", "--lm", lm, "--nbest", "8", "--logits", logits, speech+"05_dictated_af_sarah.flac")
	if want.Decoder != "beam" || want.LanguageModel != lm || len(want.Alternatives) < 2 || want.Alternatives[0].Raw != want.Raw {
		t.Errorf("%+v", want)
	}
	without := recordOf(t, parts, "transcribe", "--json", "--nbest", "8", speech+"05_dictated_af_sarah.flac")
	if without.Alternatives[0].Score == want.Alternatives[0].Score || without.LanguageModel != "" {
		t.Error("the language model changes no score")
	}
	got := recordOf(t, parts, "decode", "--json", "--lm", lm, "--nbest", "8", "--logits", logits, "--tokens", tokenizer)
	if !reflect.DeepEqual(got.Alternatives, want.Alternatives) || !reflect.DeepEqual(got.Words, want.Words) || got.LanguageModel != lm {
		t.Errorf("got %+v, want %+v", got.Alternatives, want.Alternatives)
	}

	folder := corpus(t, "03_dictated_bf_isabella.flac", "03_dictated_bf_isabella.txt")
	for _, c := range []struct {
		flags []string
		rows  []string // decoder and language model
	}{
		{[]string{"--lm", lm}, []string{"greedy ", "beam " + lm}},
		{[]string{"--lm", lm, "--decoder", "beam"}, []string{"beam " + lm}},
		{[]string{"--decoder", "greedy"}, []string{"greedy "}},
	} {
		stdout, stderr, code := fermata(t, parts, append([]string{"eval", "--json", folder}, c.flags...)...)
		var r report
		if err := json.Unmarshal([]byte(stdout), &r); err != nil || code != 0 {
			t.Fatal(err, code, stderr)
		}
		var rows []string
		for _, row := range r.Configurations {
			rows = append(rows, row.Decoder+" "+row.LanguageModel)
		}
		if !slices.Equal(rows, c.rows) {
			t.Errorf("%v: %q, want %q", c.flags, rows, c.rows)
		}
	}
}

func TestLanguageModelRefused(t *testing.T) {
	parts := realParts(t)
	scores := "npy/testdata/f4.npy"
	other := filepath.Join(t.TempDir(), "other.kenlm")
	arpa := write(t, "other.arpa", "\\data\\\nngram 1=4\nngram 2=1\n\n\\1-grams:\n-1\t<unk>\t0\n-1\t<s>\t0\n-1\t</s>\t0\n-1\tword\t0\n\n\\2-grams:\n-1\t<s>\tword\n\n\\end\\\n")
	if err := ngram.Convert(t.Context(), arpa, other, nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lm, sentence string }{
		{other, "language model: it knows"},
		{filepath.Join(t.TempDir(), "none.kenlm"), "none.kenlm: "},
		{write(t, "text.kenlm", "dear colleague"), "text.kenlm: "},
	} {
		wantFailure(t, parts, 1, c.sentence, "decode", "--logits", scores, "--tokens", tokenizer, "--lm", c.lm)
		wantFailure(t, parts, 1, c.sentence, "transcribe", "--lm", c.lm, speech+"03_dictated_bf_isabella.flac")
	}
}
