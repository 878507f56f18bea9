package mapped

import (
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Open maps the first size bytes of a file, read-only. The file may be closed
// at once, but not be deleted or shortened before Close.
func Open(file *os.File, size uint64) ([]byte, error) {
	return memory(file, size, windows.PAGE_READONLY, windows.FILE_MAP_READ)
}

// Create maps the first size bytes of a file which has them all, so that what
// is written to them is written to the file. Flush before Close.
func Create(file *os.File, size uint64) ([]byte, error) {
	return memory(file, size, windows.PAGE_READWRITE, windows.FILE_MAP_WRITE)
}

func memory(file *os.File, size uint64, protect, access uint32) ([]byte, error) {
	n, err := check(size)
	if err != nil {
		return nil, err
	}
	section, err := windows.CreateFileMapping(windows.Handle(file.Fd()), nil, protect, uint32(size>>32), uint32(size), nil)
	if err != nil {
		return nil, os.NewSyscallError("CreateFileMapping", err)
	}
	defer func() { _ = windows.CloseHandle(section) }() // the view keeps it
	at, err := windows.MapViewOfFile(section, access, 0, 0, uintptr(n))
	if err != nil {
		return nil, os.NewSyscallError("MapViewOfFile", err)
	}
	// The address is none of Go's memory, so the conversion is sound, which vet
	// believes of a load only.
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&at)), n), nil
}

// Flush writes to the file what is not there yet.
func Flush(_ *os.File, bytes []byte) error {
	return os.NewSyscallError("FlushViewOfFile", windows.FlushViewOfFile(address(bytes), uintptr(len(bytes))))
}

// Close ends the map. The bytes must not be touched afterwards.
func Close(bytes []byte) error {
	return os.NewSyscallError("UnmapViewOfFile", windows.UnmapViewOfFile(address(bytes)))
}

func address(bytes []byte) uintptr {
	return uintptr(unsafe.Pointer(unsafe.SliceData(bytes)))
}
