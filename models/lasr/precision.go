package lasr

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/cpu"
)

// A Precision says in which numbers the graph computes.
type Precision string

// FP32 is the checkpoint as it is. Int8 has its matrices in whole numbers of eight
// bits, which is two to three times faster and takes a quarter of the memory.
const (
	FP32 Precision = "fp32"
	Int8 Precision = "int8"
)

// check refuses what is neither.
func (p Precision) check() error {
	if p != FP32 && p != Int8 {
		return fmt.Errorf("precision: %.20q is not known; choose %s or %s", string(p), FP32, Int8)
	}
	return nil
}

// A numeral is a Precision on this machine.
type numeral struct {
	Precision
	limit float64 // the greatest magnitude of a weight in Int8
}

// numeral returns p as this machine computes it best.
func (p Precision) numeral() numeral { return numeral{p, limit(dotProducts())} }

// String names the numeral for the cache: "fp32", "int8", or "int8-7bit".
func (n numeral) String() string {
	if n.Precision == Int8 && n.limit == narrow {
		return string(Int8) + "-7bit"
	}
	return string(n.Precision)
}

// Greatest magnitudes of a weight.
const (
	wide   = 127
	narrow = 63
)

// limit is how great a weight may be. Without instructions that sum products in
// 32 bits, x86 adds two products of an unsigned and a signed byte in 16 and
// saturates there: 2·255·127 is too much for them, 2·255·63 is not.
func limit(dotProducts bool) float64 {
	if dotProducts {
		return wide
	}
	return narrow
}

// dotProducts reports whether the processor sums four products of bytes in 32
// bits. On architectures other than amd64 the slower ways do not saturate either.
func dotProducts() bool {
	return runtime.GOARCH != "amd64" || cpu.X86.HasAVX512VNNI || cpu.X86.HasAVXVNNI
}
