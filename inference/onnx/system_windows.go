package onnx

import (
	"strconv"
	"strings"

	ort "github.com/yalue/onnxruntime_go"
)

// cards returns the two ways to the card that Windows prefers: Dawn's WebGPU
// on Direct3D 12, and DirectML, both inside the pinned library. Untested: no
// such system was at hand. Names, drivers and memory are not asked for.
func cards() ([]Device, error) {
	const name = "the graphics card that Windows prefers"
	return []Device{
		{ID: kindWebGPU + ":0", Kind: kindWebGPU, Name: name},
		{ID: "directml:0", Kind: "directml", Name: name},
	}, nil
}

func processor() Device { return Device{ID: kindCPU, Kind: kindCPU, Name: "CPU"} }

// appendSystem adds DirectML, which wants neither memory patterns nor parallel
// execution; [sessionOptions] has neither.
func appendSystem(o *ort.SessionOptions, d Device) error {
	_, number, _ := strings.Cut(d.ID, ":")
	n, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	return o.AppendExecutionProviderDirectML(n)
}
