package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// An utterance is a recording and what was said in it.
type utterance struct {
	audio string // path
	text  string // the reference
	err   error  // why there is no reference, a sentence without the path
}

// readCorpus reads a folder of recordings with texts beside them, or a
// manifest. Errors are whole sentences; none holds a text.
func readCorpus(name string) ([]utterance, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, fileError(err))
	}
	var all []utterance
	if info.IsDir() {
		all, err = readFolder(name)
	} else {
		all, err = readManifest(name)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return all, nil
}

// sounds are how files of sound are called.
var sounds = []string{".wav", ".flac", ".mp3"}

// readFolder takes every sound file in a folder and those below, by name, but
// nothing whose name begins with a dot: macOS leaves a "._a.wav" beside every
// a.wav on drives of others.
func readFolder(folder string) ([]utterance, error) {
	var all []utterance
	root := filepath.Clean(folder) + string(filepath.Separator) // so that a link to a folder is followed
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return fileError(err)
		}
		if path != root && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		extension := filepath.Ext(path)
		if d.IsDir() || !slices.Contains(sounds, strings.ToLower(extension)) {
			return nil
		}
		u := utterance{audio: path}
		u.text, u.err = readText(strings.TrimSuffix(path, extension) + ".txt")
		all = append(all, u)
		return nil
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("holds no %s; name the folder of the recordings", strings.Join(sounds, ", "))
	}
	return all, err
}

// textLimit bounds a text; an hour of dictation has 60 KB.
const textLimit = 4 << 20

// readText reads a reference of its own file. Blanks around it do not count.
func readText(path string) (string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("has no %s beside it; write down there what is said", filepath.Base(path))
	}
	if err == nil && (!info.Mode().IsRegular() || info.Size() > textLimit) {
		err = errors.New("is not a text; write down there what is said")
	}
	var b []byte
	if err == nil {
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return "", fmt.Errorf("its text %s %w", filepath.Base(path), fileError(err))
	}
	if !utf8.Valid(b) {
		return "", fmt.Errorf("its text %s is not UTF-8; save it as UTF-8", filepath.Base(path))
	}
	return strings.TrimSpace(strings.TrimPrefix(string(b), "\ufeff")), nil
}
