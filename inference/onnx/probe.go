package onnx

import (
	"fmt"
	"strings"
)

// A probe is what the process answers that asks a driver for its cards.
type probe struct {
	Cards  []card
	Reason string // why there are none
}

// A card is what a driver says of it.
type card struct {
	Name, Driver, DriverInfo string
	Kind                     int32  // VkPhysicalDeviceType
	Vendor                   uint32 // on the PCI bus
	DriverVersion            uint32 // as the vendor numbers them
	Memory                   int64
	Lanes                    int // of a subgroup, 0 if it is not known
}

// VkPhysicalDeviceType.
const (
	inProcessor = 1
	ofItsOwn    = 2
	software    = 4
)

// device is a card as one of ours.
func (c card) device(kind string) Device {
	d := Device{
		Kind:       kind,
		Name:       words(c.Name),
		Vendor:     vendors[c.Vendor],
		Driver:     c.driver(kind),
		Memory:     c.Memory,
		Software:   c.Kind == software || emulated(c.Name),
		integrated: c.Kind != ofItsOwn,
		lanes:      c.Lanes,
	}
	if d.Name == "" {
		d.Name = "a card without a name"
	}
	return d
}

// driver is "NVIDIA 580.95.5", "radv Mesa 25.0.7", "CUDA 13.0".
func (c card) driver(kind string) string {
	v := c.DriverVersion
	switch {
	case kind == kindCUDA:
		return fmt.Sprintf("CUDA %d.%d", v/1000, v%1000/10)
	case c.DriverInfo != "":
		return words(c.Driver + " " + c.DriverInfo)
	case vendors[c.Vendor] == "NVIDIA":
		return words(fmt.Sprintf("%s %d.%d.%d", c.Driver, v>>22, v>>14&0xff, v>>6&0xff))
	case v != 0:
		return words(fmt.Sprintf("%s %d.%d.%d", c.Driver, v>>22, v>>12&0x3ff, v&0xfff))
	}
	return words(c.Driver)
}

// emulated reports a software driver by its name, for those that do not say so.
func emulated(name string) bool {
	name = strings.ToLower(name)
	for _, known := range []string{"swiftshader", "llvmpipe", "lavapipe", "softpipe", "basic render"} {
		if strings.Contains(name, known) {
			return true
		}
	}
	return false
}

// words makes one line of what a driver says.
func words(s string) string {
	return strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "?")
}
