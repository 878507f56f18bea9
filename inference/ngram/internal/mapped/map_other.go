//go:build !unix && !windows

package mapped

import (
	"io"
	"os"
)

// Open reads the first size bytes of a file into memory, since this system has
// no memory maps: the bytes are a copy, on the heap, and reading them takes the
// time that a map would save.
func Open(file *os.File, size uint64) ([]byte, error) {
	n, err := check(size)
	if err != nil {
		return nil, err
	}
	b := make([]byte, n)
	_, err = io.ReadFull(io.NewSectionReader(file, 0, int64(n)), b)
	return b, err
}

// Create returns bytes on the heap, which Flush writes to the file.
func Create(_ *os.File, size uint64) ([]byte, error) {
	n, err := check(size)
	if err != nil {
		return nil, err
	}
	return make([]byte, n), nil
}

// Flush writes the bytes to the file.
func Flush(file *os.File, bytes []byte) error {
	_, err := file.WriteAt(bytes, 0)
	return err
}

// Close does nothing: the bytes are the garbage collector's.
func Close([]byte) error { return nil }
