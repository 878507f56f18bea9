package onnx

import (
	"fmt"
	"os"
	"strings"

	ort "github.com/yalue/onnxruntime_go"
)

// flashLanes is how many threads a subgroup must have for ONNX Runtime's
// FlashAttention in WebGPU, which is used from 32 rows on: its shader takes
// keys eight or 16 at a time out of the subgroup's registers, and with fewer
// threads answers wrongly without a word. SwiftShader has four; AMD, Apple and
// NVIDIA have 32 or more, Intel eight or more.
const flashLanes = 8

// appendWebGPU adds the provider of Dawn's WebGPU: Vulkan on Linux, D3D12 on
// Windows, Metal on macOS. Dawn takes the first card in the order of [rank],
// or with low power those within the processor first. It cannot be told which
// of two cards of one kind to take.
func appendWebGPU(o *ort.SessionOptions, graph string, d Device, all []Device) error {
	preference, err := power(d, all)
	if err != nil {
		return err
	}
	settings := map[string]string{"powerPreference": preference}
	if 0 < d.lanes && d.lanes < flashLanes {
		attention, err := nodesOf(graph, "MultiHeadAttention")
		if err != nil {
			return err
		}
		if len(attention) > 0 {
			settings["forceCpuNodeNames"] = strings.Join(attention, "\n")
		}
	}
	return o.AppendExecutionProvider("WebGPU", settings)
}

// nodesOf returns the names of a graph's nodes of one operator.
func nodesOf(graph, operator string) ([]string, error) {
	file, err := os.Open(graph)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return nodes(file, info.Size(), operator)
}

// power returns Dawn's preference by which it takes the card d.
func power(d Device, all []Device) (string, error) {
	preference := "high-performance"
	if d.integrated && !d.Software {
		preference = "low-power"
	}
	for _, other := range all {
		sooner := other.class() == d.class() || d.Software
		if other.Kind == kindWebGPU && sooner {
			if other.ID == d.ID {
				break
			}
			return "", fmt.Errorf("of such cards WebGPU reaches only the first, %s", other.Name)
		}
	}
	return preference, nil
}
