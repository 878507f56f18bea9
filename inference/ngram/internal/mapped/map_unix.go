//go:build unix

package mapped

import (
	"os"

	"golang.org/x/sys/unix"
)

// Open maps the first size bytes of a file, read-only. The file may be closed
// at once. The caller ends it with Close.
func Open(file *os.File, size uint64) ([]byte, error) {
	return memory(file, size, unix.PROT_READ)
}

// Create maps the first size bytes of a file which has them all, so that what
// is written to them is written to the file. Flush before Close.
func Create(file *os.File, size uint64) ([]byte, error) {
	return memory(file, size, unix.PROT_READ|unix.PROT_WRITE)
}

func memory(file *os.File, size uint64, access int) ([]byte, error) {
	n, err := check(size)
	if err != nil {
		return nil, err
	}
	b, err := unix.Mmap(int(file.Fd()), 0, n, access, unix.MAP_SHARED)
	return b, os.NewSyscallError("mmap", err)
}

// Flush writes to the file what is not there yet.
func Flush(_ *os.File, bytes []byte) error {
	return os.NewSyscallError("msync", unix.Msync(bytes, unix.MS_SYNC))
}

// Close ends the map. The bytes must not be touched afterwards.
func Close(bytes []byte) error {
	return os.NewSyscallError("munmap", unix.Munmap(bytes))
}
