package lasr

import "math"

// A linear is one matrix of the checkpoint, [out, in], with what is folded into it.
type linear struct {
	name    string
	in, out int
	bias    bool
	scale   float64 // of the result, where scaled
	scaled  bool
	repeat  int // how often each group of rows stands in the graph; 0 is once
	group   int // rows of a group
	conv    bool
}

func (l linear) factor() float64 {
	if l.scaled {
		return l.scale
	}
	return 1
}

// width is how many outputs the graph's matrix has.
func (l linear) width() int { return l.out * max(l.repeat, 1) }

// rows repeats every group of rows, each row being cols values.
func (l linear) rows(v []float32, cols int) []float32 {
	if l.repeat <= 1 {
		return v
	}
	wide := make([]float32, 0, len(v)*l.repeat)
	for size := l.group * cols; len(v) > 0; v = v[size:] {
		for range l.repeat {
			wide = append(wide, v[:size]...)
		}
	}
	return wide
}

// tensor adds a constant that is a tensor of the checkpoint as it stands.
func (n *network) tensor(name string, shape ...int64) string {
	n.require(name, shape...)
	return n.constant(name, func(w *weights) ([]float32, error) { return w.read(name) }, shape...)
}

func (n *network) require(name string, shape ...int64) {
	n.needs = append(n.needs, need{name, shape})
}

// pointwise is linear for a Conv1d with a kernel of one.
func (n *network) pointwise(x string, l linear) string {
	l.conv = true
	return n.linear(x, l)
}

// linear is x·Wᵀ + b, in the numbers of the network.
func (n *network) linear(x string, l linear) string {
	shape := []int64{int64(l.out), int64(l.in)}
	if l.conv {
		shape = append(shape, 1)
	}
	n.require(l.name+".weight", shape...)
	if l.bias {
		n.require(l.name+".bias", int64(l.out))
	}
	if n.numeral.Precision == Int8 && !n.exact(l.name) {
		return n.int8Linear(x, l)
	}
	x = n.op("MatMul", nil, x, n.matrix(l))
	if l.bias {
		x = n.op("Add", nil, x, n.bias(l))
	}
	return x
}

// matrix adds the weight of l, [in, width].
func (n *network) matrix(l linear) string {
	return n.constant(l.name+".weight", func(w *weights) ([]float32, error) {
		v, err := w.read(l.name + ".weight")
		if err != nil {
			return nil, err
		}
		return transposed(l.rows(v, l.in), l.width(), l.in, l.factor()), nil
	}, int64(l.in), int64(l.width()))
}

// bias adds the bias of l, [width].
func (n *network) bias(l linear) string {
	return n.constant(l.name+".bias", func(w *weights) ([]float32, error) {
		v, err := w.read(l.name + ".bias")
		if err != nil {
			return nil, err
		}
		return transposed(l.rows(v, 1), l.width(), 1, l.factor()), nil
	}, int64(l.width()))
}

// batchNormEps is torch's default; LasrEncoderConfig sets the momentum only.
const batchNormEps = 1e-5

// foldedNorm adds the depthwise weight and bias with BatchNorm1d inside:
// w·γ/√(σ²+ε) and β + (b−μ)·γ/√(σ²+ε).
func (n *network) foldedNorm(p string) (weight, bias string) {
	h, k := int64(n.Hidden), int64(n.Kernel)
	conv, norm := p+"depthwise_conv", p+"norm"
	n.require(conv+".weight", h, 1, k)
	for _, part := range []string{".weight", ".bias", ".running_mean", ".running_var"} {
		n.require(norm+part, h)
	}
	if n.ConvBias {
		n.require(conv+".bias", h)
	}
	weight = n.constant(conv+".weight", func(w *weights) ([]float32, error) {
		v, err := w.read(conv + ".weight")
		if err != nil {
			return nil, err
		}
		gain, err := gains(w, norm)
		if err != nil {
			return nil, err
		}
		for i := range v {
			v[i] = scaled(v[i], gain[i/int(k)])
		}
		return v, nil
	}, h, 1, 1, k)
	bias = n.constant(conv+".bias", func(w *weights) ([]float32, error) { return n.foldedBias(w, conv, norm) }, h)
	return weight, bias
}

func (n *network) foldedBias(w *weights, conv, norm string) ([]float32, error) {
	gain, err := gains(w, norm)
	if err != nil {
		return nil, err
	}
	v, err := w.read(norm + ".bias")
	if err != nil {
		return nil, err
	}
	mean, err := w.read(norm + ".running_mean")
	if err != nil {
		return nil, err
	}
	own := make([]float32, len(v))
	if n.ConvBias {
		if own, err = w.read(conv + ".bias"); err != nil {
			return nil, err
		}
	}
	for i := range v {
		v[i] = float32(float64(v[i]) + (float64(own[i])-float64(mean[i]))*gain[i])
	}
	return v, nil
}

// gains is γ/√(σ²+ε) for every channel.
func gains(w *weights, norm string) ([]float64, error) {
	gamma, err := w.read(norm + ".weight")
	if err != nil {
		return nil, err
	}
	variance, err := w.read(norm + ".running_var")
	if err != nil {
		return nil, err
	}
	g := make([]float64, len(gamma))
	for i := range g {
		if variance[i] < 0 {
			return nil, notFinite(w.tensors[norm+".running_var"].file, norm+".running_var")
		}
		g[i] = float64(gamma[i]) / math.Sqrt(float64(variance[i])+batchNormEps)
	}
	return g, nil
}
