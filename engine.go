package main

import (
	"context"
	"errors"

	"fermata/app"
	"fermata/app/cli"
	"fermata/inference"
	"fermata/inference/ctc"
	"fermata/inference/onnx"
	"fermata/models"
	"fermata/models/lasr"
)

// engine is a model that is ready to recognise.
type engine struct {
	*inference.Recognizer
	model    *models.Model
	acoustic *onnx.Model
}

// load makes the named model ready: its graph, ONNX Runtime, the session and
// the vocabulary.
func load(ctx context.Context, name string, o inference.Options) (*engine, error) {
	info, err := models.Find(name)
	if err != nil {
		return nil, err
	}
	library, err := onnx.Library()
	if err != nil {
		return nil, err
	}
	if err := onnx.Start(library); err != nil {
		return nil, err
	}
	cache, err := models.CacheDir()
	if err != nil {
		return nil, err
	}
	model, err := info.Open(ctx, cache, lasr.FP32)
	if err != nil {
		return nil, err
	}
	return join(model, o)
}

func join(model *models.Model, o inference.Options) (*engine, error) {
	vocabulary, err := ctc.NewVocabulary(model.Pieces)
	if err != nil {
		return nil, err
	}
	acoustic, err := onnx.Load(model.Graph, onnx.Options{})
	if err != nil {
		return nil, err
	}
	o.Network = inference.Subsampling{FramesPerRow: model.FramesPerRow, LeastFrames: model.LeastFrames}
	recognizer, err := inference.New(acoustic, vocabulary, o)
	if err != nil {
		return nil, errors.Join(err, acoustic.Close())
	}
	return &engine{recognizer, model, acoustic}, nil
}

// loadEngine is load for the command line.
func loadEngine(ctx context.Context, name string, o inference.Options) (*cli.Engine, error) {
	e, err := load(ctx, name, o)
	if err != nil {
		return nil, err
	}
	closeAll := func() error { return errors.Join(e.acoustic.Close(), onnx.Stop()) }
	return &cli.Engine{
		Recognizer: e.Recognizer,
		Model:      e.model.Name,
		Device:     "cpu",
		Vocabulary: len(e.model.Pieces),
		Close:      closeAll,
	}, nil
}

// loadModel is load for the window, with Google's windows.
func loadModel(ctx context.Context, s app.Settings, _ func(string, float64)) (*app.Loaded, error) {
	e, err := load(ctx, s.Model, inference.GoogleWindows())
	if err != nil {
		return nil, err
	}
	return &app.Loaded{
		Recognizer: streams{e.Recognizer},
		Model:      e.model.Name,
		Device:     e.acoustic.Device(),
		Demo:       e.model.Demo,
		Close:      e.acoustic.Close,
	}, nil
}

// streams gives a recogniser's streams as the dictation wants them.
type streams struct{ recognizer *inference.Recognizer }

func (s streams) Stream() app.Stream { return s.recognizer.Stream() }
