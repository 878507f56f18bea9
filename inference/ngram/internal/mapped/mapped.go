// Package mapped lets a file's bytes be used in place: use [Open] to read a
// large file of which little is needed, [Create] to write one at random places
// in bounded memory, and [Guard] around every use of the bytes. Where the system
// has no memory maps (see the file for other systems) the bytes are a copy.
//
// It refuses empty files, and files too large for this machine's addresses. A
// file that another program shortens has pages without anything behind them:
// touching one is a fault that would end the program, outside Guard.
package mapped

import (
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"unsafe"
)

// ErrFault is returned by Guard if the file no longer has the bytes asked for,
// or if they could not be read or written.
var ErrFault = errors.New("a part of the file is gone or cannot be read")

// ErrTooLarge is returned for files that this machine cannot address.
var ErrTooLarge = errors.New("too large for this machine")

// check returns the size as Go counts bytes.
func check(size uint64) (int, error) {
	if size == 0 {
		return 0, errors.New("nothing to map")
	}
	if size > math.MaxInt {
		return 0, fmt.Errorf("%d bytes: %w", size, ErrTooLarge)
	}
	return int(size), nil
}

// Guard runs f. If f touches one of the given bytes that the file does not have
// any more, f ends there, and so does Guard, with ErrFault. Every other panic
// goes on. What f starts on other goroutines is not guarded.
func Guard(bytes []byte, f func()) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			if !within(r, bytes) {
				panic(r)
			}
			err = ErrFault
		}
	}()
	f()
	return nil
}

// within reports whether a panic is a fault at one of the bytes.
func within(r any, bytes []byte) bool {
	fault, ok := r.(interface{ Addr() uintptr })
	if !ok || len(bytes) == 0 {
		return false
	}
	from := uintptr(unsafe.Pointer(unsafe.SliceData(bytes)))
	return fault.Addr() >= from && fault.Addr()-from < uintptr(len(bytes))
}
