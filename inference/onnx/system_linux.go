package onnx

import (
	"fmt"

	ort "github.com/yalue/onnxruntime_go"
)

// appendSystem is for providers of other systems.
func appendSystem(_ *ort.SessionOptions, d Device) error {
	return fmt.Errorf("%s is not of this system", d.Kind)
}
