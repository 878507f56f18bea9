package lasr

import (
	"math"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// message is an ONNX protobuf message being written; the field numbers below are
// those of onnx.proto (ONNX 1.16).
type message []byte

func (m message) text(field protowire.Number, s string) message {
	return protowire.AppendString(protowire.AppendTag(m, field, protowire.BytesType), s)
}

func (m message) sub(field protowire.Number, b []byte) message {
	return protowire.AppendBytes(protowire.AppendTag(m, field, protowire.BytesType), b)
}

func (m message) int(field protowire.Number, v int64) message {
	return protowire.AppendVarint(protowire.AppendTag(m, field, protowire.VarintType), uint64(v))
}

func (m message) float(field protowire.Number, v float32) message {
	return protowire.AppendFixed32(protowire.AppendTag(m, field, protowire.Fixed32Type), math.Float32bits(v))
}

// TensorProto.DataType.
const (
	onnxFloat = 1
	onnxInt8  = 3
	onnxInt64 = 7
)

func elementBytes(kind int64) int64 {
	if kind == onnxInt8 {
		return 1
	}
	return 4
}

// attribute writes an AttributeProto; v is float32, int64, string or []int64.
func attribute(name string, v any) message {
	m := message(nil).text(1, name)
	switch v := v.(type) {
	case float32:
		return m.float(2, v).int(20, 1)
	case int64:
		return m.int(3, v).int(20, 2)
	case string:
		return m.text(4, v).int(20, 3)
	case []int64:
		for _, i := range v {
			m = m.int(8, i)
		}
		return m.int(20, 7)
	}
	panic("lasr: no such attribute type")
}

// tensorHead writes the dims, type and name of a TensorProto.
func tensorHead(name string, kind int64, dims []int64) message {
	var m message
	for _, d := range dims {
		m = m.int(1, d)
	}
	return m.int(2, kind).text(8, name)
}

// external writes a TensorProto whose data stand in another file beside the graph.
func (i initializer) external(file string, offset int64) message {
	entry := func(key, value string) message { return message(nil).text(1, key).text(2, value) }
	return tensorHead(i.name, i.kind, i.dims).
		sub(13, entry("location", file)).
		sub(13, entry("offset", strconv.FormatInt(offset, 10))).
		sub(13, entry("length", strconv.FormatInt(i.bytes(), 10))).
		int(14, 1)
}

// valueInfo writes a ValueInfoProto of float32; a dim is an int64 or the name of a free one.
func valueInfo(name string, dims ...any) message {
	var shape message
	for _, d := range dims {
		switch d := d.(type) {
		case int64:
			shape = shape.sub(1, message(nil).int(1, d))
		case string:
			shape = shape.sub(1, message(nil).text(2, d))
		}
	}
	tensor := message(nil).int(1, onnxFloat).sub(2, shape)
	return message(nil).text(1, name).sub(2, message(nil).sub(1, tensor))
}
