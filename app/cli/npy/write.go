package npy

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// Write writes rows of width values, little-endian float32 of shape
// [len(values)/width, width], format version 1.0 (numpy.lib.format).
func Write(w io.Writer, values []float32, width int) error {
	if _, err := io.WriteString(w, head(len(values)/max(width, 1), width)); err != nil {
		return err
	}
	buffer := make([]byte, 0, 1<<16)
	for len(values) > 0 {
		n := min(len(values), cap(buffer)/4)
		for _, v := range values[:n] {
			buffer = binary.LittleEndian.AppendUint32(buffer, math.Float32bits(v))
		}
		if _, err := w.Write(buffer); err != nil {
			return err
		}
		values, buffer = values[n:], buffer[:0]
	}
	return nil
}

// head is magic, version 1.0, length and dictionary, padded with spaces so
// that the numbers start at a multiple of 64.
func head(rows, width int) string {
	const prefix = 10
	dict := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", rows, width)
	pad := 63 - (prefix+len(dict))%64
	dict += strings.Repeat(" ", pad) + "\n"
	return magic + "\x01\x00" + string([]byte{byte(len(dict)), byte(len(dict) >> 8)}) + dict
}
