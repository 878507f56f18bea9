package cli

import (
	"fmt"
	"os"

	"fermata/app/cli/npy"
)

// writeNPY writes rows of width values as a NumPy array, little-endian float32
// of shape [len(values)/width, width].
func writeNPY(name string, values []float32, width int) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: the array could not be written: %w; choose another file or free some space", name, fileError(err))
		}
	}()
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := npy.Write(file, values, width); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}
