package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// manifestLimit bounds a manifest: a thousand hours of dictation with room.
const manifestLimit = 256 << 20

// readManifest reads a list of recordings and texts; paths are relative to the
// list's folder.
func readManifest(name string) ([]utterance, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fileError(err)
	}
	defer func() { _ = file.Close() }()
	b, err := io.ReadAll(io.LimitReader(file, manifestLimit+1))
	if err != nil {
		return nil, fmt.Errorf("cannot be read (%w); copy it again", fileError(err))
	}
	if len(b) > manifestLimit {
		return nil, fmt.Errorf("has more than %d MB; divide it", manifestLimit>>20)
	}
	all, err := parseManifest(b)
	if err != nil {
		return nil, err
	}
	for i, u := range all {
		if !filepath.IsAbs(u.audio) {
			all[i].audio = filepath.Join(filepath.Dir(name), u.audio)
		}
	}
	return all, nil
}

// parseManifest reads JSON objects, a line each, or a table of columns divided
// by tabs.
func parseManifest(b []byte) ([]utterance, error) {
	if !utf8.Valid(b) || strings.ContainsRune(string(b), 0) {
		return nil, errors.New("is neither a folder nor a list in UTF-8; give PATH, tab, TEXT on each line, or JSON")
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	parse := (&table{}).line
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		parse = parseObject
	}
	var all []utterance
	number := 0
	for line := range strings.Lines(text) {
		number++
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) == "" {
			continue
		}
		u, ok, err := parse(line)
		if err != nil {
			return nil, fmt.Errorf("line %d %w", number, err)
		}
		if ok {
			all = append(all, u)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("lists no recording; give PATH, tab, TEXT on each line, or JSON")
	}
	return all, nil
}

// The names that the two columns go by.
var (
	audioNames = []string{"audio", "audio_filepath", "audio_path", "path", "file", "filename", "file_name", "wav"}
	textNames  = []string{"text", "reference", "transcript", "transcription", "sentence"}
)

// parseObject reads {"audio": …, "text": …} and its like.
func parseObject(line string) (utterance, bool, error) {
	var object map[string]any
	if err := json.Unmarshal([]byte(line), &object); err != nil {
		return utterance{}, false, errors.New(`is not a JSON object; give {"audio": "PATH", "text": "TEXT"}`)
	}
	find := func(names []string) (string, bool) {
		for _, name := range names {
			if value, ok := object[name].(string); ok {
				return value, true
			}
		}
		return "", false
	}
	audio, hasAudio := find(audioNames)
	text, hasText := find(textNames)
	if !hasAudio || audio == "" || !hasText {
		return utterance{}, false, errors.New(`has no "audio" and "text"; give {"audio": "PATH", "text": "TEXT"}`)
	}
	return utterance{audio: audio, text: strings.TrimSpace(text)}, true, nil
}

// A table is divided by tabs. Its first line may name the columns; without
// names the first is the path and the second the text.
type table struct {
	begun       bool
	audio, text int
}

func (t *table) line(line string) (utterance, bool, error) {
	cells := strings.Split(line, "\t")
	if !t.begun {
		t.begun, t.audio, t.text = true, 0, 1
		if audio, text, ok := columns(cells); ok {
			t.audio, t.text = audio, text
			return utterance{}, false, nil
		}
	}
	if len(cells) <= max(t.audio, t.text) || strings.TrimSpace(cells[t.audio]) == "" {
		return utterance{}, false, errors.New("is not a path, a tab and a text; write one recording on each line")
	}
	return utterance{audio: strings.TrimSpace(cells[t.audio]), text: strings.TrimSpace(cells[t.text])}, true, nil
}

// columns finds the two columns in a line of names.
func columns(cells []string) (audio, text int, ok bool) {
	find := func(names []string) int {
		return slices.IndexFunc(cells, func(cell string) bool { return slices.Contains(names, strings.ToLower(strings.TrimSpace(cell))) })
	}
	audio, text = find(audioNames), find(textNames)
	return audio, text, audio >= 0 && text >= 0
}
