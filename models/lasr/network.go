package lasr

import (
	"fmt"
	"math"
)

// positions is how many rows one pass may have: 600 s of speech at 40 ms.
const positions = 15000

// network is LasrForCTC as an ONNX graph, and the tensors it reads.
type network struct {
	graph
	config
	numeral          numeral
	needs            []need
	cos, sin, origin string
}

// describe writes down the forward pass of LasrForCTC (transformers 5.23,
// modeling_lasr.py) for one recording without padding: input_features
// [1, T, 128] to logits [1, T', vocab].
func describe(c config, as numeral) *network {
	n := &network{graph: graph{counts: map[string]int{}, known: map[string]bool{}}, config: c, numeral: as}
	table := func(f func(float64) float64) func(*weights) ([]float32, error) {
		return func(*weights) ([]float32, error) { return rotary(c.Theta, c.HeadDim, positions, f), nil }
	}
	n.cos = n.constant("rotary.cos", table(math.Cos), positions, int64(c.HeadDim/2))
	n.sin = n.constant("rotary.sin", table(math.Sin), positions, int64(c.HeadDim/2))
	n.origin = n.ints(0)
	x := n.subsample("input_features")
	for i := range c.Layers {
		x = n.block(x, fmt.Sprintf("encoder.layers.%d.", i))
	}
	x = n.norm(x, "encoder.out_norm")
	head := n.pointwise(x, linear{name: "ctc_head", in: c.Hidden, out: c.Vocab, bias: true})
	n.rename(head, "logits")
	return n
}

// rename gives the graph's output its name.
func (n *network) rename(from, to string) {
	n.nodes = append(n.nodes, message(nil).text(1, from).text(2, to).text(3, "output").text(4, "Identity"))
}

// model returns the ModelProto with its constants in the file data.
func (n *network) model(data string) []byte {
	in := valueInfo("input_features", int64(1), "frames", int64(melBins))
	out := valueInfo("logits", int64(1), "rows", int64(n.Vocab))
	return n.graph.model(data, []message{in}, []message{out})
}

// block is LasrEncoderBlock on [1, T', hidden].
func (n *network) block(x, p string) string {
	x = n.feedForward(x, p, "1")
	x = n.op("Add", nil, x, n.attention(n.norm(x, p+"norm_self_att"), p+"self_attn."))
	x = n.residual(x, n.ConvResidual[0], n.convolution(n.norm(x, p+"norm_conv"), p+"conv."))
	x = n.feedForward(x, p, "2")
	return n.norm(x, p+"norm_out")
}

// residual is weight·x + y; the weight of y is already in y's last matrix.
func (n *network) residual(x string, weight float64, y string) string {
	if weight != 1 {
		x = n.op("Mul", nil, x, n.scalar(weight))
	}
	return n.op("Add", nil, x, y)
}

func (n *network) feedForward(x, p, which string) string {
	y := n.norm(x, p+"norm_feed_forward"+which)
	p += "feed_forward" + which
	y = n.linear(y, linear{name: p + ".linear1", in: n.Hidden, out: n.Intermediate, bias: n.AttentionBias})
	y = n.silu(y)
	y = n.linear(y, linear{name: p + ".linear2", in: n.Intermediate, out: n.Hidden, bias: n.AttentionBias, scale: n.FFResidual[1], scaled: true})
	return n.residual(x, n.FFResidual[0], y)
}

// attention is LasrEncoderAttention. Grouped keys and values are written out once
// for each head that shares them.
func (n *network) attention(x, p string) string {
	heads := n.Heads * n.HeadDim
	project := func(name string, groups int) string {
		return n.linear(x, linear{
			name: p + name + "_proj", in: n.Hidden, out: heads / groups, bias: n.AttentionBias, repeat: groups, group: n.HeadDim,
		})
	}
	turn := func(x string) string {
		attrs := []message{attribute("interleaved", int64(0)), attribute("num_heads", int64(n.Heads))}
		return n.msOp("RotaryEmbedding", attrs, x, n.origin, n.cos, n.sin)
	}
	q, k, v := turn(project("q", 1)), turn(project("k", n.Heads/n.KVHeads)), project("v", n.Heads/n.KVHeads)
	scale := float32(1 / math.Sqrt(float64(n.HeadDim)))
	x = n.msOp("MultiHeadAttention", []message{attribute("num_heads", int64(n.Heads)), attribute("scale", scale)}, q, k, v)
	return n.linear(x, linear{name: p + "o_proj", in: heads, out: n.Hidden, bias: n.AttentionBias})
}

// convolution is LasrEncoderConvolutionModule.
func (n *network) convolution(x, p string) string {
	x = n.pointwise(x, linear{name: p + "pointwise_conv1", in: n.Hidden, out: 2 * n.Hidden, bias: n.ConvBias})
	half := n.ops("Split", "", 2, []message{attribute("axis", int64(-1)), attribute("num_outputs", int64(2))}, x)
	x = n.op("Mul", nil, half[0], n.op("Sigmoid", nil, half[1]))
	x = n.rows(n.depthwise(n.image(x), p))
	x = n.silu(x)
	return n.pointwise(x, linear{
		name: p + "pointwise_conv2", in: n.Hidden, out: n.Hidden, bias: n.ConvBias, scale: n.ConvResidual[1], scaled: true,
	})
}

// depthwise is the convolution over time with BatchNorm folded into it. torch's
// padding "same" puts the odd one of an even kernel on the right.
func (n *network) depthwise(x, p string) string {
	w, b := n.foldedNorm(p)
	k := int64(n.Kernel)
	left := (k - 1) / 2
	attrs := []message{
		attribute("group", int64(n.Hidden)),
		attribute("kernel_shape", []int64{1, k}),
		attribute("pads", []int64{0, left, 0, k - 1 - left}),
	}
	return n.op("Conv", attrs, x, w, b)
}

// norm is a LayerNorm with a weight and no bias.
func (n *network) norm(x, name string) string {
	attrs := []message{attribute("axis", int64(-1)), attribute("epsilon", float32(n.Eps))}
	return n.op("LayerNormalization", attrs, x, n.tensor(name+".weight", int64(n.Hidden)))
}

// silu is x·sigmoid(x), which ONNX Runtime calls QuickGelu with alpha 1.
func (n *network) silu(x string) string {
	return n.msOp("QuickGelu", []message{attribute("alpha", float32(1))}, x)
}
