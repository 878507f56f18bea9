package cli

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fermata/app/wer"
)

const speech = "../../testdata/speech/"

// corpus copies sentences of the test speech into a folder.
func corpus(t *testing.T, names ...string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range names {
		b, err := os.ReadFile(speech + name)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// TestEval measures the demo model in both precisions and compares the counts
// with those of transcribe's own text.
func TestEval(t *testing.T) {
	parts := realParts(t)
	folder := corpus(t, "03_dictated_bf_isabella.flac", "09_plain_bm_lewis.flac", "09_plain_bm_lewis.txt")
	// Words that are not said, so that there are mistakes however good the model is.
	if err := os.WriteFile(filepath.Join(folder, "03_dictated_bf_isabella.txt"), []byte("Consider no surgery in 3 months {period}"), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := fermata(t, parts, "eval", "--compare-precision", "--json", folder)
	var r report
	if err := json.Unmarshal([]byte(stdout), &r); err != nil || code != 0 || stderr != "" {
		t.Fatalf("%v, exit code %d, %q: %s", err, code, stderr, stdout)
	}
	if r.Recordings != 2 || r.Failed != 0 || math.Abs(r.Seconds-5.9) > 0.2 || len(r.Configurations) != 2 {
		t.Fatalf("%+v", r)
	}
	var want wer.Counts
	for _, name := range []string{"03_dictated_bf_isabella", "09_plain_bm_lewis"} {
		raw, _, _ := fermata(t, parts, "transcribe", "--raw", speech+name+".flac")
		text, err := os.ReadFile(filepath.Join(folder, name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		want = want.Plus(wer.Count(wer.Align(strings.Fields(wer.Google(string(text))), strings.Fields(wer.Google(raw)))))
	}
	first := r.Configurations[0]
	if first.Google.Counts != want || *first.Google.WER != want.Rate() || *first.Google.Low > *first.Google.WER || *first.Google.High < *first.Google.WER {
		t.Errorf("%+v, want %+v", first.Google, want)
	}
	if first.Decoder != "greedy" || first.Precision != "fp32" || r.Configurations[1].Precision != "int8" || first.LanguageModel != "" || first.Model != "demo" || first.Elapsed <= 0 {
		t.Errorf("%+v", first)
	}
	if want.Errors() == 0 || len(first.Mistakes) == 0 || first.Google.CER == nil || first.Marks.WER == nil || len(first.Files) != 2 {
		t.Errorf("%+v", first)
	}
}

func TestEvalForPeople(t *testing.T) {
	list := write(t, "list.tsv", absolute(t, speech+"03_dictated_bf_isabella.flac")+"\tConsider no surgery in 3 months {period}\n")
	stdout, stderr, code := fermata(t, realParts(t), "eval", "--worst", "1", list)
	if code != 0 || stderr != "" {
		t.Fatal(code, stderr)
	}
	for _, part := range []string{"1 recording, 2.5 s; 0 failed", "decoder  precision  words", "greedy   fp32       7 ", "–", "most often wrong, greedy fp32:\n    1  "} {
		if !strings.Contains(stdout, part) {
			t.Errorf("%q is missing in\n%s", part, stdout)
		}
	}
}

// TestEvalTestSets holds the demonstration model to what it reached on the test
// sets, greedily and with its language model: the errors in per cent of words, and
// one in ten more for another processor's arithmetic.
func TestEvalTestSets(t *testing.T) {
	for set, want := range map[string][2]float64{"a": {18.3, 10.7}, "b": {17.9, 7.9}, "c": {23.1, 14.5}, "d": {14.6, 3.3}} {
		t.Run(set, func(t *testing.T) {
			stdout, stderr, code := fermata(t, realParts(t), "eval", "--json", "--lm", "../../models/demo/checkpoint/lm_6.kenlm", speech+set+".jsonl")
			var r report
			if err := json.Unmarshal([]byte(stdout), &r); err != nil || code != 0 || stderr != "" {
				t.Fatalf("%v, exit code %d, %q", err, code, stderr)
			}
			if len(r.Configurations) != 2 {
				t.Fatalf("%d configurations", len(r.Configurations))
			}
			for i, c := range r.Configurations {
				rate := 100 * *c.Google.WER
				t.Logf("%s: %.1f %% of %d words", c.Decoder, rate, c.Google.Words)
				if rate > 1.1*want[i] {
					t.Errorf("%s: %.1f %% of the words are wrong, %.1f %% when the model was made", c.Decoder, rate, want[i])
				}
			}
		})
	}
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestEvalTellsWhatFails wants the figures of what could be recognised, a line
// for each recording that could not, and exit code 1.
func TestEvalTellsWhatFails(t *testing.T) {
	folder := corpus(t, "03_dictated_bf_isabella.flac", "03_dictated_bf_isabella.txt", "09_plain_bm_lewis.flac")
	for name, content := range map[string]string{"text.wav": "SECRET", "text.txt": "SECRET"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	stdout, stderr, code := fermata(t, realParts(t), "eval", "--compare-precision", folder)
	if code != 1 || !strings.Contains(stdout, "1 recording, 2.5 s; 2 failed") {
		t.Errorf("exit code %d:\n%s", code, stdout)
	}
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	if len(lines) != 2 || strings.Contains(stderr, "SECRET") ||
		!strings.Contains(lines[0], "09_plain_bm_lewis.flac: has no 09_plain_bm_lewis.txt beside it; ") || !strings.Contains(lines[1], "text.wav: ") {
		t.Errorf("said %q", lines)
	}
}

// TestEvalWithoutWords has nothing to be wrong about.
func TestEvalWithoutWords(t *testing.T) {
	list := write(t, "list.jsonl", `{"audio": "`+absolute(t, speech+"03_dictated_bf_isabella.flac")+`", "text": ""}`)
	stdout, stderr, code := fermata(t, realParts(t), "eval", "--json", list)
	if code != 0 || stderr != "" || !strings.Contains(stdout, `"wer": null`) {
		t.Errorf("exit code %d, %q:\n%s", code, stderr, stdout)
	}
	stdout, _, code = fermata(t, realParts(t), "eval", list)
	if code != 0 || !strings.Contains(stdout, "greedy   fp32       0      –") {
		t.Errorf("exit code %d:\n%s", code, stdout)
	}
}

func TestEvalRefuses(t *testing.T) {
	for _, c := range []struct {
		args     []string
		code     int
		sentence string
	}{
		{[]string{"eval"}, 2, "takes one DIR or MANIFEST"},
		{[]string{"eval", "--precision", "int8", "--compare-precision", "x"}, 2, "cannot go together"},
		{[]string{"eval", "--worst", "-1", "x"}, 2, "--worst"},
		{[]string{"eval", "--decoder", "greedy", "--lm", "x", "y"}, 2, "--lm and --decoder greedy cannot go together"},
		{[]string{"eval", "--window", "4s", "--stride", "2s", "x"}, 2, "stride"},
		{[]string{"eval", filepath.Join(t.TempDir(), "none")}, 1, "none: there is no such file"},
		{[]string{"eval", t.TempDir()}, 1, "holds no .wav"},
		{[]string{"eval", write(t, "list.tsv", "SECRET")}, 1, "list.tsv: line 1 is not a path"},
	} {
		wantFailure(t, Parts{}, c.code, c.sentence, c.args...)
	}
}

// TestFailedInOnePrecisionCountsInNone holds the rows of a table to the same
// recordings.
func TestFailedInOnePrecisionCountsInNone(t *testing.T) {
	m := newMeasurement([]utterance{{audio: "a", text: "one two"}, {audio: "b", text: "three"}})
	c := m.add(&Engine{Decoder: greedy, Precision: "fp32"}, greedy)
	c.count(m.corpus[0], "one too", 0)
	c.count(m.corpus[1], "four", 0)
	if got := m.figure(c, 0).words; got != (wer.Counts{Words: 3, Substitutions: 2}) {
		t.Errorf("%+v", got)
	}
	m.corpus[1].told = true
	if got := m.figure(c, 0).words; got != (wer.Counts{Words: 2, Substitutions: 1}) {
		t.Errorf("%+v", got)
	}
	if got := m.mistakes(c, 9); !slices.Equal(got, []wer.Mistake{{Pair: wer.Pair{Reference: "two", Hypothesis: "too"}, Count: 1}}) {
		t.Errorf("%+v", got)
	}
}
