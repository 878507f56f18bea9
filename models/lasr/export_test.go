package lasr

import "context"

// BuildSevenBits builds the int8 graph for a processor that needs small weights.
func (c *Checkpoint) BuildSevenBits(dir string) error {
	return c.build(context.Background(), dir, describe(c.config, numeral{Int8, narrow}))
}
