package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"fermata/models/keep"
)

// Settings are what the user has chosen. The zero value of a field is the
// system's or Fermata's own choice, except Key's: [DefaultSettings] has it.
type Settings struct {
	Microphone string `json:"microphone"` // a [fermata/capture.Device]'s ID; "" is the system's choice
	Model      string `json:"model"`      // a model's name or folder; "" is the demonstration model
	Key        string `json:"key"`        // Fyne's name of the key that is held to dictate
	Theme      string `json:"theme"`      // "light", "dark", or "" for what the desktop has
	Decoder    string `json:"decoder"`    // "greedy", "beam", or "" for beam where the model has a language model
	Precision  string `json:"precision"`  // "int8", or "" for full precision
	Device     string `json:"device"`     // "cpu", a graphics card's name or ID, or "" for a card that is checked and faster, else the CPU
	NoPreview  bool   `json:"noPreview"`  // show nothing of a dictation before it is finished
}

// sameModel says whether what is loaded for s does for t, too.
func (s Settings) sameModel(t Settings) bool {
	return s.Model == t.Model && s.Decoder == t.Decoder && s.Precision == t.Precision && s.Device == t.Device
}

// known is s without what this version cannot do.
func (s Settings) known() Settings {
	if s.Theme != "light" && s.Theme != "dark" {
		s.Theme = ""
	}
	if s.Decoder != "greedy" && s.Decoder != "beam" {
		s.Decoder = ""
	}
	if s.Precision != "int8" {
		s.Precision = ""
	}
	return s
}

// DefaultSettings are those of a first start.
func DefaultSettings() Settings { return Settings{Key: "F9"} }

// LoadSettings reads the user's settings. Where there are none yet they are
// [DefaultSettings] and the error is nil. Where they cannot be read they are
// DefaultSettings too, and the error says so in a sentence; a file that is
// damaged is kept beside its place as settings.json.damaged.
// Fields that this version does not know are passed over.
func LoadSettings() (Settings, error) {
	path, err := settingsPath()
	if err != nil {
		return DefaultSettings(), err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return DefaultSettings(), nil
	}
	if err != nil {
		return DefaultSettings(), fmt.Errorf("%s: the settings cannot be read (%w); Fermata uses its defaults until that is mended", path, reason(err))
	}
	settings := DefaultSettings()
	if err := json.Unmarshal(text, &settings); err != nil {
		return DefaultSettings(), setAside(path)
	}
	return settings.known(), nil
}

// setAside keeps a damaged file out of the way of the next Save.
func setAside(path string) error {
	if err := os.Rename(path, path+".damaged"); err != nil {
		return fmt.Errorf("%s: the settings are damaged and cannot be put aside (%w); Fermata uses its defaults, please choose again", path, reason(err))
	}
	return fmt.Errorf("%s: the settings were damaged and are kept as %s; Fermata uses its defaults, please choose again",
		path, filepath.Base(path)+".damaged")
}

// Save puts the settings in the place of the former ones, whole or not at all.
func (s Settings) Save() error {
	path, err := settingsPath()
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: the settings cannot be written (%w); please report this", path, err)
	}
	if err := keep.Whole(path, append(text, '\n')); err != nil {
		return fmt.Errorf("%s: the settings cannot be saved (%w); make room or give yourself the right to write there, then change the setting again", path, reason(err))
	}
	return nil
}

// settingsPath is settings.json in the user's own configuration folder.
func settingsPath() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("settings: this user has no configuration folder (%w); set HOME or XDG_CONFIG_HOME", err)
	}
	return filepath.Join(dir, "fermata", "settings.json"), nil
}

// reason is the system's own word for what went wrong, without the paths
// around it and in one line.
func reason(err error) error {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return err
}
