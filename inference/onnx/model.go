package onnx

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	ort "github.com/yalue/onnxruntime_go"

	"fermata/inference"
	"fermata/inference/mel"
)

var _ inference.Acoustic = (*Model)(nil)

// leastFrames is what MedASR's sub-sampler needs for one row.
const leastFrames = 13

// Options says how a model computes.
type Options struct {
	// Threads is how many threads compute; 0 is one for each physical core
	// the process may use.
	Threads int
	// Device is what computes: "" or "cpu", the ID of one of [Devices], or "gpu"
	// for the best that is not the CPU. For a card the graph should be of float32:
	// of an int8 one the multiplications stay on the CPU.
	Device string
	// Profile, if not empty, is how the path begins of a JSON file into which
	// ONNX Runtime writes, while the model runs and until it is closed, how long
	// every node of the graph took.
	Profile string
}

// A Model is an acoustic model in ONNX Runtime, on the CPU or a card. It is
// safe for concurrent use and runs one call at a time.
type Model struct {
	path    string
	layout  layout
	threads int
	device  Device

	turn    chan struct{}               // holds one token while a call runs
	session *ort.DynamicAdvancedSession // nil when closed
}

// Load opens an ONNX file, with its external data beside it if it has any.
// ONNX Runtime must have been started. The graph must be of one of three
// families: inputs "x" float32 [N,T,128] and "mask" int64 [N,T], outputs
// "logits" and "logits_len" (sherpa-onnx); inputs "input_features" and
// "attention_mask" of int32, int64 or bool, output "logits"; the same without
// a mask. Others are refused with a sentence that names their inputs.
func Load(graph string, o Options) (*Model, error) {
	layout, err := inspect(graph)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", graph, err)
	}
	m := &Model{path: graph, layout: layout, threads: o.Threads, turn: make(chan struct{}, 1)}
	if m.threads <= 0 {
		m.threads = cores()
	}
	if err := opened(); err != nil {
		return nil, err
	}
	if o.Device == "" || o.Device == kindCPU {
		m.device = processor()
		if err = m.onCPU(o); err != nil {
			err = fmt.Errorf("%s: ONNX Runtime cannot load the model (%s); copy the model folder again", graph, oneLine(err))
		}
	} else {
		err = m.onCard(o)
	}
	if err != nil {
		closed()
		return nil, err
	}
	return m, nil
}

// inspect returns the layout of a graph without loading it.
func inspect(graph string) (layout, error) {
	file, err := os.Open(graph)
	if err != nil {
		return layout{}, fmt.Errorf("the model cannot be opened (%w); check the model folder", cause(err))
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return layout{}, fmt.Errorf("the model cannot be read (%w); check the model folder", cause(err))
	}
	if !info.Mode().IsRegular() {
		return layout{}, errors.New("is not a file; name the ONNX file of the model")
	}
	inputs, outputs, err := ports(file, info.Size())
	if err != nil {
		return layout{}, fmt.Errorf("%w; copy the model folder again", err)
	}
	return recognise(inputs, outputs)
}

// cause is the reason in a file system's error, without the path.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Device says in words what computes: "CPU, 2 threads", "NVIDIA RTX A2000 (WebGPU)".
func (m *Model) Device() string {
	switch {
	case m.card():
		return m.device.label()
	case m.threads == 1:
		return "CPU, 1 thread"
	}
	return fmt.Sprintf("CPU, %d threads", m.threads)
}

// On returns the device that computes.
func (m *Model) On() Device { return m.device }

// card reports whether a card computes.
func (m *Model) card() bool { return m.device.Kind != "" && m.device.Kind != kindCPU }

func (m *Model) leave() { <-m.turn }

// patience is how long Close waits for a card.
var patience = 5 * time.Second

// Close frees the model, after the run that is under way. Closing twice does
// nothing. If the driver of a card hangs, Close gives up after a few seconds
// with an error; the model's memory then stays until the process ends.
func (m *Model) Close() error {
	var late <-chan time.Time
	if m.card() {
		late = time.After(patience)
	}
	select {
	case m.turn <- struct{}{}:
	case <-late:
		return fmt.Errorf("%s: the graphics driver hangs; start Fermata again, and update the driver", m.device.label())
	}
	defer m.leave()
	if m.session == nil {
		return nil
	}
	err := m.session.Destroy()
	m.session = nil
	closed()
	return err
}

// Logits runs the network once; see [inference.Acoustic]. The number of rows
// is what the graph answers. When ctx ends the run stops before its next
// node; on a card, whose driver may hang, Logits then returns within 0.2 s
// even if the run does not end, and the model takes no other until it has. The
// frames are the caller's and must not change meanwhile.
func (m *Model) Logits(ctx context.Context, frames []float32) (logits []float32, vocab int, err error) {
	select {
	case m.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	if m.card() {
		return m.logitsOnCard(ctx, frames)
	}
	defer m.leave()
	return m.logits(ctx, frames)
}

// logits is Logits for the one whose turn it is.
func (m *Model) logits(ctx context.Context, frames []float32) (logits []float32, vocab int, err error) {
	switch {
	case m.session == nil:
		return nil, 0, fmt.Errorf("%s: the model is closed; load it again", m.path)
	case len(frames)%mel.Bins != 0:
		return nil, 0, fmt.Errorf("%s: %d features are no whole frames of %d", m.path, len(frames), mel.Bins)
	case ctx.Err() != nil:
		return nil, 0, ctx.Err()
	case len(frames) < leastFrames*mel.Bins:
		return nil, m.layout.vocab, nil
	}
	outputs, err := m.run(ctx, frames)
	if ctx.Err() != nil {
		destroy(outputs)
		return nil, 0, ctx.Err()
	}
	if err != nil {
		return nil, 0, m.failed(err)
	}
	defer destroy(outputs)
	if logits, vocab, err = scores(outputs); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", m.path, err)
	}
	return logits, vocab, nil
}

// failed is an error of a run in words.
func (m *Model) failed(err error) error {
	if m.card() {
		return fmt.Errorf("%s: it stopped computing (%s); use the CPU", m.device.label(), oneLine(innermost(err)))
	}
	return fmt.Errorf("%s: ONNX Runtime cannot run the model (%s); copy the model folder again", m.path, oneLine(err))
}
