package onnx

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// Numbers of fields in onnx.proto3, by message.
const (
	modelGraph       = 7  // ModelProto.graph
	graphNode        = 1  // GraphProto.node
	nodeName         = 3  // NodeProto.name
	nodeOperator     = 4  // NodeProto.op_type
	graphInput       = 11 // GraphProto.input
	graphOutput      = 12 // GraphProto.output
	valueName        = 1  // ValueInfoProto.name
	valueType        = 2  // ValueInfoProto.type
	typeTensor       = 1  // TypeProto.tensor_type
	tensorElement    = 1  // TypeProto.Tensor.elem_type
	tensorShape      = 2  // TypeProto.Tensor.shape
	shapeDimension   = 1  // TensorShapeProto.dim
	dimensionValue   = 1  // TensorShapeProto.Dimension.dim_value
	greatestPortSize = 1 << 16
	greatestPorts    = 1000
)

// An element is a TensorProto.DataType.
type element int32

const (
	float32Element element = 1
	int32Element   element = 6
	int64Element   element = 7
	boolElement    element = 9
)

func (e element) String() string {
	if name, ok := map[element]string{
		float32Element: "float32", int32Element: "int32", int64Element: "int64", boolElement: "bool",
		2: "uint8", 3: "int8", 8: "string", 10: "float16", 11: "float64", 16: "bfloat16",
	}[e]; ok {
		return name
	}
	return fmt.Sprintf("type %d", int32(e))
}

// A port is an input or output of a graph.
type port struct {
	name    string
	element element // 0 if it is no tensor
	shape   []int64 // nil if none is given; -1 for a length that varies
}

func (p port) String() string {
	const most = 6
	var dims []string
	for i, d := range p.shape {
		switch {
		case i == most:
			dims = append(dims, "…")
		case i > most:
		case d < 0:
			dims = append(dims, "?")
		default:
			dims = append(dims, fmt.Sprint(d))
		}
	}
	return fmt.Sprintf("%.40q %v [%s]", p.name, p.element, strings.Join(dims, ","))
}

// errNotONNX is what a file gives that is not a ModelProto, or a cut one.
var errNotONNX = errors.New("is not an ONNX model, or is cut short")

// ports reads the inputs and outputs of a graph from an ONNX file of so many
// bytes. ONNX Runtime would tell them, too, but only after it has loaded all
// weights, and it aborts less politely on a file that is none.
func ports(file io.ReaderAt, size int64) (inputs, outputs []port, err error) {
	graph, err := only(file, span{0, size}, modelGraph)
	if err != nil {
		return nil, nil, err
	}
	err = each(file, graph, func(n protowire.Number, body span) error {
		if n != graphInput && n != graphOutput {
			return nil
		}
		p, err := readPort(file, body)
		if err != nil {
			return err
		}
		if n == graphInput {
			inputs = append(inputs, p)
		} else {
			outputs = append(outputs, p)
		}
		if len(inputs)+len(outputs) > greatestPorts {
			return errNotONNX
		}
		return nil
	})
	return inputs, outputs, err
}

// nodes returns the names of the nodes of an operator.
func nodes(file io.ReaderAt, size int64, operator string) (names []string, err error) {
	graph, err := only(file, span{0, size}, modelGraph)
	if err != nil {
		return nil, err
	}
	err = each(file, graph, func(n protowire.Number, body span) error {
		if n != graphNode || body.to-body.from > greatestPortSize { // one with a constant in it
			return nil
		}
		raw := make([]byte, body.to-body.from)
		if _, err := file.ReadAt(raw, body.from); err != nil {
			return errNotONNX
		}
		if string(sub(raw, nodeOperator)) == operator {
			names = append(names, string(sub(raw, nodeName)))
		}
		return nil
	})
	return names, err
}

func readPort(file io.ReaderAt, body span) (port, error) {
	if body.to-body.from > greatestPortSize {
		return port{}, errNotONNX
	}
	raw := make([]byte, body.to-body.from)
	if _, err := file.ReadAt(raw, body.from); err != nil {
		return port{}, errNotONNX
	}
	tensor := sub(sub(raw, valueType), typeTensor)
	p := port{name: string(sub(raw, valueName))}
	if e, ok := number(tensor, tensorElement); ok && e <= math.MaxInt32 {
		p.element = element(e)
	}
	fields(sub(tensor, tensorShape), func(n protowire.Number, dim []byte, _ uint64) {
		if n != shapeDimension {
			return
		}
		length := int64(-1)
		if v, ok := number(dim, dimensionValue); ok && v <= math.MaxInt64 {
			length = int64(v)
		}
		p.shape = append(p.shape, length)
	})
	return p, nil
}
