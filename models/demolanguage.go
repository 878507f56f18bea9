package models

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"fermata/models/demo"
	"fermata/models/keep"
)

// demoLanguage returns the path of the demo model's language model. It is stored in
// cacheDir at the first time, under a name of its content, since language models are
// read in place and what is inside a program is no file.
func demoLanguage(cacheDir string) (string, error) {
	model, err := fs.ReadFile(demo.FS(), languageNames[0])
	if err != nil {
		return "", err
	}
	path := filepath.Join(cacheDir, fmt.Sprintf("lm-%x.kenlm", sha256.Sum256(model)))
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() == int64(len(model)) {
		return path, nil
	}
	if err := keep.Whole(path, model); err != nil {
		return "", notStored(cacheDir, err)
	}
	return path, nil
}
