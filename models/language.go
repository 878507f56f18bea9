package models

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fermata/inference/ngram"
)

// languageNames are what Google calls the language model of MedASR, the form that
// needs no preparation first.
var languageNames = []string{"lm_6.kenlm", "lm_6.arpa.xz", "lm_6.arpa.gz", "lm_6.arpa"}

// isLanguage reports whether a file is a language model by its name. What begins
// with a dot is what macOS leaves on drives of others beside every file.
func isLanguage(name string) bool {
	return !strings.HasPrefix(name, ".") && (strings.HasSuffix(strings.ToLower(name), ".kenlm") || ngram.IsARPA(name))
}

// languageFile returns the path of the language model in a model folder, or "". One
// that is not called as Google's is taken where it is the only one; of several the
// folder itself is returned, which [Language] refuses, so that the model is of use
// with another language model and with none.
func languageFile(dir string) (string, error) {
	files, err := names(dir)
	if err != nil {
		return "", fmt.Errorf("%s: the model folder cannot be read (%w); make it readable", show(dir), reasonOf(err))
	}
	for _, name := range languageNames {
		if slices.Contains(files, name) {
			return filepath.Join(dir, name), nil
		}
	}
	files = slices.DeleteFunc(files, func(name string) bool { return !isLanguage(name) })
	switch len(files) {
	case 0:
		return "", nil
	case 1:
		return filepath.Join(dir, files[0]), nil
	}
	return dir, nil
}

// Language opens a language model: a KenLM binary as it lies there; an ARPA file
// is first made into one in cacheDir, once for every content, which takes a minute
// for Google's. progress, which may be nil, hears how far that is, from 0 to 1.
// Of a folder its language model is taken, as a model's is. When ctx ends Language
// returns its error.
func Language(ctx context.Context, path, cacheDir string, progress func(fraction float64)) (*ngram.Model, error) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		if path, err = only(path); err != nil {
			return nil, err
		}
	}
	if !ngram.IsARPA(path) {
		return ngram.Open(path)
	}
	hash, err := contentHash(ctx, path)
	if err != nil {
		return nil, err
	}
	binary := filepath.Join(cacheDir, "lm-"+hash+".kenlm")
	if m, err := ngram.Open(binary); err == nil {
		return m, nil
	}
	// What cannot be opened is not there, or damaged: it is made anew.
	if err := os.MkdirAll(cacheDir, 0o700); err != nil {
		return nil, notStored(cacheDir, err)
	}
	if progress == nil {
		progress = func(float64) {}
	}
	if err := ngram.Convert(ctx, path, binary, progress); err != nil {
		return nil, err
	}
	return ngram.Open(binary)
}

// notStored says that a language model cannot be put into the cache.
func notStored(cacheDir string, err error) error {
	return fmt.Errorf("%s: the language model cannot be stored there (%w); set XDG_CACHE_HOME to another folder", show(cacheDir), reasonOf(err))
}

// only returns the path of the language model in a folder, which must have one.
func only(dir string) (string, error) {
	switch file, err := languageFile(dir); file {
	case "":
		if err == nil {
			err = fmt.Errorf("%s: holds no language model; give the path of a .kenlm or .arpa file", show(dir))
		}
		return "", err
	case dir:
		return "", fmt.Errorf("%s: holds several language models and none is called lm_6.kenlm; call the one to use lm_6 and leave its ending as it is", show(dir))
	default:
		return file, err
	}
}

// layout is part of the name of every language model made here; it changes when the
// same ARPA file would give other bytes.
const layout = "fermata kenlm probing 1\n"

// contentHash names what is in a file.
func contentHash(ctx context.Context, path string) (string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%s: there is no such language model; give the path of a .kenlm or .arpa file", show(path))
	}
	if err == nil && !info.Mode().IsRegular() { // opening a pipe would wait for somebody to write
		return "", fmt.Errorf("%s: is not a file; give the path of a .kenlm or .arpa file", show(path))
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%s: the language model cannot be opened (%w); make it readable", show(path), reasonOf(err))
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	_, _ = io.WriteString(h, layout)
	if _, err := io.Copy(h, untilDone{ctx, f}); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("%s: the language model cannot be read (%w); copy it again", show(path), reasonOf(err))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// untilDone reads until ctx ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
