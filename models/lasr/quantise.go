package lasr

import (
	"math"
	"strconv"
	"strings"
)

// exact says which matrices stay in float32 in Int8: those of the sub-sampler, of the
// head, and in the last blocks those of the attention and the convolution, whose errors
// reach the scores undamped and which cost little. On the first demonstration model the scores
// are then 0.7 % off instead of 1.0 %; a window takes an eighth longer.
func (n *network) exact(name string) bool {
	rest, inBlock := strings.CutPrefix(name, "encoder.layers.")
	number, rest, _ := strings.Cut(rest, ".")
	block, err := strconv.Atoi(number)
	if !inBlock || err != nil {
		return true
	}
	whole, partly := n.exactBlocks()
	return block >= n.Layers-whole || block >= n.Layers-partly && !strings.HasPrefix(rest, "feed_forward")
}

// exactBlocks is how many of the last blocks stay in float32, as a whole and in part:
// more where weights have seven bits only, to be as near.
func (n *network) exactBlocks() (whole, partly int) {
	if n.numeral.limit == narrow {
		return min(2, n.Layers/4), min(4, n.Layers/2)
	}
	return 0, min(3, n.Layers/2)
}

// int8Linear is linear in whole numbers of eight bits. ONNX Runtime finds the scale and
// the zero point of x while it runs, from all its values.
func (n *network) int8Linear(x string, l linear) string {
	matrix, scales := n.quantised(l)
	inputs := []string{x, matrix, scales}
	if l.bias {
		inputs = append(inputs, "", n.bias(l)) // no zero points
	}
	return n.msOp("DynamicQuantizeMatMul", nil, inputs...)
}

// quantised adds a matrix of [in, width] as whole numbers, and the scale of each of
// its columns, which is a row of the checkpoint's tensor: weight ≈ number·scale.
// Numbers are symmetric around zero, so that no zero point has to be multiplied.
func (n *network) quantised(l linear) (matrix, scales string) {
	read := func(w *weights) (v, scales []float32, err error) {
		v, err = w.read(l.name + ".weight")
		if err != nil {
			return nil, nil, err
		}
		v = l.rows(v, l.in)
		return v, rowScales(v, l.in, n.numeral.limit), nil
	}
	matrix = n.add(initializer{l.name + ".weight", onnxInt8, []int64{int64(l.in), int64(l.width())}, func(w *weights) ([]float32, error) {
		v, scales, err := read(w)
		if err != nil {
			return nil, err
		}
		quantise(v, scales)
		return transposed(v, l.width(), l.in, 1), nil
	}})
	scales = n.add(initializer{l.name + ".scale", onnxFloat, []int64{int64(l.width())}, func(w *weights) ([]float32, error) {
		_, scales, err := read(w)
		for i := range scales {
			scales[i] = scaled(scales[i], l.factor())
		}
		return scales, err
	}})
	return matrix, scales
}

// rowScales returns for each row of cols values what its greatest magnitude must be
// divided by to be limit; 1 for a row of zeros.
func rowScales(v []float32, cols int, limit float64) []float32 {
	scales := make([]float32, len(v)/cols)
	for r := range scales {
		most := 0.0
		for _, x := range v[r*cols : (r+1)*cols] {
			most = max(most, math.Abs(float64(x)))
		}
		scales[r] = float32(most / limit)
		if scales[r] == 0 {
			scales[r] = 1
		}
	}
	return scales
}

// quantise replaces each value by the nearest whole number of its row's scales.
func quantise(v, scales []float32) {
	cols := len(v) / len(scales)
	for i, x := range v {
		v[i] = float32(math.RoundToEven(float64(x) / float64(scales[i/cols])))
	}
}
