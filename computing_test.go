package main

import (
	"testing"
	"time"

	"fermata/inference/card"
)

// TestComputingInWords follows a card through a day.
func TestComputingInWords(t *testing.T) {
	var c computing
	c.onCPU("CPU, 2 threads", "this computer finishes 20 s of speech in 2.0 s; 8-bit precision is quicker")
	var device, speed string
	c.listen(func(d, s string) { device, speed = d, s })
	slow := "this computer finishes 20 s of speech in 2.0 s; 8-bit precision is quicker"
	for _, step := range []struct {
		state         card.State
		device, speed string
	}{
		{card.State{}, "CPU, 2 threads", slow},
		{
			card.State{Card: &card.Card{}, Verdict: card.Verdict{Card: 10 * time.Millisecond}, Words: "NVIDIA RTX A2000, checked, 4.1 times this CPU"},
			"NVIDIA RTX A2000, checked, 4.1 times this CPU", "this computer finishes 20 s of speech in 0.01 s",
		},
		{
			card.State{Words: "using the CPU: the graphics card failed", Failed: true},
			"using the CPU: the graphics card failed; choose Try the card again in the settings", slow,
		},
		{card.State{Words: "using the CPU: the card's answer differs"}, "using the CPU: the card's answer differs", slow},
	} {
		if device, speed = "", ""; step.state.Words == "" {
			c.listen(func(d, s string) { device, speed = d, s })
		}
		c.change(step.state)
		if device != step.device || speed != step.speed {
			t.Errorf("%q, %q, want %q, %q", device, speed, step.device, step.speed)
		}
	}
}

func TestRefusedInWords(t *testing.T) {
	for words, want := range map[string]string{
		"using the CPU: the card's answer differs":                        "device gpu: the card's answer differs; use --device cpu",
		"using the CPU: no graphics card: no driver is there; install it": "no graphics card: no driver is there; install it",
	} {
		if got := refused("gpu", words).Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
