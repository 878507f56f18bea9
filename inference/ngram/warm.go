package ngram

import (
	"context"
	"fmt"
	"io"
	"os"
)

// Warm reads the whole file once, so that the system has it at hand and scores
// need not wait for the disk: the first ones of a file that was not read since
// the machine started take milliseconds each. It counts for none of the
// program's memory. It blocks until it is done or ctx ends; nothing depends on
// it, so its error may be ignored.
func (m *Model) Warm(ctx context.Context) error {
	file, err := os.Open(m.path)
	if err != nil {
		return fmt.Errorf("%s: %w", m.name, unreadable(err))
	}
	defer func() { _ = file.Close() }() // only read
	for block := make([]byte, 1<<20); ctx.Err() == nil; {
		switch _, err := file.Read(block); {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", m.name, unreadable(err))
		}
	}
	return ctx.Err()
}
