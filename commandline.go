package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"fermata/app/cli"
	"fermata/inference/card"
	"fermata/inference/onnx"
)

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
