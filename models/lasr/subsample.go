package lasr

import "fmt"

// subsample is LasrEncoderSubsampling: [1, T, 128] to [1, T', hidden].
func (n *network) subsample(x string) string {
	const p = "encoder.subsampler."
	x = n.op("Relu", nil, n.linear(x, linear{name: p + "dense_0", in: melBins, out: n.Hidden, bias: true}))
	x = n.strided(n.image(x), p+"conv_0", n.Hidden, n.Hidden)
	x = n.rows(n.strided(x, p+"conv_1", n.Hidden, n.Channels))
	return n.linear(x, linear{name: p + "dense_1", in: n.Channels, out: n.Hidden, bias: true})
}

// stridedWidth is how many channels one node of a strided convolution makes. A run that
// is cancelled ends between two nodes, and whole these were the longest by far.
const stridedWidth = 128

// strided is one convolution of the sub-sampler and its ReLU, on an image.
func (n *network) strided(x, name string, in, out int) string {
	k := int64(n.SubKernel)
	n.require(name+".weight", int64(out), int64(in), k)
	n.require(name+".bias", int64(out))
	attrs := []message{attribute("kernel_shape", []int64{1, k}), attribute("strides", []int64{1, int64(n.SubStride)})}
	var parts []string
	for from := 0; from < out; from += stridedWidth {
		width := min(stridedWidth, out-from)
		part := func(what string, size int, dims ...int64) string {
			return n.constant(fmt.Sprintf("%s.%s.%d", name, what, from), func(w *weights) ([]float32, error) {
				v, err := w.read(name + "." + what)
				if err != nil {
					return nil, err
				}
				return v[from*size : (from+width)*size], nil
			}, append([]int64{int64(width)}, dims...)...)
		}
		y := n.op("Conv", attrs, x, part("weight", in*n.SubKernel, int64(in), 1, k), part("bias", 1))
		parts = append(parts, n.op("Relu", nil, y))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return n.op("Concat", []message{attribute("axis", int64(1))}, parts...)
}

// image makes [1, channels, 1, T] of [1, T, channels]: of a convolution in two
// dimensions ONNX Runtime computes a block of channels at once, of one in a single
// dimension it does not, and it joins the transposition to the rearranging it needs.
func (n *network) image(x string) string {
	x = n.op("Unsqueeze", nil, x, n.ints(1))
	return n.op("Transpose", []message{attribute("perm", []int64{0, 3, 1, 2})}, x)
}

// rows undoes image.
func (n *network) rows(x string) string {
	x = n.op("Transpose", []message{attribute("perm", []int64{0, 2, 3, 1})}, x)
	return n.op("Squeeze", nil, x, n.ints(1))
}
