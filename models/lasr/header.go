package lasr

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// parseHeader reads the header's JSON token by token, so that neither doubled names
// nor deep or long values go unnoticed or unbounded.
func parseHeader(r io.Reader, file string, base, size int64) (map[string]tensor, error) {
	d := json.NewDecoder(r)
	tensors := map[string]tensor{}
	err := eachKey(d, func(name string) error {
		if name == "__metadata__" {
			return eachKey(d, func(string) error {
				var text string
				return d.Decode(&text)
			})
		}
		t, err := parseTensor(d)
		if err != nil {
			return fmt.Errorf("tensor %.80q: %w", name, err)
		}
		if t.start > size-base || t.size > size-base-t.start {
			return fmt.Errorf("tensor %.80q lies beyond the end of the file", name)
		}
		if len(tensors) == maxTensors {
			return fmt.Errorf("the header names more than %d tensors", maxTensors)
		}
		t.file, t.start = file, t.start+base
		tensors[name] = t
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("the header cannot be understood (%w)", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the header goes on after its end")
	}
	return tensors, nil
}

// eachKey calls value for every key of the JSON object that comes next; value reads
// what belongs to it. A key that comes twice is an error.
func eachKey(d *json.Decoder, value func(key string) error) error {
	if t, err := d.Token(); err != nil {
		return err
	} else if t != json.Delim('{') {
		return errors.New("not an object")
	}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok || seen[key] {
			return fmt.Errorf("%.80q stands there twice", key)
		}
		if len(seen) > maxTensors {
			return fmt.Errorf("more than %d names", maxTensors)
		}
		seen[key] = true
		if err := value(key); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// parseTensor reads {"dtype": …, "shape": […], "data_offsets": [begin, end]}. The start
// it returns counts from the end of the header.
func parseTensor(d *json.Decoder) (tensor, error) {
	var t tensor
	var offsets []int64
	err := eachKey(d, func(key string) (err error) {
		switch key {
		case "dtype":
			return d.Decode(&t.dtype)
		case "shape":
			t.shape, err = parseInts(d, 8)
		case "data_offsets":
			offsets, err = parseInts(d, 2)
		default:
			err = fmt.Errorf("unknown field %.40q", key)
		}
		return err
	})
	if err != nil {
		return t, err
	}
	if t.shape == nil || len(offsets) != 2 {
		return t, errors.New("shape or data_offsets are missing")
	}
	want, ok := byteSize(t.dtype, t.shape)
	if !ok {
		return t, fmt.Errorf("no such size: %.20q of shape %v", t.dtype, t.shape)
	}
	t.start, t.size = offsets[0], offsets[1]-offsets[0]
	if t.start < 0 || t.size != want {
		return t, fmt.Errorf("data_offsets %v do not fit %.20q of shape %v", offsets, t.dtype, t.shape)
	}
	return t, nil
}

// parseInts reads an array of at most limit whole numbers; never nil without an error.
func parseInts(d *json.Decoder, limit int) ([]int64, error) {
	if t, err := d.Token(); err != nil {
		return nil, err
	} else if t != json.Delim('[') {
		return nil, errors.New("not an array")
	}
	ints := []int64{}
	for d.More() {
		if len(ints) == limit {
			return nil, fmt.Errorf("more than %d numbers", limit)
		}
		var n int64
		if err := d.Decode(&n); err != nil {
			return nil, err
		}
		ints = append(ints, n)
	}
	_, err := d.Token()
	return ints, err
}
