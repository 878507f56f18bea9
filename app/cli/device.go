package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// The devices that are not named: see [Choice].
const (
	automatic = "auto"
	onCPU     = "cpu"
	onGPU     = "gpu"
)

// A Device is something that can compute.
type Device struct {
	ID     string `json:"id"` // "cpu", "webgpu:0"
	Name   string `json:"name"`
	Driver string `json:"driver,omitempty"`
	Memory int64  `json:"memory,omitempty"` // bytes
	// Verdict is what the last check of a graphics card found, "" if there was none.
	Verdict string `json:"verdict,omitempty"`
}

// deviceFlag says what computes.
type deviceFlag struct {
	device string
	cards  func() ([]Device, error)
}

func (d *deviceFlag) add(cmd *cobra.Command, parts Parts) {
	d.cards = parts.Cards
	cmd.Flags().StringVar(&d.device, "device", automatic, "what computes: auto (a graphics card that was checked and is faster, else the CPU), cpu, gpu, or the `NAME` or ID of one that 'fermata devices' lists")
}

// check makes an ID of a name. Names are looked up only where one is given,
// because that asks the graphics drivers.
func (d *deviceFlag) check(cmd *cobra.Command) error {
	switch d.device {
	case automatic:
		d.device = ""
		return nil
	case onCPU, onGPU:
		return nil
	}
	var cards []Device
	if d.cards != nil {
		cards, _ = d.cards() // where there are none, that is what is told
	}
	id, ok := named(cards, d.device)
	if !ok {
		return oneOf(cmd, "device", d.device, append([]string{automatic, onCPU, onGPU}, ids(cards)...)...)
	}
	d.device = id
	return nil
}

// named finds the card of that ID or name, the first where two have the same.
func named(cards []Device, wanted string) (id string, ok bool) {
	i := slices.IndexFunc(cards, func(c Device) bool { return c.ID == wanted })
	if i < 0 {
		i = slices.IndexFunc(cards, func(c Device) bool { return wanted != "" && strings.EqualFold(c.Name, wanted) })
	}
	if i < 0 {
		return "", false
	}
	return cards[i].ID, true
}

func ids(cards []Device) []string {
	var all []string
	for _, c := range cards {
		all = append(all, c.ID)
	}
	return all
}

// words are what is known of a device but its name.
func (d Device) words() string {
	var known []string
	if d.Driver != "" {
		known = append(known, d.Driver)
	}
	if d.Memory > 0 {
		known = append(known, fmt.Sprintf("%.1f GB", float64(d.Memory)/(1<<30)))
	}
	if d.Verdict != "" {
		known = append(known, d.Verdict)
	}
	return strings.Join(known, "; ")
}
