package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// A kind is how one type of element lies in a file, little-endian.
type kind[T any] struct {
	size  int
	value func(b []byte) T
}

var floats = map[string]kind[float32]{
	"f2": {2, func(b []byte) float32 { return half(binary.LittleEndian.Uint16(b)) }},
	"f4": {4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }},
	"f8": {8, func(b []byte) float32 { return float32(math.Float64frombits(binary.LittleEndian.Uint64(b))) }},
}

var integers = map[string]kind[int64]{
	"i1": {1, func(b []byte) int64 { return int64(int8(b[0])) }},
	"i2": {2, func(b []byte) int64 { return int64(int16(binary.LittleEndian.Uint16(b))) }},
	"i4": {4, func(b []byte) int64 { return int64(int32(binary.LittleEndian.Uint32(b))) }},
	"i8": {8, func(b []byte) int64 { return int64(binary.LittleEndian.Uint64(b)) }},
	"u1": {1, func(b []byte) int64 { return int64(b[0]) }},
	"u2": {2, func(b []byte) int64 { return int64(binary.LittleEndian.Uint16(b)) }},
	"u4": {4, func(b []byte) int64 { return int64(binary.LittleEndian.Uint32(b)) }},
}

var octets = map[string]kind[byte]{"u1": {1, func(b []byte) byte { return b[0] }}}

// names are the types in words.
var names = map[string]string{
	"f2": "float16", "f4": "float32", "f8": "float64", "u1": "uint8", "u2": "uint16", "u4": "uint32",
	"u8": "uint64", "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64", "b1": "bool", "c8": "complex64", "c16": "complex128",
}

// choose finds the kind of descr, byte order and type, and whether its bytes
// come the other way round.
func choose[T any](descr string, kinds map[string]kind[T]) (k kind[T], big bool, err error) {
	name := strings.TrimLeft(descr, "<>|=")
	if strings.HasPrefix(name, "O") {
		return k, false, errors.New("holds Python objects, which Fermata does not open; save plain numbers")
	}
	k, ok := kinds[name]
	if !ok {
		wanted := make([]string, 0, len(kinds))
		for _, n := range slices.Sorted(maps.Keys(kinds)) {
			wanted = append(wanted, names[n])
		}
		return k, false, fmt.Errorf("holds %s; save it as %s", inWords(name), strings.Join(wanted, " or "))
	}
	return k, strings.HasPrefix(descr, ">"), nil
}

func inWords(name string) string {
	if word, ok := names[name]; ok {
		return "values of type " + word
	}
	return fmt.Sprintf("values of NumPy's type %.20q", name)
}

// half is a float16, IEEE 754 binary16, as float32.
func half(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, int(h>>10&31), uint32(h&1023)
	switch exponent {
	case 0: // zero and subnormal numbers
		return math.Float32frombits(sign | math.Float32bits(float32(fraction)/(1<<24)))
	case 31: // infinities and NaN
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | uint32(exponent-15+127)<<23 | fraction<<13)
}
