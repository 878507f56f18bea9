package models

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fermata/inference/ngram"
	"fermata/models/lasr"
)

// arpa is a language model of two orders.
const arpa = "\\data\\\nngram 1=5\nngram 2=2\n\n\\1-grams:\n" +
	"-1.5\t<unk>\n-99\t<s>\t-0.3\n-0.9\t</s>\n-0.6\t#the\t-0.2\n-0.7\tt\t0\n\n" +
	"\\2-grams:\n-0.4\t<s> #the\n-0.5\t#the t\n\n\\end\\\n"

func TestLanguageFile(t *testing.T) {
	home(t)
	for name, c := range map[string]struct {
		files []string
		want  string
	}{
		"none":        {nil, ""},
		"google":      {[]string{"lm_6.arpa.xz", "lm_6.kenlm", "a.kenlm"}, "lm_6.kenlm"},
		"arpa":        {[]string{"lm_6.arpa.xz"}, "lm_6.arpa.xz"},
		"one's own":   {[]string{"radiology.arpa.gz"}, "radiology.arpa.gz"},
		"macOS":       {[]string{"a.kenlm", "._a.kenlm"}, "a.kenlm"},
		"capitals":    {[]string{"LM_6.KENLM"}, "LM_6.KENLM"},
		"one of many": {[]string{"a.kenlm", "b.arpa"}, "."},
	} {
		t.Run(name, func(t *testing.T) {
			files := maps.Clone(whole)
			for _, f := range c.files {
				files[f] = ""
			}
			dir := folder(t, name, files)
			info, err := Find(dir)
			if err != nil {
				t.Fatal(err)
			}
			m, err := info.Open(context.Background(), t.TempDir(), lasr.FP32)
			if err != nil {
				t.Fatal(err)
			}
			if want := filepath.Join(dir, c.want); c.want != "" && m.Language != want || c.want == "" && m.Language != "" {
				t.Errorf("got %q, want %q", m.Language, c.want)
			}
		})
	}
}

// TestLanguageOfFolder opens the only language model of a folder, and says what is
// wrong where there is none, or more than one.
func TestLanguageOfFolder(t *testing.T) {
	home(t)
	for name, c := range map[string]struct {
		files map[string]string
		fail  string
	}{
		"one":  {map[string]string{"a.arpa": arpa}, ""},
		"none": {map[string]string{"a.txt": arpa}, ": holds no language model; "},
		"many": {map[string]string{"a.arpa": arpa, "b.arpa": arpa}, ": holds several language models and none is called lm_6.kenlm; "},
	} {
		dir := folder(t, name, c.files)
		m, err := Language(context.Background(), dir, t.TempDir(), nil)
		if c.fail == "" && err != nil || c.fail != "" && (err == nil || !strings.HasPrefix(err.Error(), dir+c.fail)) {
			t.Errorf("%s: %v, want %q", name, err, c.fail)
		}
		if err == nil {
			_ = m.Close()
		}
	}
}

// TestLanguageIsConvertedOnce opens an ARPA file, which is made into a binary once,
// again after the binary was damaged, and not after it was found sound.
func TestLanguageIsConvertedOnce(t *testing.T) {
	ctx, cache := context.Background(), t.TempDir()
	path := filepath.Join(t.TempDir(), "lm.arpa")
	if err := os.WriteFile(path, []byte(arpa), 0o600); err != nil {
		t.Fatal(err)
	}
	converted := 0
	open := func() *ngram.Model {
		t.Helper()
		began := false
		m, err := Language(ctx, path, cache, func(float64) { began = true })
		if err != nil {
			t.Fatal(err)
		}
		if began {
			converted++
		}
		return m
	}
	m := open()
	if m.Order() != 2 || m.Word("#the") == 0 {
		t.Errorf("order %d, word %d", m.Order(), m.Word("#the"))
	}
	state, next := m.Begin(), ngram.State{}
	if p := m.Score(&state, m.Word("#the"), &next); p != -0.4 {
		t.Errorf("log10 p(#the | <s>) = %g, want -0.4", p)
	}
	closed(t, m)
	closed(t, open())
	if converted != 1 {
		t.Fatalf("converted %d times for two openings", converted)
	}
	made, err := filepath.Glob(filepath.Join(cache, "lm-*.kenlm"))
	if err != nil || len(made) != 1 {
		t.Fatal(made, err)
	}
	if err := os.Truncate(made[0], 100); err != nil {
		t.Fatal(err)
	}
	closed(t, open())
	if converted != 2 {
		t.Error("a damaged binary was not made anew")
	}
}

func closed(t *testing.T, m *ngram.Model) {
	t.Helper()
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}

func TestLanguageFails(t *testing.T) {
	dir := t.TempDir()
	file, text := filepath.Join(dir, "file"), filepath.Join(dir, "lm.arpa")
	for name, content := range map[string]string{file: "", text: arpa} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	none := filepath.Join(dir, "none.arpa")
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Language(ended, text, dir, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	for _, c := range []struct{ path, cache, want string }{
		{none, dir, none + ": there is no such language model; "},
		{dir + "/sub.arpa", dir, dir + "/sub.arpa: "},
		{text, file, file + ": the language model cannot be stored there"},
	} {
		if strings.HasSuffix(c.path, "sub.arpa") {
			if err := os.Mkdir(c.path, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		_, err := Language(context.Background(), c.path, c.cache, nil)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", c.path, err)
		}
	}
}
