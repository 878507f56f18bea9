package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fermata/app/cli"
	"fermata/inference/card"
	"fermata/inference/onnx"
	"fermata/models"
	"fermata/models/keep"
	"fermata/models/lasr"
	"fermata/ui"
)

// The devices that are not named, as the settings and the command line call them;
// "" is automatic.
const (
	cpuOnly  = "cpu"
	bestCard = "gpu"
)

// verdicts is where what was found of cards is remembered.
func verdicts() (keep.Map[card.Verdict], error) {
	cache, err := models.CacheDir()
	return keep.Map[card.Verdict]{Path: filepath.Join(cache, "cards.json")}, err
}

// cards lists the graphics cards, for people.
func cards() ([]cli.Device, error) {
	startForCUDA()
	memory, err := verdicts()
	if err != nil {
		return nil, err
	}
	found, err := onnx.Devices()
	var all []cli.Device
	for _, d := range found {
		if d.ID == cpuOnly {
			continue
		}
		listed := cli.Device{ID: d.ID, Name: d.Name, Driver: d.Driver, Memory: d.Memory}
		if v, known := card.Latest(memory, key("", d)); known {
			listed.Verdict = v.Words
		}
		all = append(all, listed)
	}
	return all, err
}

// startForCUDA starts ONNX Runtime if it can be, because without it CUDA is not
// looked for.
func startForCUDA() {
	if library, err := onnx.Library(); err == nil {
		_ = onnx.Start(library)
	}
}

// key is what a verdict on a card with a graph depends on.
func key(graph string, d onnx.Device) card.Key {
	k := card.Key{Model: graph, Device: d.Kind + " " + d.Name, Driver: d.Driver, Runtime: "ONNX Runtime " + onnx.Version}
	if info, err := os.Stat(graph); err == nil { // an export may be replaced under its name
		k.Model = fmt.Sprintf("%s, %d bytes of %s", graph, info.Size(), info.ModTime().UTC().Format("2006-01-02 15:04:05"))
	}
	return k
}

// find names the cards to try: those that are meant by wanted, or all, the best
// first, for "". Without any that is an error only where one was asked for.
func (e *engine) find(wanted string, progress func(string, float64)) ([]card.Card, error) {
	if wanted == cpuOnly || wanted == "" && e.model.Precision != lasr.FP32 {
		return nil, nil // 8-bit products are the CPU's
	}
	devices, err := onnx.Devices()
	var all []card.Card
	for _, d := range devices {
		switch {
		case d.ID == cpuOnly:
		case wanted == "", wanted == bestCard && len(all) == 0, wanted == d.ID, strings.EqualFold(wanted, d.Name):
			all = append(all, e.card(d, progress))
		}
	}
	switch {
	case wanted == "" || len(all) > 0:
		return all, nil
	case err != nil:
		return nil, err
	}
	return nil, fmt.Errorf("%s: is not there; choose another device, or connect it and start Fermata again", wanted)
}

// card is a device with what loads the model on it.
func (e *engine) card(d onnx.Device, progress func(string, float64)) card.Card {
	k := key(e.model.Graph, d)
	return card.Card{
		Device: card.Device{ID: d.ID, Name: d.Name, Software: d.Software},
		Key:    k,
		Load: func(ctx context.Context) (card.Model, error) {
			if progress != nil {
				progress("preparing the graphics card", -1)
			}
			if err := tryFirst(ctx, e.model.Graph, d, k); err != nil {
				return nil, err
			}
			m, err := onnx.Load(e.model.Graph, onnx.Options{Device: d.ID})
			if err != nil {
				return nil, err // and no model that is nil within an interface
			}
			return m, nil
		},
	}
}

// tryFirst lets another process meet a driver that has not computed this graph
// yet: if it crashes, Fermata does not.
func tryFirst(ctx context.Context, graph string, d onnx.Device, k card.Key) error {
	memory, err := verdicts()
	if err != nil {
		return err
	}
	if v, known := memory.Recall(k.String()); known && v.OK {
		return nil
	}
	return onnx.Try(ctx, graph, onnx.Options{Device: d.ID})
}

// loadCPU loads the model on the CPU.
func (e *engine) loadCPU(ctx context.Context) (card.Model, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m, err := onnx.Load(e.model.Graph, onnx.Options{})
	if err != nil {
		return nil, err
	}
	e.processor = m.Device()
	return m, nil
}

// cardChoices are the graphics cards for the settings, which keep names: numbers
// change when a card is added.
func cardChoices() []ui.Choice {
	devices, _ := onnx.Devices() // without any there is none to choose
	named := map[string]int{}
	for _, d := range devices {
		named[d.Name]++
	}
	var choices []ui.Choice
	for _, d := range devices {
		switch {
		case d.ID == cpuOnly:
		case named[d.Name] > 1:
			choices = append(choices, ui.Choice{ID: d.ID, Name: fmt.Sprintf("%s (%s)", d.Name, d.ID)})
		default:
			choices = append(choices, ui.Choice{ID: d.Name, Name: d.Name})
		}
	}
	return choices
}
