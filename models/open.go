package models

import (
	"context"
	"errors"
	"os"

	"fermata/models/demo"
	"fermata/models/lasr"
)

// A Model is ready to be loaded. It is a plain value.
type Model struct {
	Name   string
	Demo   bool     // a demonstration, not for clinical use
	Graph  string   // path of the ONNX file
	Pieces []string // the piece of every id; may be more than the graph has scores
	// Precision is that of the weights: what was asked for, except that an
	// export may hold one only.
	Precision lasr.Precision
	// Language is the path of the language model in the model's folder (the demo
	// model's: in the cache), which [Language] prepares; "" where there is none, and the folder itself where it
	// holds several and none has Google's name.
	Language string
	// FramesPerRow and LeastFrames are a checkpoint's own sub-sampling, as
	// lasr.Checkpoint.Subsampling gives it; 0 where an export does not tell.
	FramesPerRow, LeastFrames int
}

// Open prepares the model in a precision: a checkpoint's graph is taken from
// cacheDir, or built there first, which takes seconds and reads all weights; of
// an export the file of that precision is taken. When ctx ends it
// returns ctx's error. Safe for concurrent use, also by several processes.
func (i Info) Open(ctx context.Context, cacheDir string, p lasr.Precision) (*Model, error) {
	if i.Problem != nil {
		return nil, i.Problem
	}
	m := &Model{Name: i.Name, Demo: i.Demo, Precision: p}
	var err error
	if i.Format == ONNX {
		m.Graph, m.Pieces, m.Precision, err = export(i.Dir, p)
	} else {
		err = i.checkpoint(ctx, cacheDir, m)
	}
	switch {
	case err != nil:
	case i.Demo:
		m.Language, err = demoLanguage(cacheDir)
	default:
		m.Language, err = languageFile(i.Dir)
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

func (i Info) checkpoint(ctx context.Context, cacheDir string, m *Model) error {
	fsys := demo.FS()
	if !i.Demo {
		fsys = os.DirFS(i.Dir)
	}
	c, err := lasr.Open(fsys)
	if err == nil {
		m.Graph, err = c.Cached(ctx, cacheDir, m.Precision)
	}
	var store *lasr.StoreError
	switch {
	case err == nil:
		m.Pieces = c.Pieces()
		m.FramesPerRow, m.LeastFrames = c.Subsampling()
		return nil
	case i.Demo, ctx.Err() != nil, errors.As(err, &store):
		return err
	}
	return inFolder(i.Dir, err)
}
