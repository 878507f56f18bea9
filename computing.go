package main

import (
	"sync"

	"fermata/inference/card"
)

// computing is what computes, in words, for whoever wants to hear of changes. The
// zero value is the CPU, of which nothing is known.
type computing struct {
	mu            sync.Mutex
	device, speed string // now
	cpu, cpuSpeed string // of the CPU
	tell          func(device, speed string)
}

// onCPU says what the CPU is and how fast.
func (c *computing) onCPU(device, speed string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cpu, c.cpuSpeed = device, speed
	c.device, c.speed = device, speed
}

// tryAgain is what to do about a card that failed; it is a button's name.
const tryAgain = "; choose Try the card again in the settings"

// change takes a card's state over.
func (c *computing) change(s card.State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.device, c.speed = s.Words, c.cpuSpeed
	switch {
	case s.Card != nil:
		c.speed = inWords(s.Verdict.Card, false)
	case s.Words == "":
		c.device = c.cpu
	case s.Failed:
		c.device += tryAgain
	}
	if c.tell != nil {
		c.tell(c.device, c.speed)
	}
}

// listen has tell hear what computes, at once and whenever that changes. It must
// not wait.
func (c *computing) listen(tell func(device, speed string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tell = tell
	tell(c.device, c.speed)
}
