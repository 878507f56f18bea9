package onnx

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kinds of devices: how ONNX Runtime reaches them.
const (
	kindCPU    = "cpu"
	kindWebGPU = "webgpu"
	kindCUDA   = "cuda"
)

// ErrNoCard is in the error of [Devices] and [Load] where there is no graphics
// card, no driver for it, or none that answers.
var ErrNoCard = errors.New("no graphics card")

// A Device is something that can compute.
type Device struct {
	ID     string // "cpu", "webgpu:0", "cuda:0": stable while the hardware is
	Kind   string // "cpu", "webgpu", "cuda"; on other systems also "directml", "coreml"
	Name   string // "NVIDIA RTX A2000"
	Vendor string // "NVIDIA", "" if it is not known
	Driver string // its name and version, "" if it is not known
	Memory int64  // bytes of its own, 0 if they are not known
	// Software is true where the driver says that the processor computes what a
	// card should, as SwiftShader and llvmpipe do: 10 to 500 times slower
	// than the CPU used as such.
	Software bool

	integrated bool // a card within the processor
	lanes      int  // of a subgroup of threads, 0 if it is not known
}

// Devices returns what can compute: the CPU first, then cards, the best first.
// The list is right even with an error, which then wraps [ErrNoCard] and says
// in words why there is no card in it. A card stands there once for each way
// to it. On Linux a short-lived process of our own executable asks the
// drivers, because a broken one may crash or hang: the answer takes some
// 50 ms, and three seconds at most. ONNX Runtime need not be started, but only
// then CUDA is looked for. Safe for concurrent use.
func Devices() ([]Device, error) {
	devices, err := cards()
	devices = append([]Device{processor()}, devices...)
	if len(devices) > 1 {
		return devices, nil
	}
	return devices, err
}

// choose returns the device of that ID, or the best card for "gpu".
func choose(id string) (Device, []Device, error) {
	devices, reason := Devices()
	var ids []string
	for _, d := range devices[1:] {
		if d.ID == id || id == "gpu" {
			return d, devices, nil
		}
		ids = append(ids, d.ID)
	}
	if kind, _, _ := strings.Cut(id, ":"); kind == kindCUDA {
		if err := cudaMissing(); err != nil {
			return Device{}, nil, err
		}
	}
	if reason != nil {
		return Device{}, nil, reason
	}
	return Device{}, nil, fmt.Errorf("device %.60q: there is none of that name, only cpu, %s; choose one of these", id, strings.Join(ids, ", "))
}

// rank sorts as Dawn does when it is asked for high performance: cards of
// their own, then those within the processor, then software.
func rank(devices []Device) {
	slices.SortStableFunc(devices, func(a, b Device) int { return cmp.Compare(a.class(), b.class()) })
}

func (d Device) class() int {
	switch {
	case d.Software:
		return 2
	case d.integrated:
		return 1
	}
	return 0
}

// vendors are the numbers of the PCI bus, and of Khronos for what is on none.
var vendors = map[uint32]string{
	0x1002: "AMD", 0x10de: "NVIDIA", 0x8086: "Intel", 0x106b: "Apple", 0x13b5: "Arm", 0x5143: "Qualcomm",
	0x1010: "Imagination", 0x14e4: "Broadcom", 0x1414: "Microsoft", 0x15ad: "VMware", 0x1ae0: "Google", 0x10005: "Mesa",
}
