package onnx

import ort "github.com/yalue/onnxruntime_go"

// cards returns the two ways to the graphics of a Mac: Dawn's WebGPU on Metal,
// and Core ML, both inside the pinned library. Untested: no such system was at
// hand. Names, drivers and memory are not asked for.
func cards() ([]Device, error) {
	const name = "this Mac's graphics"
	return []Device{
		{ID: kindWebGPU + ":0", Kind: kindWebGPU, Name: name, Vendor: "Apple"},
		{ID: "coreml:0", Kind: "coreml", Name: name, Vendor: "Apple"},
	}, nil
}

func processor() Device { return Device{ID: kindCPU, Kind: kindCPU, Name: "CPU", Vendor: "Apple"} }

// appendSystem adds Core ML, as an ML program and without the neural engine:
// its older format and that engine compute in half precision, in which this
// network's activations overflow.
func appendSystem(o *ort.SessionOptions, _ Device) error {
	return o.AppendExecutionProviderCoreMLV2(map[string]string{"ModelFormat": "MLProgram", "MLComputeUnits": "CPUAndGPU"})
}
