package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParseManifest(t *testing.T) {
	for name, c := range map[string]struct {
		manifest string
		want     []utterance
		sentence string
	}{
		"table":            {"a.wav\tone two\nb.wav\tthree\n", []utterance{{audio: "a.wav", text: "one two"}, {audio: "b.wav", text: "three"}}, ""},
		"Windows":          {"\ufeffa.wav\tone \r\n\r\nb.wav\ttwo\r\n", []utterance{{audio: "a.wav", text: "one"}, {audio: "b.wav", text: "two"}}, ""},
		"names":            {"path\ttext\na.wav\tone\n", []utterance{{audio: "a.wav", text: "one"}}, ""},
		"other names":      {"client_id\tPath\tsentence\tage\nx\ta.wav\tone\tforties\n", []utterance{{audio: "a.wav", text: "one"}}, ""},
		"further columns":  {"a.wav\tone\t3.5\n", []utterance{{audio: "a.wav", text: "one"}}, ""},
		"empty text":       {"a.wav\t\n", []utterance{{audio: "a.wav"}}, ""},
		"only a name":      {"path\tone\n", []utterance{{audio: "path", text: "one"}}, ""},
		"JSON":             {"{\"audio\": \"a.wav\", \"text\": \"one\"}\n\n{\"text\": \"\", \"audio\": \"b.wav\"}", []utterance{{audio: "a.wav", text: "one"}, {audio: "b.wav"}}, ""},
		"NeMo":             {`{"audio_filepath": "a.wav", "duration": 3.5, "text": "one"}`, []utterance{{audio: "a.wav", text: "one"}}, ""},
		"nothing":          {"", nil, "lists no recording"},
		"only names":       {"path\ttext\n", nil, "lists no recording"},
		"no tab":           {"a.wav\tone\nb.wav SECRET\n", nil, "line 2 is not a path, a tab and a text"},
		"no path":          {"\tSECRET\n", nil, "line 1 is not a path, a tab and a text"},
		"damaged JSON":     {"{\"audio\": \"a.wav\", \"text\": \"one\"}\n{\"audio\": \"SECRET", nil, "line 2 is not a JSON object"},
		"a list":           {"{\"audio\": \"a.wav\", \"text\": \"one\"}\n[\"SECRET\"]", nil, "line 2 is not a JSON object"},
		"no text":          {`{"audio": "a.wav", "words": "SECRET"}`, nil, `line 1 has no "audio" and "text"`},
		"text of a number": {`{"audio": "a.wav", "text": 7}`, nil, `line 1 has no "audio" and "text"`},
		"sound":            {"RIFF\x24\x00\x00\x00WAVE", nil, "is neither a folder nor a list"},
		"Latin-1":          {"a.wav\tna\xefve\n", nil, "is neither a folder nor a list"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseManifest([]byte(c.manifest))
			if !slices.Equal(got, c.want) || (err == nil) != (c.sentence == "") {
				t.Errorf("%+v, %v; want %+v", got, err, c.want)
			}
			if err != nil && (!strings.Contains(err.Error(), c.sentence) || strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "\n")) {
				t.Errorf("%q, want one line with %q and nothing of a text", err, c.sentence)
			}
		})
	}
}

func TestPathsAreRelativeToTheManifest(t *testing.T) {
	path := write(t, "list.tsv", "sound/a.wav\tone\n/elsewhere/b.wav\ttwo\n")
	all, err := readCorpus(path)
	if err != nil || len(all) != 2 || all[0].audio != filepath.Join(filepath.Dir(path), "sound", "a.wav") || all[1].audio != "/elsewhere/b.wav" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestFolder(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{
		"b.FLAC": "", "b.txt": "\ufeff two \n",
		"a.wav": "", "a.txt": "one",
		"below/c.mp3": "", "below/c.txt": "three\nlines",
		"d.wav": "",
		"e.wav": "", "e.txt": "na\xefve",
		"notes.txt": "no sound", "f.ogg": "",
		"._a.wav": "", ".Trash/h.wav": "", ".Trash/h.txt": "thrown away",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(folder, "g.wav"), 0o700); err != nil {
		t.Fatal(err)
	}
	all, err := readCorpus(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range all {
		line := strings.TrimPrefix(u.audio, folder+"/") + ": " + u.text
		if u.err != nil {
			line += u.err.Error()
		}
		got = append(got, line)
	}
	want := []string{
		"a.wav: one", "b.FLAC: two", "below/c.mp3: three\nlines",
		"d.wav: has no d.txt beside it; write down there what is said",
		"e.wav: its text e.txt is not UTF-8; save it as UTF-8",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestFolderIsALink reads a folder by a symbolic link, and one whose own name
// begins with a dot.
func TestFolderIsALink(t *testing.T) {
	folder := filepath.Join(t.TempDir(), ".recordings")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.wav", "a.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("one"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(folder, link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{folder, link} {
		all, err := readCorpus(name)
		if err != nil || len(all) != 1 || all[0].audio != filepath.Join(name, "a.wav") || all[0].text != "one" {
			t.Errorf("%+v, %v", all, err)
		}
	}
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte("path\ttext\na.wav\tone\n"))
	f.Add([]byte(`{"audio_filepath": "a.wav", "text": "one"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := parseManifest(b)
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%q has several lines", err)
		}
		for _, u := range all {
			if u.audio == "" {
				t.Error("a recording without a path")
			}
		}
	})
}
