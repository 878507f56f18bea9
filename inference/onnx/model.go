package onnx

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

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
	// Profile, if not empty, is how the path begins of a JSON file into which
	// ONNX Runtime writes, while the model runs and until it is closed, how long
	// every node of the graph took.
	Profile string
}

// A Model is an acoustic model in ONNX Runtime, on the CPU. It is safe for
// concurrent use and runs one call at a time.
type Model struct {
	path    string
	layout  layout
	threads int

	mu      sync.Mutex
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
	m := &Model{path: graph, layout: layout, threads: o.Threads}
	if m.threads <= 0 {
		m.threads = cores()
	}
	if err := opened(); err != nil {
		return nil, err
	}
	if m.session, err = session(graph, &layout, m.threads, o.Profile); err != nil {
		closed()
		return nil, fmt.Errorf("%s: ONNX Runtime cannot load the model (%s); copy the model folder again", graph, oneLine(err))
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

func session(graph string, l *layout, threads int, profile string) (*ort.DynamicAdvancedSession, error) {
	o, err := sessionOptions(threads)
	if err != nil {
		return nil, err
	}
	defer func() { _ = o.Destroy() }()
	if profile != "" {
		if err := o.EnableProfiling(profile); err != nil {
			return nil, err
		}
	}
	inputs, outputs := l.names()
	return ort.NewDynamicAdvancedSession(graph, inputs, outputs, o)
}

// sessionOptions: threads that wait asleep, because a desktop is never idle
// and spinning ones take the cores from everything else; no memory pattern,
// which would keep memory for every length seen; the arena, which is then flat.
func sessionOptions(threads int) (*ort.SessionOptions, error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		o.SetIntraOpNumThreads(threads),
		o.SetInterOpNumThreads(1),
		o.SetExecutionMode(ort.ExecutionModeSequential),
		o.AddSessionConfigEntry("session.intra_op.allow_spinning", "0"),
		o.AddSessionConfigEntry("session.inter_op.allow_spinning", "0"),
		o.SetMemPattern(false),
		o.SetCpuMemArena(true),
		o.SetGraphOptimizationLevel(ort.GraphOptimizationLevelEnableAll),
		o.SetLogSeverityLevel(ort.LoggingLevelFatal),
	)
	if err != nil {
		_ = o.Destroy()
		return nil, err
	}
	return o, nil
}

// Device says in words what computes: "CPU, 2 threads".
func (m *Model) Device() string {
	if m.threads == 1 {
		return "CPU, 1 thread"
	}
	return fmt.Sprintf("CPU, %d threads", m.threads)
}

// Close frees the model, after the run that is under way. Closing twice does
// nothing.
func (m *Model) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
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
// node. The frames are the caller's and must not change meanwhile.
func (m *Model) Logits(ctx context.Context, frames []float32) (logits []float32, vocab int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
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
		return nil, 0, fmt.Errorf("%s: ONNX Runtime cannot run the model (%s); copy the model folder again", m.path, oneLine(err))
	}
	defer destroy(outputs)
	if logits, vocab, err = scores(outputs); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", m.path, err)
	}
	return logits, vocab, nil
}
