package lasr

import (
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"math/bits"
	"slices"
)

// headerLimit is the largest header the safetensors format allows.
const headerLimit = 100 << 20

// maxTensors bounds what a hostile header makes us remember. MedASR has 368.
const maxTensors = 100_000

// A tensor is where one tensor lies in one safetensors file.
type tensor struct {
	file  string
	dtype string
	shape []int64
	start int64 // in bytes from the beginning of the file
	size  int64 // in bytes
}

// elementSize is the width of a safetensors dtype in bytes; 0 for those that no
// checkpoint of this kind has.
func elementSize(dtype string) int64 {
	switch dtype {
	case "F32", "I32", "U32":
		return 4
	case "F16", "BF16", "I16", "U16":
		return 2
	case "F64", "I64", "U64":
		return 8
	case "I8", "U8", "BOOL":
		return 1
	}
	return 0
}

// readHeader reads and checks the header of one safetensors file of size bytes: every
// tensor lies inside the file, is as long as its shape says, and the tensors
// fill the file without overlap or gap, as the format demands.
// It keeps no more in memory than the tensors themselves, at most maxTensors.
func readHeader(r io.ReaderAt, size int64, file string) (map[string]tensor, error) {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%s: %s; copy the model folder again", file, fmt.Sprintf(format, args...))
	}
	var prefix [8]byte
	if size < int64(len(prefix)) {
		return nil, fail("has %d bytes and no header", size)
	}
	if _, err := r.ReadAt(prefix[:], 0); err != nil {
		return nil, fail("cannot be read (%s)", oneLine(reasonOf(err)))
	}
	length := binary.LittleEndian.Uint64(prefix[:])
	switch {
	case length > uint64(size)-8:
		return nil, fail("the header claims %d bytes but the file has %d", length, size)
	case length > headerLimit:
		return nil, fail("the header claims %d bytes, more than the format allows", length)
	}
	base := 8 + int64(length)
	tensors, err := parseHeader(io.NewSectionReader(r, 8, int64(length)), file, base, size)
	if err != nil {
		return nil, fail("%s", oneLine(err))
	}
	if err := checkLayout(tensors, base, size); err != nil {
		return nil, fail("%s", err)
	}
	return tensors, nil
}

// byteSize multiplies without overflow.
func byteSize(dtype string, shape []int64) (int64, bool) {
	n := uint64(elementSize(dtype))
	if n == 0 {
		return 0, false
	}
	for _, dim := range shape {
		if dim < 0 {
			return 0, false
		}
		high, low := bits.Mul64(n, uint64(dim))
		if high != 0 || low > 1<<62 {
			return 0, false
		}
		n = low
	}
	return int64(n), true
}

// checkLayout refuses tensors that share bytes, and bytes that belong to none.
func checkLayout(tensors map[string]tensor, base, size int64) error {
	names := make([]string, 0, len(tensors))
	for name := range tensors {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		x, y := tensors[a], tensors[b]
		if x.start != y.start {
			return int(min(max(x.start-y.start, -1), 1))
		}
		return int(min(max(x.size-y.size, -1), 1))
	})
	at := base
	for _, name := range names {
		t := tensors[name]
		switch {
		case t.start < at:
			return fmt.Errorf("tensor %.80q overlaps another", name)
		case t.start > at:
			return fmt.Errorf("%d bytes before tensor %.80q belong to none", t.start-at, name)
		}
		at += t.size
	}
	if at != size {
		return fmt.Errorf("%d bytes at the end belong to no tensor", size-at)
	}
	return nil
}

// openAt opens a file for random access.
func openAt(fsys fs.FS, name string) (fs.File, io.ReaderAt, int64, error) {
	f, err := open(fsys, name)
	if err != nil {
		return nil, nil, 0, err
	}
	info, err := f.Stat()
	r, ok := f.(io.ReaderAt)
	switch {
	case err == nil && !info.Mode().IsRegular():
		err = fmt.Errorf("%s: is not a file; copy the model folder again", name)
	case err == nil && !ok:
		err = fmt.Errorf("%s: cannot be read at random; unpack the model folder", name)
	case err != nil:
		err = fmt.Errorf("%s: cannot be read (%w); copy the model folder again", name, reasonOf(err))
	}
	if err != nil {
		_ = f.Close()
		return nil, nil, 0, err
	}
	return f, r, info.Size(), nil
}
