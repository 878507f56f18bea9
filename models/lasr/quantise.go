package lasr

import "math"

// quantised adds a matrix of [in, width] as whole numbers, and the scale of each of
// its columns, which is a row of the checkpoint's tensor: weight ≈ number·scale.
// Numbers are symmetric around zero, so that no zero point has to be multiplied.
func (n *network) quantised(l linear) (matrix, scales string) {
	read := func(w *weights) ([]float32, []float32, error) {
		v, err := w.read(l.name + ".weight")
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
