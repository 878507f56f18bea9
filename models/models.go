// Package models says which acoustic models there are and prepares one for
// recognition. Most callers want [Find] with what the user chose ("" is the
// demo model) and then [Info.Open], which gives the path of an ONNX graph and
// its vocabulary.
//
// It takes a folder as Google publishes MedASR (config.json,
// tokenizer.json, model.safetensors) and ONNX exports (an .onnx file beside
// tokens.txt or tokenizer.json). It downloads nothing and runs nothing;
// whether an ONNX file is a model of the right kind is for inference/onnx to say.
package models

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
)

// The formats of a model.
const (
	Checkpoint = "checkpoint" // safetensors, as Google publishes it
	ONNX       = "onnx"       // an export
)

// DemoName is the name of the model inside the program.
const DemoName = "demo"

// Info is what is known of a model without computing anything.
type Info struct {
	Name   string // unique among those that List returns
	Dir    string // its folder; "" for the demo model
	Demo   bool   // a demonstration, not for clinical use
	Format string // Checkpoint or ONNX; "" if neither
	// Problem is why the model cannot be used, one line; nil if it seems sound.
	Problem error
}

// MarshalJSON writes {"name", "dir", "demo", "format", "problem"}; the problem
// is its text, and absent where there is none.
func (i Info) MarshalJSON() ([]byte, error) {
	j := struct {
		Name    string `json:"name"`
		Dir     string `json:"dir,omitempty"`
		Demo    bool   `json:"demo"`
		Format  string `json:"format,omitempty"`
		Problem string `json:"problem,omitempty"`
	}{Name: i.Name, Dir: i.Dir, Demo: i.Demo, Format: i.Format}
	if i.Problem != nil {
		j.Problem = i.Problem.Error()
	}
	return json.Marshal(j)
}

// Dir is the user's models folder: every folder in it is a model. It need not exist.
func Dir() string { return filepath.Join(xdg.DataHome, "fermata", "models") }

// CacheDir is the folder in which the graphs built from checkpoints are kept. It
// need not exist.
func CacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("cache folder: %s; set XDG_CACHE_HOME to a folder", oneLine(err))
	}
	return filepath.Join(dir, "fermata", "graphs"), nil
}

// List returns the demo model and then every folder in the user's models folder,
// by name, also those that cannot be used.
func List() []Info {
	infos := []Info{demoInfo()}
	entries, err := os.ReadDir(Dir())
	if err != nil {
		return infos
	}
	for _, e := range entries {
		dir := filepath.Join(Dir(), e.Name())
		if info, err := os.Stat(dir); err != nil || !info.IsDir() || strings.HasPrefix(e.Name(), ".") || e.Name() == DemoName {
			continue
		}
		infos = append(infos, inspect(e.Name(), dir))
	}
	return infos
}

// Find returns the model of a name or folder: "" and "demo" are the demo model,
// a name without a separator is looked for in the user's models folder first,
// anything else is a folder. The error is the model's Problem where it has one.
func Find(nameOrDir string) (Info, error) {
	if nameOrDir == "" || nameOrDir == DemoName {
		return demoInfo(), nil
	}
	dir := nameOrDir
	if filepath.Base(dir) == dir {
		if own := filepath.Join(Dir(), dir); isDir(own) {
			dir = own
		}
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return Info{}, fmt.Errorf("%s: there is no such model folder; give the path of one, or put it into %s", show(nameOrDir), Dir())
	case err != nil:
		return Info{}, fmt.Errorf("%s: the model folder cannot be opened (%w); make it readable", show(nameOrDir), reasonOf(err))
	case !info.IsDir():
		return Info{}, fmt.Errorf("%s: is a file; give the folder in which the model's files are", show(nameOrDir))
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return Info{}, fmt.Errorf("%s: the model folder cannot be opened (%w); give its whole path", show(nameOrDir), err)
	}
	found := inspect(filepath.Base(dir), dir)
	return found, found.Problem
}

func demoInfo() Info { return Info{Name: DemoName, Demo: true, Format: Checkpoint} }

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// reasonOf is an error of the file system without its path.
func reasonOf(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func oneLine(err error) string { return show(err.Error()) }

// show is text on one line.
func show(text string) string { return strings.Join(strings.Fields(text), " ") }
