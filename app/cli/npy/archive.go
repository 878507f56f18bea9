package npy

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// An Archive is an open .npz file: a zip of arrays by name. It is not safe
// for concurrent use.
type Archive struct {
	file *os.File
	zip  *zip.Reader
}

// Open opens a .npz file. The error is a sentence without the file's name.
func Open(path string) (*Archive, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("is not a file; name the .npz file")
	}
	var z *zip.Reader
	if err == nil {
		if z, err = zip.NewReader(file, info.Size()); err != nil {
			err = fmt.Errorf("is not an archive of NumPy arrays (%w); make it again", err)
		}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &Archive{file, z}, nil
}

// Close closes the file.
func (a *Archive) Close() error { return a.file.Close() }

// Has says whether there is an array of that name.
func (a *Archive) Has(name string) bool { return a.find(name) != nil }

func (a *Archive) find(name string) *zip.File {
	at := slices.IndexFunc(a.zip.File, func(f *zip.File) bool { return f.Name == name+".npy" })
	if at < 0 {
		return nil
	}
	return a.zip.File[at]
}

// Floats reads the array of that name.
func (a *Archive) Floats(name string) (Array[float32], error) { return entry(a, name, Floats) }

// Integers reads the array of that name.
func (a *Archive) Integers(name string) (Array[int64], error) { return entry(a, name, Integers) }

// Bytes reads the array of that name.
func (a *Archive) Bytes(name string) (Array[byte], error) { return entry(a, name, Bytes) }

// entryLimit is the most an array in an archive may take when unpacked: a few
// kilobytes unpack to as many gigabytes if they are made to.
const entryLimit = 256 << 20

// entry reads one array. archive/zip compares the checksum when the end has
// been seen, as nothingMore does.
func entry[T any](a *Archive, name string, read func(io.Reader) (Array[T], error)) (Array[T], error) {
	file := a.find(name)
	if file == nil {
		return Array[T]{}, fmt.Errorf("has no array %q; make it again", name)
	}
	if file.UncompressedSize64 > entryLimit {
		return Array[T]{}, fmt.Errorf("its array %q claims %d bytes, more than %d; make it of a shorter recording", name, file.UncompressedSize64, entryLimit)
	}
	r, err := file.Open()
	if err != nil {
		return Array[T]{}, fmt.Errorf("its array %q cannot be opened (%w); make it again", name, err)
	}
	defer func() { _ = r.Close() }()
	// One byte more than it claims, so that its end is seen.
	array, err := read(io.LimitReader(r, int64(file.UncompressedSize64)+1))
	if err != nil {
		return Array[T]{}, fmt.Errorf("its array %q %w", name, err)
	}
	return array, nil
}
