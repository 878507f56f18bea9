package cli

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"fermata/inference"
)

// seconds is a flag: a duration ("20s", "500ms") or a bare number of seconds.
type seconds float64

func (s *seconds) Set(text string) error {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		d, errDuration := time.ParseDuration(text)
		if errDuration != nil {
			return fmt.Errorf("%q is not a time like 20s or 500ms", text)
		}
		value = d.Seconds()
	}
	if math.IsNaN(value) || value < 0 || value > 24*3600 {
		return fmt.Errorf("%q is not a time between 0 and 24 hours", text)
	}
	*s = seconds(value)
	return nil
}

func (s *seconds) String() string { return strconv.FormatFloat(float64(*s), 'g', -1, 64) + "s" }

// Type is the word that help prints for the flag's value.
func (s *seconds) Type() string { return "time" }

func (s *seconds) samples() int { return int(math.Round(float64(*s) * inference.SampleRate)) }
