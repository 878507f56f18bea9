package cli

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"fermata/app/cli/npy"
)

const tokenizer = "../../models/demo/checkpoint/tokenizer.json"

// TestDecodeIsTranscribesOwn decodes the scores that transcribe writes, and
// wants its record, but for what scores do not tell.
func TestDecodeIsTranscribesOwn(t *testing.T) {
	parts := realParts(t)
	logits := filepath.Join(t.TempDir(), "scores.npy")
	for _, c := range [][]string{{"--decoder", "greedy"}, {"--decoder", "beam", "--nbest", "3"}} {
		want := recordOf(t, parts, append([]string{"transcribe", "--json", "--logits", logits, speech + "12_long_plain.flac"}, c...)...)
		got := recordOf(t, parts, append([]string{"decode", "--json", "--logits", logits, "--tokens", tokenizer}, c...)...)
		if math.Abs(got.Duration-want.Duration) > 0.2 || got.File != logits || got.Decoder != c[1] {
			t.Errorf("%+v", got)
		}
		want.File, want.Model, want.Device, want.Precision, want.Duration = got.File, "", "", "", got.Duration
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%v: got\n%+v\nwant\n%+v", c, got, want)
		}
		if len(want.Words) < 10 || (len(want.Alternatives) > 0) != (c[1] == "beam") {
			t.Errorf("%v: %d words, %d alternatives", c, len(want.Words), len(want.Alternatives))
		}
	}
}

func recordOf(t *testing.T, parts Parts, args ...string) record {
	t.Helper()
	stdout, stderr, code := fermata(t, parts, args...)
	var r record
	if err := json.Unmarshal([]byte(stdout), &r); err != nil || code != 0 || stderr != "" {
		t.Fatalf("%v: %v, exit code %d, %q: %s", args, err, code, stderr, stdout)
	}
	return r
}

// array writes rows of scores over <epsilon>, ▁a, b and {period}, one that wins
// by 5 in each row.
func array(t *testing.T, change func(values []float32), best ...int) string {
	t.Helper()
	const width = 4
	values := make([]float32, len(best)*width)
	for row, id := range best {
		values[row*width+id] = 5
	}
	if change != nil {
		change(values)
	}
	var b bytes.Buffer
	if err := npy.Write(&b, values, width); err != nil {
		t.Fatal(err)
	}
	return write(t, "s.npy", b.String())
}

const pieces = "<blk> 0\n▁a 1\nb 2\n▁{period} 3\n"

func TestDecodePrints(t *testing.T) {
	tokens := write(t, "tokens.txt", pieces)
	rows := []int{1, 1, 2, 0, 2, 3}
	logProbabilities := func(values []float32) {
		for row := range len(values) / 4 {
			for i := range 4 {
				v := &values[row*4+i]
				*v -= float32(math.Log(math.Exp(5) + 3))
				if i == (row+1)%4 && *v < -1 {
					*v = float32(math.Inf(-1)) // log 0
				}
			}
		}
	}
	for name, c := range map[string]struct {
		logits string
		flags  []string
		want   string
	}{
		"written":           {array(t, nil, rows...), nil, "abb.\n"},
		"raw":               {array(t, nil, rows...), []string{"--raw"}, "abb {period}\n"},
		"beam":              {array(t, nil, rows...), []string{"--decoder", "beam"}, "abb.\n"},
		"log-probabilities": {array(t, logProbabilities, rows...), nil, "abb.\n"},
		"the same, beam":    {array(t, logProbabilities, rows...), []string{"--beam", "4"}, "abb.\n"},
		"one row":           {array(t, nil, 1), nil, "a\n"},
		"no rows":           {array(t, nil), nil, "\n"},
		"no rows, beam":     {array(t, nil), []string{"--decoder", "beam"}, "\n"},
	} {
		stdout, stderr, code := fermata(t, Parts{}, append([]string{"decode", "--logits", c.logits, "--tokens", tokens}, c.flags...)...)
		if stdout != c.want || stderr != "" || code != 0 {
			t.Errorf("%s: printed %q, want %q; %q, exit code %d", name, stdout, c.want, stderr, code)
		}
	}
	r := recordOf(t, Parts{}, "decode", "--json", "--logits", array(t, nil, rows...), "--tokens", tokens)
	if r.Duration != 0.24 || len(r.Tokens) != 4 || r.Tokens[1].Start != 0.08 || r.Tokens[1].End != 0.12 || len(r.Words) != 2 || r.Words[1].Text != "{period}" || r.Words[1].End != 0.24 {
		t.Errorf("%+v", r)
	}
}

func TestDecodeRefuses(t *testing.T) {
	tokens := write(t, "tokens.txt", pieces)
	good := array(t, nil, 1, 2)
	to := func(v float32) func([]float32) { return func(values []float32) { values[5] = v } }
	probabilities := func(values []float32) {
		for i := range values {
			values[i] = 0.25
		}
	}
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	decode := func(logits, tokens string, more ...string) []string {
		return append([]string{"decode", "--logits", logits, "--tokens", tokens}, more...)
	}
	for name, c := range map[string]struct {
		args     []string
		code     int
		sentence string
	}{
		"no scores":         {[]string{"decode", "--tokens", tokens}, 2, "--logits is needed"},
		"no tokens":         {[]string{"decode", "--logits", good}, 2, "--tokens is needed"},
		"argument":          {append(decode(good, tokens), "more"), 2, "takes no argument"},
		"raw and JSON":      {decode(good, tokens, "--raw", "--json"), 2, "cannot go together"},
		"unknown decoder":   {decode(good, tokens, "--decoder", "psychic"), 2, "--decoder cannot be"},
		"greedy with lm":    {decode(good, tokens, "--decoder", "greedy", "--lm", "x.kenlm"), 2, "--lm and --decoder greedy"},
		"greedy with beam":  {decode(good, tokens, "--decoder", "greedy", "--beam", "9"), 2, "--beam and --decoder greedy"},
		"no beam":           {decode(good, tokens, "--beam", "0"), 2, "width"},
		"alpha":             {decode(good, tokens, "--alpha", "NaN"), 2, "alpha"},
		"more than beam":    {decode(good, tokens, "--nbest", "9"), 2, "--nbest cannot be 9"},
		"no file":           {decode("none.npy", tokens), 1, "none.npy: there is no such file"},
		"folder":            {decode(t.TempDir(), tokens), 1, "is a folder"},
		"text":              {decode(tokens, tokens), 1, "tokens.txt: is not a NumPy array"},
		"cut":               {decode(write(t, "cut.npy", string(whole[:len(whole)-2])), tokens), 1, "cut.npy: ends after 7 of 8 values"},
		"object":            {decode("npy/testdata/refused_object.npy", tokens), 1, "Python objects"},
		"shape":             {decode("npy/testdata/f4_batch_fortran.npy", tokens), 1, "array of shape (2, 3, 4)"},
		"wider than tokens": {decode("npy/testdata/f4.npy", tokens), 1, "f4.npy: has rows of 5 scores but tokens.txt only 4 pieces"},
		"NaN":               {decode(array(t, to(float32(math.NaN())), 1, 2), tokens), 1, "row 1 has a score that is no number"},
		"infinite":          {decode(array(t, to(float32(math.Inf(1))), 1, 2), tokens), 1, "row 1 has a score that is no number"},
		"probabilities":     {decode(array(t, probabilities, 1, 2), tokens), 1, "holds probabilities"},
		"no token file":     {decode(good, "none.txt"), 1, "none.txt: there is no such file"},
		"tokens damaged":    {decode(good, write(t, "t.txt", "<blk> 0\nx")), 1, "t.txt: line 2"},
		"tokenizer damaged": {decode(good, write(t, "t.json", "{")), 1, "t.json: cannot be understood"},
		"no blank":          {decode(good, write(t, "t.txt", "a 0\nb 1\n")), 1, "t.txt: piece 0"},
		"tokens a folder":   {decode(good, t.TempDir()), 1, "is not a list of pieces"},
	} {
		t.Run(name, func(t *testing.T) { wantFailure(t, Parts{}, c.code, c.sentence, c.args...) })
	}
}

// TestDecodeLayouts reads the same scores in every type and layout.
func TestDecodeLayouts(t *testing.T) {
	tokens := write(t, "tokens.txt", "<blk> 0\n▁a 1\nb 2\nc 3\nd 4\n")
	want, _, _ := fermata(t, Parts{}, "decode", "--logits", "npy/testdata/f4.npy", "--tokens", tokens)
	if strings.TrimSpace(want) == "" {
		t.Fatal("no text")
	}
	for _, name := range []string{"f2", "f2_big", "f4_big", "f4_batch", "f4_fortran", "f8", "f8_fortran"} {
		if got, stderr, _ := fermata(t, Parts{}, "decode", "--logits", "npy/testdata/"+name+".npy", "--tokens", tokens); got != want {
			t.Errorf("%s: %q, %q, want %q", name, got, stderr, want)
		}
	}
}
