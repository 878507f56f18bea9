package onnx

import (
	"fmt"
	"strings"

	ort "github.com/yalue/onnxruntime_go"

	"fermata/inference/mel"
)

// A family is one way MedASR is exported: how its inputs are named. People
// share three, and the graph that models/lasr builds is of the last.
type family struct {
	features, mask string // mask "" where there is none
}

// families are the exports of sherpa-onnx; of those who trace LasrForCTC with
// its attention mask, as int32, int64 or bool; and of those who leave it out.
var families = []family{
	{"x", "mask"},
	{"input_features", "attention_mask"},
	{"input_features", ""},
}

// Outputs that are asked for.
const (
	logitsOutput = "logits"
	lengthOutput = "logits_len"
)

// A layout is what one graph takes and gives.
type layout struct {
	features port
	mask     *port // nil where there is none
	length   bool  // whether there is a lengthOutput
	vocab    int   // 0 if the graph does not say
}

// recognise returns the layout of a graph by the names and types of its
// inputs and outputs, whatever their order.
func recognise(inputs, outputs []port) (layout, error) {
	for _, f := range families {
		if l, ok := f.match(inputs); ok {
			return l, l.answer(outputs)
		}
	}
	return layout{}, fmt.Errorf("its inputs are %s, which Fermata does not know; use an export of MedASR with input_features [1,T,128], with or without attention_mask, or with x and mask", list(inputs))
}

func (f family) match(inputs []port) (l layout, ok bool) {
	features := named(inputs, f.features)
	if features == nil || features.element != float32Element || !fits(features.shape, 1, -1, mel.Bins) {
		return layout{}, false
	}
	l = layout{features: *features}
	if f.mask == "" {
		return l, len(inputs) == 1
	}
	l.mask = named(inputs, f.mask)
	return l, len(inputs) == 2 && l.mask != nil && fits(l.mask.shape, 1, -1) && ones(l.mask.element, 1) != nil
}

// answer fills in what the outputs say. Outputs of other names are not asked
// for.
func (l *layout) answer(outputs []port) error {
	logits := named(outputs, logitsOutput)
	if logits == nil || logits.element != float32Element || !fits(logits.shape, 1, -1, -1) {
		return fmt.Errorf("its outputs are %s, and Fermata needs logits, float32 [1,T,vocabulary]; use an export of MedASR that gives them", list(outputs))
	}
	if len(logits.shape) == 3 && logits.shape[2] > 0 {
		l.vocab = int(logits.shape[2])
	}
	length := named(outputs, lengthOutput)
	l.length = length != nil && length.element == int64Element
	return nil
}

// names are those of the inputs and outputs to bind.
func (l *layout) names() (inputs, outputs []string) {
	inputs, outputs = []string{l.features.name}, []string{logitsOutput}
	if l.mask != nil {
		inputs = append(inputs, l.mask.name)
	}
	if l.length {
		outputs = append(outputs, lengthOutput)
	}
	return inputs, outputs
}

// tensors returns the inputs for so many frames. They use the slice's memory
// and are to be destroyed before it changes.
func (l *layout) tensors(frames []float32) ([]ort.Value, error) {
	n := int64(len(frames) / mel.Bins)
	features, err := ort.NewTensor(ort.NewShape(1, n, mel.Bins), frames)
	if err != nil {
		return nil, err
	}
	if l.mask == nil {
		return []ort.Value{features}, nil
	}
	mask, err := ones(l.mask.element, n)()
	if err != nil {
		_ = features.Destroy()
		return nil, err
	}
	return []ort.Value{features, mask}, nil
}

// ones returns what makes a mask of n valid frames, nil for a type that
// masks do not have. In a single clip every frame is valid.
func ones(e element, n int64) func() (ort.Value, error) {
	switch e {
	case int32Element:
		return func() (ort.Value, error) { return filled[int32](n, 1) }
	case int64Element:
		return func() (ort.Value, error) { return filled[int64](n, 1) }
	case boolElement:
		return func() (ort.Value, error) { return filled(n, true) }
	}
	return nil
}

func filled[T ort.TensorData](n int64, one T) (ort.Value, error) {
	mask := make([]T, n)
	for i := range mask {
		mask[i] = one
	}
	return ort.NewTensor(ort.NewShape(1, n), mask)
}

// fits reports whether a graph's shape, in which a length may vary (-1) and
// which may be unknown (nil), admits the one wanted, in which any length
// will do (-1).
func fits(shape []int64, wanted ...int64) bool {
	if shape == nil {
		return true
	}
	if len(shape) != len(wanted) {
		return false
	}
	for i, w := range wanted {
		if w >= 0 && shape[i] >= 0 && shape[i] != w {
			return false
		}
	}
	return true
}

func named(ports []port, name string) *port {
	for i := range ports {
		if ports[i].name == name {
			return &ports[i]
		}
	}
	return nil
}

// list names a few ports for a sentence.
func list(ports []port) string {
	if len(ports) == 0 {
		return "none"
	}
	const most = 4
	var names []string
	for i, p := range ports {
		if i == most {
			names = append(names, fmt.Sprintf("%d more", len(ports)-most))
			break
		}
		names = append(names, p.String())
	}
	return strings.Join(names, ", ")
}
