package main

import (
	"context"
	"errors"
	"sync"

	"fermata/app/cli"
	"fermata/inference"
	"fermata/inference/card"
	"fermata/inference/ctc"
	"fermata/inference/ngram"
	"fermata/inference/onnx"
	"fermata/models"
)

// engine is a model that is ready to recognise.
type engine struct {
	*inference.Recognizer
	model      *models.Model
	acoustic   *card.Acoustic
	processor  string // what the CPU is called that computes, once it has
	vocabulary *ctc.Vocabulary
	decoder    string       // "greedy" or "beam"
	lm         string       // path of its language model, "" without one
	language   *ngram.Model // nil without one
	warming    warming

	computing computing
	beside    sync.WaitGroup // what adopts a card while the CPU computes
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
	err := e.acoustic.Close()
	e.beside.Wait()
	if e.language == nil {
		return err
	}
	return errors.Join(err, e.language.Close())
}

// load makes a model ready as it was chosen: its graph, ONNX Runtime, the
// vocabulary, the language model, and what computes, which has loaded nothing
// yet. tell hears when that changes.
func load(ctx context.Context, c cli.Choice, warm bool, tell func(*engine, card.State)) (*engine, error) {
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
	memory, err := verdicts()
	if err != nil {
		return nil, err
	}
	e.acoustic = card.New(card.Parts{
		CPU:    e.loadCPU,
		Find:   func(context.Context) ([]card.Card, error) { return e.find(c.Device, c.Progress) },
		Wanted: c.Device != "",
		Memory: memory,
		Tell:   func(s card.State) { tell(e, s) },
		Warm:   warm,
	})
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
