package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// home gives the test a configuration folder of its own and returns where the
// settings go.
func home(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv("AppData", dir)
	path, err := settingsPath()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func wantSentence(t *testing.T, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) || !strings.Contains(err.Error(), "; ") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v is no sentence with %q", err, words)
	}
}

func TestFirstStart(t *testing.T) {
	home(t)
	got, err := LoadSettings()
	if err != nil || got != DefaultSettings() || got.Key != "F9" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestSettingsComeBack(t *testing.T) {
	path := home(t)
	want := Settings{Microphone: "alsa:1", Model: "/models/é", Key: "F8", Theme: "dark", Decoder: "beam", Precision: "int8", Device: "NVIDIA RTX A2000", NoPreview: true}
	for range 2 { // the second replaces the first
		if err := want.Save(); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := LoadSettings(); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("%v is left, %v", files, err)
	}
}

// What another version wrote and this one cannot do is the default.
func TestSettingsOfOtherVersions(t *testing.T) {
	path := home(t)
	for text, want := range map[string]Settings{
		`{"microphone": "usb", "later": [1, 2], "theme": "sepia"}`:    {Microphone: "usb", Key: "F9"},
		`{"decoder": "transducer", "precision": "int4", "key": "F7"}`: {Key: "F7"},
		`{"decoder": "greedy", "precision": "fp32"}`:                  {Key: "F9", Decoder: "greedy"},
	} {
		put(t, path, text)
		if got, err := LoadSettings(); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

func TestDamagedSettings(t *testing.T) {
	for _, text := range []string{"", "{", `{"key": 5}`, "\x00\x00", `[]`} {
		path := home(t)
		put(t, path, text)
		got, err := LoadSettings()
		if got != DefaultSettings() {
			t.Errorf("%q: %+v", text, got)
		}
		wantSentence(t, err, "settings.json.damaged")
		if kept, err := os.ReadFile(path + ".damaged"); err != nil || string(kept) != text {
			t.Errorf("%q is kept as %q, %v", text, kept, err)
		}
		if _, err := LoadSettings(); err != nil {
			t.Errorf("the next start: %v", err)
		}
	}
}

func TestSettingsThatCannotBeRead(t *testing.T) {
	path := home(t)
	if err := os.MkdirAll(path, 0o700); err != nil { // a folder in their place
		t.Fatal(err)
	}
	got, err := LoadSettings()
	if got != DefaultSettings() {
		t.Errorf("%+v", got)
	}
	wantSentence(t, err, "cannot be read")
	wantSentence(t, got.Save(), "cannot be saved")
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("%v is left, %v", left, err)
	}
}

func TestSettingsThatCannotBeSaved(t *testing.T) {
	path := home(t)
	put(t, filepath.Dir(path), "a file in the place of the folder")
	wantSentence(t, DefaultSettings().Save(), "cannot be saved")
}

func TestNoConfigurationFolder(t *testing.T) {
	home(t)
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "AppData", "home"} {
		t.Setenv(name, "")
	}
	_, err := LoadSettings()
	wantSentence(t, err, "settings: ")
	wantSentence(t, DefaultSettings().Save(), "settings: ")
}
