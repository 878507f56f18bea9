package onnx

import (
	"errors"

	ort "github.com/yalue/onnxruntime_go"
)

// onCPU makes the session on the CPU.
func (m *Model) onCPU(o Options) error {
	options, err := sessionOptions(m.threads)
	if err != nil {
		return err
	}
	defer func() { _ = options.Destroy() }()
	m.session, err = create(m.path, &m.layout, options, o.Profile)
	return err
}

func create(graph string, l *layout, o *ort.SessionOptions, profile string) (*ort.DynamicAdvancedSession, error) {
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
