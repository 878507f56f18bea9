package lasr

import (
	"os"
	"slices"
	"strings"
	"testing"
)

const small = `{"added_tokens":[{"id":3,"content":"<pad>"},{"id":4,"content":"<extra_id_0>"}],"model":{"type":"Unigram","vocab":[["<epsilon>",0],["</s>",0.5],["▁a",-1e3]]}}`

func TestReadTokenizer(t *testing.T) {
	pieces, err := ReadTokenizer([]byte(small))
	if want := []string{"<epsilon>", "</s>", "▁a"}; err != nil || !slices.Equal(pieces, want) {
		t.Errorf("%q, %v", pieces, err)
	}
	pieces, err = readTokenizer([]byte(small), 4)
	if want := []string{"<epsilon>", "</s>", "▁a", "<pad>"}; err != nil || !slices.Equal(pieces, want) {
		t.Errorf("with the added token the head has: %q, %v", pieces, err)
	}
}

func TestReadTokenizerRefuses(t *testing.T) {
	model := func(s string) string { return `{"model":` + s + `}` }
	for text, want := range map[string]string{
		"":                                      "cannot be understood",
		"{}":                                    `type ""`,
		model(`{"type":"BPE","vocab":{"a":1}}`): `type "BPE"`,
		model(`{"type":"Unigram"}`):             "vocabulary cannot be understood",
		model(`{"type":"Unigram","vocab":{"a":1}}`):                     "vocabulary cannot be understood",
		model(`{"type":"Unigram","vocab":[]}`):                          "has 0 pieces",
		model(`{"type":"Unigram","vocab":[["a",0]]}`):                   `piece 0 is "a", not the blank`,
		model(`{"type":"Unigram","vocab":[["<epsilon>"]]}`):             "vocabulary cannot be understood",
		model(`{"type":"Unigram","vocab":[["<epsilon>",0],[1,0]]}`):     "vocabulary cannot be understood",
		model(`{"type":"Unigram","vocab":[["<epsilon>",0],[null,0]]}`):  "vocabulary cannot be understood",
		model(`{"type":"Unigram","vocab":[["<epsilon>",0],["a","b"]]}`): "vocabulary cannot be understood",
	} {
		_, err := ReadTokenizer([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), "tokenizer.json: ") || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "; ") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestReadTokens(t *testing.T) {
	want := []string{"<blk>", "<s>", "▁", " ", "a b"}
	for name, text := range map[string]string{
		"unix":      "<blk> 0\n<s> 1\n▁ 2\n  3\na b 4\n",
		"no end":    "<blk> 0\n<s> 1\n▁ 2\n  3\na b 4",
		"dos":       "\ufeff<blk> 0\r\n<s> 1\r\n▁ 2\r\n  3\r\na b 4\r\n",
		"any order": "▁ 2\na b 4\n\n  3\n<s> 1\n<blk> 0\n",
		"tabs":      "<blk>\t0\n<s>\t1\n▁\t2\n \t3\na b\t4\n",
	} {
		if got, err := ReadTokens([]byte(text)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestReadTokensRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "has 0 pieces",
		"a 0":                    `piece 0 is "a"`,
		"hello":                  "line 1",
		"<blk> 0\nb x":           "line 2",
		"<blk> 0\nb -1":          "line 2",
		"<blk> 0\nb 99999999999": "line 2",
		"<blk> 0\na 0":           "number 0 stands there twice",
		"<blk> 0\na 2":           "number 1 is missing",
	} {
		_, err := ReadTokens([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), "tokens.txt: ") || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "; ") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzTokenizer(f *testing.F) {
	f.Add([]byte(small))
	b, err := os.ReadFile("testdata/a/tokenizer.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) { fuzzPieces(t, ReadTokenizer, b) })
}

func FuzzTokens(f *testing.F) {
	f.Add([]byte("<blk> 0\n<s> 1\n▁ 2\n"))
	f.Fuzz(func(t *testing.T, b []byte) { fuzzPieces(t, ReadTokens, b) })
}

func fuzzPieces(t *testing.T, read func([]byte) ([]string, error), b []byte) {
	pieces, err := read(b)
	switch {
	case err == nil && (len(pieces) == 0 || !slices.Contains(blanks, pieces[0])):
		t.Errorf("%q has no blank", pieces)
	case err != nil && strings.Contains(err.Error(), "\n"):
		t.Errorf("two lines: %q", err)
	}
}
