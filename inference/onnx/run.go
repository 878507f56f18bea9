package onnx

import (
	"context"
	"fmt"

	ort "github.com/yalue/onnxruntime_go"
)

// run runs the session once. Terminate, called when ctx ends, makes ONNX
// Runtime return with an error before the next node of the graph.
func (m *Model) run(ctx context.Context, frames []float32) (outputs []ort.Value, err error) {
	inputs, err := m.layout.tensors(frames)
	if err != nil {
		return nil, err
	}
	defer destroy(inputs)
	options, err := ort.NewRunOptions()
	if err != nil {
		return nil, err
	}
	defer func() { _ = options.Destroy() }()

	terminated := make(chan struct{}) // closed by the function given to AfterFunc
	stop := context.AfterFunc(ctx, func() {
		defer close(terminated)
		_ = options.Terminate()
	})
	_, names := m.layout.names()
	outputs = make([]ort.Value, len(names)) // ONNX Runtime makes them
	err = m.session.RunWithOptions(inputs, outputs, options)
	if !stop() {
		<-terminated // the options must outlive it
	}
	return outputs, err
}

func destroy(values []ort.Value) {
	for _, v := range values {
		if v != nil {
			_ = v.Destroy()
		}
	}
}

// scores returns the rows of the logits output, float32 [1,rows,vocab], cut
// to the length the graph gives beside it, if it gives one. The slice is a
// copy that outlives the outputs.
func scores(outputs []ort.Value) (logits []float32, vocab int, err error) {
	shape := outputs[0].GetShape()
	tensor, ok := outputs[0].(*ort.Tensor[float32])
	if !ok || len(shape) != 3 || shape[0] != 1 || shape[2] < 1 {
		return nil, 0, fmt.Errorf("the model answered with logits of shape %v, not [1,T,vocabulary]; use an export of MedASR", shape)
	}
	rows, vocab := shape[1], int(shape[2])
	if len(outputs) > 1 {
		length, ok := outputs[1].(*ort.Tensor[int64])
		if !ok || len(length.GetData()) != 1 || length.GetData()[0] < 0 || length.GetData()[0] > rows {
			return nil, 0, fmt.Errorf("the model's %s does not fit its %d rows; use an export of MedASR", lengthOutput, rows)
		}
		rows = length.GetData()[0]
	}
	return tensor.GetData()[:int(rows)*vocab], vocab, nil
}
