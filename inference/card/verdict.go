package card

import (
	"fmt"
	"math"
	"time"
)

// A Verdict is what a check found of one card with one model. It is a plain
// value that can be kept as JSON.
type Verdict struct {
	OK         bool    `json:"ok"`         // the card's answers agree, and it is worth using
	Same       bool    `json:"same"`       // the answers agree
	Words      string  `json:"words"`      // for the user: "NVIDIA RTX A2000, checked, 4.1 times this CPU"
	Faster     float64 `json:"faster"`     // how many times as fast as the CPU
	Difference float64 `json:"difference"` // of the scores at most, in shares of their spread
	// Card and CPU are the times of a window of 20 s, warm. Where the card is so
	// slow that a window of 5 s tells, they are four times that window's.
	Card time.Duration `json:"card"`
	CPU  time.Duration `json:"cpu"`
	// First is how long the first run took, with everything that is compiled
	// then.
	First time.Duration `json:"first"`
	When  time.Time     `json:"when"`
	Vocab int           `json:"vocab"` // scores in a row
	// Late says that a software driver was given up, so that whether its answers
	// agree is not known.
	Late  bool `json:"late"`
	Final bool `json:"final"` // the same would be found again; else the card is checked at the next start, too
}

// Device is what has to be known of a card to speak of it.
type Device struct {
	ID       string // "webgpu:0"
	Name     string // "NVIDIA RTX A2000"
	Software bool   // it is a program that passes as a card
}

// UsingCPU begins what is said where a card is not used, and the reason follows.
const UsingCPU = "using the CPU: "

// rated is v with its verdict on the speed.
func (v Verdict) rated(d Device) Verdict {
	v.Faster = v.CPU.Seconds() / v.Card.Seconds()
	v.OK = v.Same && v.Faster >= worthwhile
	switch {
	case v.OK:
		v.Words = v.inUse(d)
	case d.Software:
		v.Words = fmt.Sprintf("%sthe graphics driver is a software one (%s)", UsingCPU, compared(v.Faster))
	default:
		v.Words = fmt.Sprintf("%s%s gains too little (%s)", UsingCPU, d.Name, compared(v.Faster))
	}
	return v
}

// inUse is what is said while the card computes, which a slow one does where the
// user asked for it.
func (v Verdict) inUse(d Device) string {
	return fmt.Sprintf("%s, checked, %s", d.Name, against(v.Faster, " this CPU", " than this CPU"))
}

// compared is a speed as it stands in brackets.
func compared(faster float64) string { return against(faster, " as fast", "") }

// against says how fast something is that is so many times as fast as the CPU.
func against(faster float64, asMuch, than string) string {
	if faster >= 0.95 {
		return times(faster) + asMuch
	}
	return times(1/faster) + " slower" + than
}

// times is a factor with as many digits as mean something.
func times(factor float64) string {
	if factor >= 9.95 {
		return fmt.Sprintf("%.0f times", factor)
	}
	return fmt.Sprintf("%.1f times", factor)
}

// sound says whether v, which was kept in a file, can be a verdict.
func (v Verdict) sound() bool {
	return v.Words != "" && v.Card >= 0 && v.CPU >= 0 && !math.IsNaN(v.Faster) &&
		(!v.Same || v.Card > 0 && v.CPU > 0 && v.Faster > 0 && v.Vocab > 0) && (!v.OK || v.Same)
}
