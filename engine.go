package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"

	"fermata/app"
	"fermata/app/cli"
	"fermata/inference"
	"fermata/inference/ctc"
	"fermata/inference/ngram"
	"fermata/inference/onnx"
	"fermata/models"
	"fermata/models/lasr"
)

// engine is a model that is ready to recognise.
type engine struct {
	*inference.Recognizer
	model      *models.Model
	acoustic   *onnx.Model
	vocabulary *ctc.Vocabulary
	decoder    string       // "greedy" or "beam"
	lm         string       // path of its language model, "" without one
	language   *ngram.Model // nil without one
	warming    warming
}

// warming is a language model on its way into memory; the zero value is none.
type warming struct {
	ended sync.WaitGroup
	stop  context.CancelFunc
}

// warm begins to read the language model, so that the first dictation need not wait
// for its pages. The engine's close ends it.
func (e *engine) warm() {
	if e.language == nil {
		return
	}
	var ctx context.Context
	ctx, e.warming.stop = context.WithCancel(context.Background())
	e.warming.ended.Go(func() { _ = e.language.Warm(ctx) }) // it only saves time
}

func (w *warming) end() {
	if w.stop != nil {
		w.stop()
		w.ended.Wait()
	}
}

// close frees the model, after its last stream.
func (e *engine) close() error {
	e.warming.end()
	if e.language == nil {
		return e.acoustic.Close()
	}
	return errors.Join(e.acoustic.Close(), e.language.Close())
}

// load makes a model ready as it was chosen: its graph, ONNX Runtime, the
// session, the vocabulary and the language model.
func load(ctx context.Context, c cli.Choice) (*engine, error) {
	info, err := models.Find(c.Model)
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
	model, err := info.Open(ctx, cache, c.Precision)
	if err != nil {
		return nil, err
	}
	e := &engine{model: model}
	if e.vocabulary, err = ctc.NewVocabulary(model.Pieces); err != nil {
		return nil, err
	}
	if e.acoustic, err = onnx.Load(model.Graph, onnx.Options{}); err != nil {
		return nil, err
	}
	if err := e.join(ctx, c); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

// join makes the recogniser, with a beam search where it is asked for, or where
// nothing is and there is a language model.
func (e *engine) join(ctx context.Context, c cli.Choice) (err error) {
	o := c.Windows
	o.Network = inference.Subsampling{FramesPerRow: e.model.FramesPerRow, LeastFrames: e.model.LeastFrames}
	if e.lm = c.LM; e.lm == "" {
		e.lm = e.model.Language
	}
	if c.Decoder == "greedy" || c.Decoder == "" && e.lm == "" {
		e.decoder, e.lm = "greedy", ""
	} else {
		e.decoder = "beam"
		o.Decoder = inference.Decoder{Beam: &c.Beam, NBest: c.NBest}
		if o.Decoder.Language, err = e.bind(ctx, c.Progress); err != nil {
			return err
		}
	}
	e.Recognizer, err = inference.New(e.acoustic, e.vocabulary, o)
	return err
}

// bind opens the language model, if there is one.
func (e *engine) bind(ctx context.Context, progress func(string, float64)) (*ctc.Language, error) {
	if e.lm == "" {
		return nil, nil
	}
	var err error
	e.language, err = openLanguage(ctx, e.lm, func(fraction float64) {
		if progress != nil {
			progress("preparing the language model", fraction)
		}
	})
	if err != nil {
		return nil, err
	}
	return ctc.NewLanguage(e.vocabulary, e.language)
}

// openLanguage opens a language model; what is made of an ARPA file lies beside
// the graphs.
func openLanguage(ctx context.Context, path string, progress func(float64)) (*ngram.Model, error) {
	cache, err := models.CacheDir()
	if err != nil {
		return nil, err
	}
	return models.Language(ctx, path, cache, progress)
}

// loadEngine is load for the command line.
func loadEngine(ctx context.Context, c cli.Choice) (*cli.Engine, error) {
	e, err := load(ctx, c)
	if err != nil {
		return nil, err
	}
	return &cli.Engine{
		Recognizer: e.Recognizer,
		Acoustic:   e.acoustic,
		Vocabulary: e.vocabulary,
		Model:      e.model.Name,
		Device:     "cpu",
		Precision:  e.model.Precision,
		Decoder:    e.decoder,
		Language:   e.lm,
		Close:      func() error { return errors.Join(e.close(), onnx.Stop()) },
	}, nil
}

// alternatives is how many readings a dictation's text comes with.
const alternatives = 5

// loadModel is load for the window, with Google's windows.
func loadModel(ctx context.Context, s app.Settings, progress func(string, float64)) (*app.Loaded, error) {
	c := cli.Choice{
		Model:     s.Model,
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
	e, err := load(ctx, c)
	if err != nil {
		return nil, err
	}
	e.warm()
	words, err := e.speed(ctx, progress)
	if err != nil {
		return nil, errors.Join(err, e.close())
	}
	return &app.Loaded{
		Recognizer: streams{e.Recognizer},
		Model:      e.model.Name,
		Decoder:    e.decodes(),
		Device:     e.acoustic.Device(),
		Speed:      words,
		Demo:       e.model.Demo,
		Close:      e.close,
	}, nil
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
	key := strings.Join([]string{e.model.Graph, onnx.Version, e.acoustic.Device()}, ", ")
	d, err := speed(ctx, e.acoustic, filepath.Join(cache, "speed.json"), key, func() { progress("measuring this computer", -1) })
	if err != nil {
		return "", err
	}
	return inWords(d, e.model.Precision == lasr.FP32), nil
}

// streams gives a recogniser's streams as the dictation wants them.
type streams struct{ recognizer *inference.Recognizer }

func (s streams) Stream() app.Stream { return s.recognizer.Stream() }
