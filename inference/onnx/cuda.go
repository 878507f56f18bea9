package onnx

import (
	"errors"

	ort "github.com/yalue/onnxruntime_go"
)

// cudaMissing says why the CUDA provider cannot be used, nil if nothing is
// known against it. The folder is looked at once while ONNX Runtime is
// started.
func cudaMissing() error {
	runtimeState.Lock()
	defer runtimeState.Unlock()
	if runtimeState.library == "" {
		return errors.New("ONNX Runtime: is not started; call Start first")
	}
	if !runtimeState.cudaChecked {
		runtimeState.cudaChecked = true
		runtimeState.cudaError = checkCUDA(runtimeState.cuda)
	}
	return runtimeState.cudaError
}

// appendCUDA adds the provider to a session's options. TF32, which cards use
// for matrices unless told not to, has ten bits of mantissa: too few for what
// the check compares. Memory grows by what is asked for, not by doubling.
func appendCUDA(o *ort.SessionOptions, number string) error {
	c, err := ort.NewCUDAProviderOptions()
	if err != nil {
		return err
	}
	defer func() { _ = c.Destroy() }()
	err = c.Update(map[string]string{
		"device_id":              number,
		"use_tf32":               "0",
		"arena_extend_strategy":  "kSameAsRequested",
		"cudnn_conv_algo_search": "HEURISTIC",
	})
	if err != nil {
		return err
	}
	return o.AppendExecutionProviderCUDA(c)
}
