package lasr

import (
	"encoding/binary"
	"fmt"
	"math"
)

// opset is ONNX's operator set 18 (Split with num_outputs); microsoft's domain holds
// the fused attention, rotary embedding and SiLU of ONNX Runtime.
const (
	opset     = 18
	microsoft = "com.microsoft"
)

// An initializer is one constant of the graph, whose values come from the weights
// when the graph is written.
type initializer struct {
	name string
	kind int64 // onnxFloat, or onnxInt8, of which the values are whole numbers
	dims []int64
	from func(*weights) ([]float32, error)
}

func (i initializer) bytes() int64 { return i.values() * elementBytes(i.kind) }

func (i initializer) values() int64 {
	n := int64(1)
	for _, d := range i.dims {
		n *= d
	}
	return n
}

// graph collects nodes and constants. Every method that adds a node returns the name
// of its output.
type graph struct {
	nodes  []message
	inits  []initializer
	inline []message       // small constants that stand in the graph itself
	known  map[string]bool // of ints
	counts map[string]int
}

// op adds a node with one output.
func (g *graph) op(kind string, attrs []message, inputs ...string) string {
	return g.ops(kind, "", 1, attrs, inputs...)[0]
}

// msOp is op for an operator of ONNX Runtime's own.
func (g *graph) msOp(kind string, attrs []message, inputs ...string) string {
	return g.ops(kind, microsoft, 1, attrs, inputs...)[0]
}

func (g *graph) ops(kind, domain string, outputs int, attrs []message, inputs ...string) []string {
	name := fmt.Sprintf("%s_%d", kind, g.counts[kind])
	g.counts[kind]++
	var m message
	for _, in := range inputs {
		m = m.text(1, in)
	}
	names := make([]string, outputs)
	for i := range names {
		names[i] = fmt.Sprintf("%s_out%d", name, i)
		m = m.text(2, names[i])
	}
	m = m.text(3, name).text(4, kind)
	for _, a := range attrs {
		m = m.sub(5, a)
	}
	if domain != "" {
		m = m.text(7, domain)
	}
	g.nodes = append(g.nodes, m)
	return names
}

// constant adds values that are made from the weights.
func (g *graph) constant(name string, from func(*weights) ([]float32, error), dims ...int64) string {
	return g.add(initializer{name, onnxFloat, dims, from})
}

func (g *graph) add(i initializer) string {
	g.inits = append(g.inits, i)
	return i.name
}

// scalar adds a number that stands in the graph itself.
func (g *graph) scalar(v float64) string {
	name := fmt.Sprintf("scalar_%d", len(g.inline))
	b := message(nil).float(1, float32(v))[1:] // four little-endian bytes without their tag
	g.inline = append(g.inline, tensorHead(name, onnxFloat, nil).sub(9, b))
	return name
}

// ints adds whole numbers, such as axes, that stand in the graph itself.
func (g *graph) ints(v ...int64) string {
	name := fmt.Sprintf("ints%v", v)
	if g.known[name] {
		return name
	}
	g.known[name] = true
	var b []byte
	for _, i := range v {
		b = binary.LittleEndian.AppendUint64(b, uint64(i))
	}
	g.inline = append(g.inline, tensorHead(name, onnxInt64, []int64{int64(len(v))}).sub(9, b))
	return name
}

// alignment is where a constant of n bytes begins: large ones at a page, so that
// they can be mapped into memory, small ones at a cache line.
func alignment(n int64) int64 {
	if n >= 64<<10 {
		return 4096
	}
	return 64
}

// layout returns the offset of each constant in the data file, and the file's size.
func (g *graph) layout() (offsets []int64, size int64) {
	for _, init := range g.inits {
		a := alignment(init.bytes())
		size = (size + a - 1) / a * a
		offsets = append(offsets, size)
		size += init.bytes()
	}
	return offsets, size
}

// model writes the ModelProto; its large constants are in the file named data.
func (g *graph) model(data string, inputs, outputs []message) []byte {
	var m message
	for _, n := range g.nodes {
		m = m.sub(1, n)
	}
	m = m.text(2, "lasr")
	for _, t := range g.inline {
		m = m.sub(5, t)
	}
	offsets, _ := g.layout()
	for i, init := range g.inits {
		m = m.sub(5, init.external(data, offsets[i]))
	}
	for _, in := range inputs {
		m = m.sub(11, in)
	}
	for _, out := range outputs {
		m = m.sub(12, out)
	}
	set := func(domain string, version int64) message { return message(nil).text(1, domain).int(2, version) }
	return message(nil).int(1, 9).text(2, "fermata").sub(7, m).sub(8, set("", opset)).sub(8, set(microsoft, 1))
}

// transposed returns the matrix of rows × cols as cols × rows, times scale.
func transposed(v []float32, rows, cols int, scale float64) []float32 {
	t := make([]float32, len(v))
	for r := range rows {
		for c, x := range v[r*cols : (r+1)*cols] {
			t[c*rows+r] = scaled(x, scale)
		}
	}
	return t
}

// scaled multiplies in float64 and rounds once.
func scaled(x float32, scale float64) float32 {
	if scale == 1 {
		return x
	}
	return float32(float64(x) * scale)
}

// rotary returns cos and sin of position·theta^(−2i/dim) for every position below
// positions and every i below dim/2, row-major. Power, reciprocal and product are
// each rounded to float32, as LasrEncoderRotaryEmbedding does: at position 1500 the
// last bit of the frequency is already 1e-4 rad.
func rotary(theta float64, dim, positions int, f func(float64) float64) []float32 {
	half := dim / 2
	table := make([]float32, positions*half)
	for i := range half {
		power := float32(math.Pow(float64(float32(theta)), float64(float32(2*i)/float32(dim))))
		freq := 1 / power
		for p := range positions {
			table[p*half+i] = float32(f(float64(float32(p) * freq)))
		}
	}
	return table
}
