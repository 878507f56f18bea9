package cli

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"strings"
)

// writeNPY writes rows of width values as a NumPy array, little-endian float32
// of shape [len(values)/width, width], format version 1.0
// (numpy.lib.format). The libraries for it write two-dimensional arrays in
// float64 only, which would not be the numbers that were computed.
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
	out := bufio.NewWriterSize(file, 1<<16)
	writeValues(out, npyHeader(len(values)/max(width, 1), width), values)
	if err := out.Flush(); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

// writeValues leaves errors to the writer's Flush.
func writeValues(out *bufio.Writer, header string, values []float32) {
	_, _ = out.WriteString(header)
	var b [4]byte
	for _, v := range values {
		binary.LittleEndian.PutUint32(b[:], math.Float32bits(v))
		_, _ = out.Write(b[:])
	}
}

// npyHeader is magic, version 1.0, length and dictionary, padded with spaces
// so that the numbers start at a multiple of 64.
func npyHeader(rows, width int) string {
	const prefix = 10
	dict := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", rows, width)
	pad := 63 - (prefix+len(dict))%64
	dict += strings.Repeat(" ", pad) + "\n"
	return "\x93NUMPY\x01\x00" + string(rune(len(dict)&0xff)) + string(rune(len(dict)>>8)) + dict
}
