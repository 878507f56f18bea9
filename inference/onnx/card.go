package onnx

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	ort "github.com/yalue/onnxruntime_go"

	"fermata/inference/mel"
)

// appendCard adds the provider of a device.
func appendCard(o *ort.SessionOptions, graph string, d Device, all []Device) error {
	_, number, _ := strings.Cut(d.ID, ":")
	switch d.Kind {
	case kindWebGPU:
		return appendWebGPU(o, graph, d, all)
	case kindCUDA:
		return appendCUDA(o, number)
	}
	return appendSystem(o, d)
}

// onCard makes the session on a card. Its options are its own: those of a
// provider that failed are not used again.
func (m *Model) onCard(o Options) error {
	device, all, err := choose(o.Device)
	if err != nil {
		return err
	}
	m.device = device
	quieten()
	options, err := sessionOptions(m.threads)
	if err != nil {
		return err
	}
	defer func() { _ = options.Destroy() }()
	if err := appendCard(options, m.path, device, all); err != nil {
		return refusal(device, err)
	}
	if m.session, err = create(m.path, &m.layout, options, o.Profile); err != nil {
		return fmt.Errorf("%s: cannot load the model (%s); use the CPU", device.label(), oneLine(innermost(err)))
	}
	return nil
}

// refusal is an error of a provider in words.
func refusal(d Device, err error) error {
	s := oneLine(innermost(err))
	switch {
	case strings.Contains(s, "adapter"), strings.Contains(s, "Adapter"):
		return fmt.Errorf("%w: %s: WebGPU refuses it, its driver is too old or lacks what is needed (%s); update the graphics driver, or use the CPU", ErrNoCard, d.label(), s)
	case d.Kind == kindCUDA:
		return fmt.Errorf("%s: the CUDA provider cannot be loaded (%s); install the CUDA and cuDNN libraries it was built for, or use WebGPU", d.label(), s)
	}
	return fmt.Errorf("%s: cannot be used (%s); use the CPU", d.label(), s)
}

// innermost is what ONNX Runtime's error says after the places in its source.
func innermost(err error) error {
	s := err.Error()
	for _, before := range []string{" was false. ", "with error: "} {
		if _, after, ok := strings.Cut(s, before); ok {
			s = after
		}
	}
	return errors.New(s)
}

// label is "NVIDIA RTX A2000 (WebGPU)".
func (d Device) label() string {
	way := map[string]string{kindWebGPU: "WebGPU", kindCUDA: "CUDA", "directml": "DirectML", "coreml": "Core ML"}[d.Kind]
	return fmt.Sprintf("%.100s (%s)", d.Name, way)
}

// logitsOnCard is Logits for a card, whose driver may hang in a call that
// nothing can end: it returns when ctx ends, a short while later at most. The
// run then ends by itself before its next node, and until it has, the model
// takes no other. The turn is held and given back.
func (m *Model) logitsOnCard(ctx context.Context, frames []float32) ([]float32, int, error) {
	const grace = 200 * time.Millisecond // for a run that does end
	type answer struct {
		logits []float32
		vocab  int
		err    error
	}
	frames = slices.Clone(frames) // the caller may change them as soon as we return
	done := make(chan answer, 1)
	go func() {
		defer m.leave()
		var a answer
		a.logits, a.vocab, a.err = m.logits(ctx, frames)
		done <- a
	}()
	var late <-chan time.Time
	ended := ctx.Done()
	for {
		select {
		case a := <-done:
			return a.logits, a.vocab, a.err
		case <-ended:
			ended, late = nil, time.After(grace)
		case <-late:
			return nil, 0, ctx.Err()
		}
	}
}

// warmLengths are numbers of frames after which WebGPU has no program left to
// compile for a network of MedASR's kind. Its programs take the length as a
// number, so that one set of 20 serves nearly all lengths and padding to a few
// of them would gain nothing; others are compiled where a convolution gives
// eight rows or fewer, or a multiple of its tile of eight or 32 (40, 41, 131,
// 137), where there are one or two rows (13, 17, 20), and from 32 rows on, for
// attention (137). This was counted in ONNX Runtime's log for 47 lengths up to
// 2000 frames. The rest, 1, 5 and 20 s, is for the buffers.
var warmLengths = []int{13, 17, 20, 40, 41, 98, 131, 137, 498, 1998}

// Warm runs windows of silence, so that a card has compiled its programs and
// has its buffers before someone waits for it. On the CPU it only reads the
// weights. It ends with ctx.
func (m *Model) Warm(ctx context.Context) error {
	for _, n := range warmLengths {
		if _, _, err := m.Logits(ctx, make([]float32, n*mel.Bins)); err != nil {
			return err
		}
	}
	return nil
}
