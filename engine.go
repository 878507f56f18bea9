package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"fermata/app"
	"fermata/app/cli"
	"fermata/inference"
	"fermata/inference/card"
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

// loadEngine is load for the command line, where what computes is settled before
// it begins.
func loadEngine(ctx context.Context, c cli.Choice) (*cli.Engine, error) {
	var settled atomic.Bool
	e, err := load(ctx, c, false, func(_ *engine, s card.State) {
		if settled.Load() && s.Failed && c.Notice != nil {
			c.Notice("device: " + strings.TrimPrefix(s.Words, card.UsingCPU) + "; the CPU goes on")
		}
	})
	if err != nil {
		return nil, err
	}
	if err := e.settle(ctx, c.Device); err != nil {
		return nil, errors.Join(err, e.close())
	}
	settled.Store(true)
	return &cli.Engine{
		Recognizer: e.Recognizer,
		Acoustic:   e.acoustic,
		Vocabulary: e.vocabulary,
		Model:      e.model.Name,
		Device:     e.device,
		Precision:  e.model.Precision,
		Decoder:    e.decoder,
		Language:   e.lm,
		Close:      func() error { return stopped(e.close()) },
	}, nil
}

// settle lets the wanted card compute, or the best one for "" if it may be, and
// else the CPU, which is an error where a card was wanted.
func (e *engine) settle(ctx context.Context, wanted string) error {
	if wanted != cpuOnly {
		s := e.acoustic.Adopt(ctx, false)
		if err := ctx.Err(); err != nil {
			return err
		}
		if s.Card == nil && wanted != "" {
			return refused(wanted, s.Words)
		}
	}
	return e.acoustic.Prepare(ctx)
}

// refused is the error of a card that was asked for and is not used.
func refused(wanted, words string) error {
	reason, _ := strings.CutPrefix(words, card.UsingCPU)
	if strings.Contains(reason, "; ") { // a sentence of its own
		return errors.New(reason)
	}
	return fmt.Errorf("device %s: %s; use --device cpu", wanted, reason)
}

// device is the ID of what computes.
func (e *engine) device() string {
	if s := e.acoustic.State(); s.Card != nil {
		return s.Card.ID
	}
	return cpuOnly
}

// stopped stops ONNX Runtime after the last model was closed with err. Beneath a
// card that hangs it cannot be stopped.
func stopped(err error) error {
	if errors.Is(err, card.ErrHung) {
		return err
	}
	return errors.Join(err, onnx.Stop())
}

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
