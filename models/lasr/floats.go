package lasr

import (
	"encoding/binary"
	"math"
)

func finite(v []float32) bool {
	for _, x := range v {
		if math.Float32bits(x)&0x7f800000 == 0x7f800000 {
			return false
		}
	}
	return true
}

// toFloat32 converts without loss; dtype is F32, F16 or BF16.
func toFloat32(dtype string, b []byte) []float32 {
	le := binary.LittleEndian
	v := make([]float32, len(b)/int(elementSize(dtype)))
	for i := range v {
		switch dtype {
		case "F32":
			v[i] = math.Float32frombits(le.Uint32(b[4*i:]))
		case "BF16":
			v[i] = math.Float32frombits(uint32(le.Uint16(b[2*i:])) << 16)
		default:
			v[i] = fromHalf(le.Uint16(b[2*i:]))
		}
	}
	return v
}

// fromHalf converts an IEEE 754 binary16.
func fromHalf(h uint16) float32 {
	sign, exp, frac := uint32(h>>15)<<31, uint32(h>>10)&31, uint32(h)&1023
	switch exp {
	case 0: // zero or subnormal: frac · 2⁻²⁴
		return math.Float32frombits(sign | math.Float32bits(float32(frac)*0x1p-24))
	case 31:
		return math.Float32frombits(sign | 0x7f800000 | frac<<13)
	}
	return math.Float32frombits(sign | (exp+112)<<23 | frac<<13)
}
