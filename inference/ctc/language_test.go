package ctc

import (
	"slices"
	"strings"
	"testing"

	"fermata/inference/ngram"
)

func TestLanguageKnowsItsPieces(t *testing.T) {
	_, v := readGolden(t)
	l := language(t, v, 6)
	if l.Known() < 0.94 || l.Known() > 0.97 { // one piece in 23 was left out of it
		t.Errorf("%v of the pieces are known", l.Known())
	}
	for _, c := range []struct {
		piece string
		known bool
	}{{"▁", true}, {"▁the", true}, {"s", true}, {"</s>", true}, {"<epsilon>", false}} {
		if got := l.words[slices.Index(v.pieces, c.piece)] != 0; got != c.known {
			t.Errorf("%q: known is %v, want %v", c.piece, got, c.known)
		}
	}
}

// A vocabulary whose spaces are not where the model expects them is the mistake
// this guards against: the model then makes the text worse, and nobody sees why.
func TestLanguageOfAnotherVocabularyIsRefused(t *testing.T) {
	_, v := readGolden(t)
	m, err := ngram.Open("testdata/lm_2.kenlm")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Close() }()
	spell := func(change func(string) string) []string {
		pieces := slices.Clone(v.pieces)
		for id := range pieces {
			if v.Shown(id) {
				pieces[id] = change(pieces[id])
			}
		}
		return pieces
	}
	for name, pieces := range map[string][]string{
		"spaces as spaces":     spell(func(p string) string { return strings.ReplaceAll(p, "▁", " ") }),
		"spaces as underlines": spell(func(p string) string { return strings.ReplaceAll(p, "▁", "_") }),
		"no spaces":            spell(func(p string) string { return strings.ReplaceAll(p, "▁", "") }),
		"capitals":             spell(strings.ToUpper),
		"marks at the end": spell(func(p string) string {
			if rest, ok := strings.CutPrefix(p, "▁"); ok {
				return rest
			}
			return p + "▁"
		}),
		"only special pieces": {"<epsilon>", "<s>", "</s>", "<unk>"},
	} {
		other, err := NewVocabulary(pieces)
		if err != nil {
			t.Fatal(err)
		}
		_, err = NewLanguage(other, m)
		if err == nil || !strings.HasPrefix(err.Error(), "language model: it knows ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want one line that says how many pieces are known", name, err)
		}
	}
}
