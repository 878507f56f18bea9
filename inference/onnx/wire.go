package onnx

import (
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// A span is a range of bytes of a file, half open.
type span struct{ from, to int64 }

// each calls visit for every length-delimited field of the message in a span
// of a file, without reading what is in them: a model's weights are skipped.
func each(file io.ReaderAt, message span, visit func(protowire.Number, span) error) error {
	for at := message.from; at < message.to; {
		head := make([]byte, min(20, message.to-at)) // a tag and a length
		if _, err := file.ReadAt(head, at); err != nil && err != io.EOF {
			return errNotONNX
		}
		number, kind, n := protowire.ConsumeTag(head)
		if n < 0 {
			return errNotONNX
		}
		if kind != protowire.BytesType {
			m := protowire.ConsumeFieldValue(number, kind, head[n:])
			if m < 0 {
				return errNotONNX
			}
			at += int64(n + m)
			continue
		}
		length, m := protowire.ConsumeVarint(head[n:])
		from := at + int64(n+m)
		if m < 0 || length > uint64(message.to-from) {
			return errNotONNX
		}
		at = from + int64(length)
		if err := visit(number, span{from, at}); err != nil {
			return err
		}
	}
	return nil
}

// only returns the one field of that number.
func only(file io.ReaderAt, message span, wanted protowire.Number) (span, error) {
	var found []span
	err := each(file, message, func(n protowire.Number, body span) error {
		if n == wanted {
			found = append(found, body)
		}
		return nil
	})
	if err != nil || len(found) != 1 {
		return span{}, errNotONNX
	}
	return found[0], nil
}

// fields calls visit for every field of a message in memory, with its bytes
// or its number. It stops at what is no field.
func fields(message []byte, visit func(n protowire.Number, body []byte, value uint64)) {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return
		}
		message = message[n:]
		m := protowire.ConsumeFieldValue(number, kind, message)
		if m < 0 {
			return
		}
		switch kind {
		case protowire.BytesType:
			body, _ := protowire.ConsumeBytes(message)
			visit(number, body, 0)
		case protowire.VarintType:
			value, _ := protowire.ConsumeVarint(message)
			visit(number, nil, value)
		}
		message = message[m:]
	}
}

// sub returns the last length-delimited field of that number, nil if there is
// none.
func sub(message []byte, wanted protowire.Number) (found []byte) {
	fields(message, func(n protowire.Number, body []byte, _ uint64) {
		if n == wanted && body != nil {
			found = body
		}
	})
	return found
}

// number returns the last varint field of that number.
func number(message []byte, wanted protowire.Number) (found uint64, ok bool) {
	fields(message, func(n protowire.Number, body []byte, value uint64) {
		if n == wanted && body == nil {
			found, ok = value, true
		}
	})
	return found, ok
}
