// Package npy reads and writes NumPy's arrays, the files that people compare
// networks with. Most callers want [Floats] for a .npy file, [Open] for the
// named arrays of a .npz file, and [Write] for rows of float32.
//
// A file is believed only as far as its bytes go: no more memory is taken than
// a small multiple of what the file really holds, whatever its header claims.
// It refuses arrays of objects, which are programs in disguise, structured and
// complex ones, and anything beyond [Limit].
package npy

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// Limit is the most values an array may have, 2 GiB of float32: three hours of
// scores over MedASR's vocabulary take a quarter of it.
const Limit = 1 << 29

// An Array is values in row-major order; the last index runs fastest.
type Array[T any] struct {
	Shape  []int
	Values []T
}

// Rows returns the array as rows: [T,V] or [1,T,V], NumPy's leading batch of
// one. Other shapes are an error.
func (a Array[T]) Rows() (rows, width int, err error) {
	switch s := a.Shape; {
	case len(s) == 2:
		return s[0], s[1], nil
	case len(s) == 3 && s[0] == 1:
		return s[1], s[2], nil
	}
	return 0, 0, fmt.Errorf("is an array of shape %s, not of rows; save one of two dimensions", spell(a.Shape))
}

// Floats reads an array of float16, float32 or float64, of either byte order
// and either layout, as float32. A float64 beyond float32 becomes infinite.
// Errors are a sentence without the file's name.
func Floats(r io.Reader) (Array[float32], error) { return read(r, floats) }

// Integers reads an array of integers of up to 64 bits.
func Integers(r io.Reader) (Array[int64], error) { return read(r, integers) }

// Bytes reads an array of uint8, in which NumPy users keep text.
func Bytes(r io.Reader) (Array[byte], error) { return read(r, octets) }

// read reads one array whose elements kinds can decode.
func read[T any](r io.Reader, kinds map[string]kind[T]) (Array[T], error) {
	h, err := readHeader(r)
	if err != nil {
		return Array[T]{}, err
	}
	k, big, err := choose(h.descr, kinds)
	if err != nil {
		return Array[T]{}, err
	}
	count, err := h.count()
	if err != nil {
		return Array[T]{}, err
	}
	values, err := decode(r, k, big, count)
	if err != nil {
		return Array[T]{}, err
	}
	if h.fortran {
		values = rowMajor(values, h.shape)
	}
	return Array[T]{Shape: h.shape, Values: values}, nil
}

// decode reads count values. The slice grows with what really arrives.
func decode[T any](r io.Reader, k kind[T], big bool, count int) ([]T, error) {
	var values []T
	buffer := make([]byte, 8192*k.size)
	for len(values) < count {
		want := min(len(buffer), (count-len(values))*k.size)
		n, err := io.ReadFull(r, buffer[:want])
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, fmt.Errorf("cannot be read (%w); copy it again", err)
		}
		if err != nil {
			return nil, fmt.Errorf("ends after %d of %d values; copy it again", len(values)+n/k.size, count)
		}
		values = slices.Grow(values, want/k.size)
		for at := 0; at < want; at += k.size {
			b := buffer[at : at+k.size]
			if big {
				slices.Reverse(b)
			}
			values = append(values, k.value(b))
		}
	}
	return values, nothingMore(r)
}

func nothingMore(r io.Reader) error {
	var b [1]byte
	n, err := io.ReadFull(r, b[:])
	switch {
	case n > 0:
		return errors.New("goes on after its last value; copy it again")
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("cannot be read (%w); copy it again", err)
	}
	return nil
}

// rowMajor puts values whose first index runs fastest into row-major order.
func rowMajor[T any](values []T, shape []int) []T {
	out := make([]T, len(values))
	index := make([]int, len(shape))
	for i := range out {
		from, stride := 0, 1
		for d, n := range shape {
			from += index[d] * stride
			stride *= n
		}
		out[i] = values[from]
		for d := len(shape) - 1; d >= 0; d-- {
			if index[d]++; index[d] < shape[d] {
				break
			}
			index[d] = 0
		}
	}
	return out
}
