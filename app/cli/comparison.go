package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"fermata/models/lasr"
)

// A comparison is what verify found.
type comparison struct {
	Reference string            `json:"reference"`
	Model     string            `json:"model"`
	Precision string            `json:"precision"`
	Versions  map[string]string `json:"versions"` // of the reference's makers
	Seconds   float64           `json:"seconds"`
	Same      bool              `json:"same"`
	Stages    []stage           `json:"stages"`
	Notes     []string          `json:"notes"`
}

// A stage is one step of recognition compared.
type stage struct {
	Name string `json:"name"`
	Of   string `json:"of"` // what it was computed from
	Same bool   `json:"same"`
	// Difference is the largest, and Tolerance what it may be, in Unit: of
	// features as they are, of scores in shares of the largest score, of ids in
	// shares of the rows, of text 0 or 1.
	Difference float64 `json:"difference"`
	Tolerance  float64 `json:"tolerance"`
	Unit       string  `json:"unit,omitempty"`
	Where      string  `json:"where,omitempty"` // of the largest difference, in words
}

func (c *comparison) add(s stage) {
	s.Same = s.Where == "" || s.Difference <= s.Tolerance
	c.Stages = append(c.Stages, s)
}

// note adds a sentence, if it is one.
func (c *comparison) note(sentence string) {
	if sentence != "" {
		c.Notes = append(c.Notes, sentence)
	}
}

// conclude says what the stages amount to.
func (c *comparison) conclude() {
	c.Same = true
	for _, s := range c.Stages {
		c.Same = c.Same && s.Same
	}
}

func (c *comparison) print(w io.Writer) error {
	var b strings.Builder
	for _, s := range c.Stages {
		_, _ = fmt.Fprintf(&b, "%-9s  %s, from %s: %s\n", verdict(s.Same), s.Name, s.Of, s.words())
	}
	for _, note := range c.Notes {
		_, _ = fmt.Fprintf(&b, "\n%s\n", note)
	}
	_, _ = fmt.Fprintf(&b, "\n%s\n", c.conclusion())
	_, err := io.WriteString(w, b.String())
	return err
}

func verdict(same bool) string {
	if same {
		return "same"
	}
	return "DIFFERENT"
}

// words says how large the largest difference is, and where.
func (s stage) words() string {
	switch {
	case s.Where == "":
		return "equal"
	case s.Tolerance == 0:
		return s.Where
	}
	return fmt.Sprintf("differs by at most %.2g%s (may by %.2g), %s", s.Difference, s.Unit, s.Tolerance, s.Where)
}

func (c *comparison) conclusion() string {
	switch {
	case c.Same && c.Precision == string(lasr.Int8):
		return fmt.Sprintf("Fermata computes with %s what the reference computed on these %.1f s, as nearly as 8-bit weights can.", c.Model, c.Seconds)
	case c.Same:
		return fmt.Sprintf("Fermata computes with %s (%s) what the reference computed on these %.1f s.", c.Model, c.Precision, c.Seconds)
	}
	first := c.Stages[slices.IndexFunc(c.Stages, func(s stage) bool { return !s.Same })]
	return fmt.Sprintf("Fermata does not compute with %s (%s) what the reference computed on these %.1f s: the first difference is in the %s, from %s.",
		c.Model, c.Precision, c.Seconds, first.Name, first.Of)
}
