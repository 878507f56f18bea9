package onnx

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fermata/inference/mel"
)

// trial is the kind of a process that tries a model on a card.
const trial = "try"

// An outcome is what became of a trial, "" if all went well.
type outcome struct {
	Error  string
	NoCard bool
}

// Try loads a graph on a card and runs it, in a process of its own, which a
// driver that crashes then ends instead of this one. It is for the first time
// that a card is used, and after its driver has changed; it takes as long as
// loading and compiling does, after which both are quicker, since drivers keep
// what they compiled. ONNX Runtime must have been started. The error is one
// of [Load], or says that the driver crashed, or is ctx's, and within a second
// of its end. On Windows and macOS it does nothing.
func Try(ctx context.Context, graph string, o Options) error {
	runtimeState.Lock()
	library, cuda := runtimeState.library, runtimeState.cuda
	runtimeState.Unlock()
	if library == "" {
		return errors.New("ONNX Runtime: is not started; call Start first")
	}
	var result outcome
	err := apart(ctx, &result, trial, library, cuda, graph, o.Device)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errDied):
		return fmt.Errorf("device %s: the graphics driver crashed when the model was tried; update the driver, or use the CPU", o.Device)
	case err != nil:
		return fmt.Errorf("device %s: cannot be tried (%s); use the CPU", o.Device, oneLine(err))
	case result.NoCard:
		return noCardError(result.Error)
	case result.Error != "":
		return errors.New(result.Error)
	}
	return nil
}

// noCardError is an ErrNoCard that was told by another process.
type noCardError string

func (e noCardError) Error() string { return string(e) }
func (noCardError) Unwrap() error   { return ErrNoCard }

// tryHere tries within this process.
func tryHere(args []string) outcome {
	if len(args) != 4 {
		return outcome{Error: "a trial needs a library, a folder, a graph and a device"}
	}
	err := tried(args[0], args[1], args[2], args[3])
	if err != nil {
		return outcome{strings.ReplaceAll(err.Error(), "\n", ", "), errors.Is(err, ErrNoCard)}
	}
	return outcome{}
}

// tried runs a second of sound, and enough for attention's other program.
func tried(library, cuda, graph, device string) error {
	if err := StartWithCUDA(library, cuda); err != nil {
		return err
	}
	m, err := Load(graph, Options{Device: device})
	if err != nil {
		return errors.Join(err, Stop())
	}
	for _, n := range []int{98, 137} {
		if _, _, runs := m.Logits(context.Background(), make([]float32, n*mel.Bins)); runs != nil {
			err = runs
			break
		}
	}
	return errors.Join(err, m.Close(), Stop())
}
