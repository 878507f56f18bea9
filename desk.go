package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"fermata/app"
	"fermata/app/cli"
	"fermata/inference"
	"fermata/inference/card"
	"fermata/inference/ctc"
	"fermata/inference/onnx"
	"fermata/models"
	"fermata/models/lasr"
)

// alternatives is how many readings a dictation's text comes with.
const alternatives = 5

// loadModel is load for the window, with Google's windows. The CPU is ready at
// once; a card is loaded and checked beside that.
func loadModel(ctx context.Context, s app.Settings, progress func(string, float64)) (*app.Loaded, error) {
	c := cli.Choice{
		Model:     s.Model,
		Device:    s.Device,
		Windows:   inference.GoogleWindows(),
		Precision: lasr.FP32,
		Decoder:   s.Decoder,
		Beam:      ctc.GoogleBeam(),
		NBest:     alternatives,
		Progress:  progress,
	}
	if s.Precision != "" {
		c.Precision = lasr.Precision(s.Precision)
	}
	e, err := load(ctx, c, true, func(e *engine, s card.State) { e.computing.change(s) })
	if err != nil {
		return nil, err
	}
	if err := e.begin(ctx, progress); err != nil {
		return nil, errors.Join(err, e.close())
	}
	device, speed := e.processor, e.computing.speed
	e.adopt(false)
	return &app.Loaded{
		Recognizer: streams{e.Recognizer},
		Model:      e.model.Name,
		Decoder:    e.decodes(),
		Device:     device,
		Speed:      speed,
		OnDevice:   e.computing.listen,
		TryCard:    func() { e.adopt(true) },
		Demo:       e.model.Demo,
		Close:      e.close,
	}, nil
}

// begin makes the CPU ready, with its language model on the way.
func (e *engine) begin(ctx context.Context, progress func(string, float64)) error {
	if err := e.acoustic.Prepare(ctx); err != nil {
		return err
	}
	e.warm()
	words, err := e.speed(ctx, progress)
	e.computing.onCPU(e.processor, words)
	return err
}

// adopt takes a card up beside everything else. The engine's close ends that.
func (e *engine) adopt(anew bool) {
	e.beside.Go(func() { e.acoustic.Adopt(context.Background(), anew) })
}

// decodes says in words how scores become text.
func (e *engine) decodes() string {
	switch {
	case e.language != nil && e.lm == e.model.Language:
		return "with its language model"
	case e.language != nil:
		return "with the language model " + filepath.Base(e.lm)
	case e.decoder == "beam":
		return "beam search without a language model"
	}
	return "without a language model"
}

// speed says in words how quick this computer is with this model.
func (e *engine) speed(ctx context.Context, progress func(string, float64)) (string, error) {
	cache, err := models.CacheDir()
	if err != nil {
		return "", err
	}
	key := strings.Join([]string{e.model.Graph, onnx.Version, e.processor}, ", ")
	d, err := speed(ctx, e.acoustic, filepath.Join(cache, "speed.json"), key, func() { progress("measuring this computer", -1) })
	if err != nil {
		return "", err
	}
	return inWords(d, e.model.Precision == lasr.FP32), nil
}

// streams gives a recogniser's streams as the dictation wants them.
type streams struct{ recognizer *inference.Recognizer }

func (s streams) Stream() app.Stream { return s.recognizer.Stream() }
