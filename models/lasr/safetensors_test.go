package lasr

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"
)

// file puts a header and n bytes of data into one safetensors file.
func file(header string, n int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, n)...)
}

func TestReadHeader(t *testing.T) {
	header := `{"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[],"data_offsets":[8,10]},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}    `
	b := file(header, 10)
	got, err := readHeader(bytes.NewReader(b), int64(len(b)), "x")
	if err != nil {
		t.Fatal(err)
	}
	base := int64(8 + len(header))
	if a := got["a"]; a.start != base || a.size != 8 || a.dtype != "F32" || len(a.shape) != 2 || len(got) != 2 || got["b"].start != base+8 {
		t.Errorf("%+v", got)
	}
}

func TestReadHeaderRefuses(t *testing.T) {
	tensor := func(offsets, rest string) string {
		return `"a":{"dtype":"F32","shape":[2],"data_offsets":` + offsets + `}` + rest
	}
	huge := func(n uint64) []byte { return append(binary.LittleEndian.AppendUint64(nil, n), "{}"...) }
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":                {nil, "has 0 bytes and no header"},
		"short":                {[]byte("hello"), "has 5 bytes"},
		"header 2^63":          {huge(1 << 63), "claims 9223372036854775808 bytes but the file has 10"},
		"header 2^64-1":        {huge(math.MaxUint64), "claims 18446744073709551615"},
		"header beyond file":   {huge(3), "claims 3 bytes but the file has 10"},
		"not JSON":             {file("hello", 0), "cannot be understood"},
		"an array":             {file("[]", 0), "not an object"},
		"cut JSON":             {file(`{"a":`, 0), "cannot be understood"},
		"after the end":        {file(`{} {}`, 0), "goes on after its end"},
		"deep":                 {file(strings.Repeat(`{"a":`, 100000), 0), "unknown field"},
		"deep shape":           {file(`{"a":{"shape":`+strings.Repeat(`[`, 1000000), 0), "cannot be understood"},
		"doubled name":         {file(`{`+tensor("[0,8]", ",")+tensor("[0,8]", "}"), 8), "stands there twice"},
		"doubled field":        {file(`{"a":{"dtype":"F32","dtype":"F16"}}`, 8), "stands there twice"},
		"unknown field":        {file(`{"a":{"kind":1}}`, 8), "unknown field"},
		"no offsets":           {file(`{"a":{"dtype":"F32","shape":[2]}}`, 8), "are missing"},
		"no shape":             {file(`{"a":{"dtype":"F32","data_offsets":[0,8]}}`, 8), "are missing"},
		"one offset":           {file(`{`+tensor("[0]", "}"), 8), "are missing"},
		"three offsets":        {file(`{`+tensor("[0,8,8]", "}"), 8), "more than 2 numbers"},
		"offsets backwards":    {file(`{`+tensor("[8,0]", "}"), 8), "do not fit"},
		"negative offset":      {file(`{`+tensor("[-8,0]", "}"), 8), "do not fit"},
		"offset 2^63":          {file(`{`+tensor("[9223372036854775808,9223372036854775816]", "}"), 8), "cannot be understood"},
		"offset near 2^63":     {file(`{`+tensor("[9223372036854775799,9223372036854775807]", "}"), 8), "lies beyond the end"},
		"offsets wrap":         {file(`{`+tensor("[9223372036854775807,-9223372036854775801]", "}"), 8), "beyond the end"},
		"offset is a fraction": {file(`{`+tensor("[0.5,8.5]", "}"), 8), "cannot be understood"},
		"size does not fit":    {file(`{`+tensor("[0,4]", "}"), 4), "do not fit"},
		"beyond the end":       {file(`{`+tensor("[0,8]", "}"), 7), "lies beyond the end"},
		"bytes left over":      {file(`{`+tensor("[0,8]", "}"), 9), "1 bytes at the end belong to no tensor"},
		"gap":                  {file(`{`+tensor("[4,12]", "}"), 12), "4 bytes before tensor"},
		"overlap":              {file(`{`+tensor("[0,8]", `,"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`), 12), "overlaps another"},
		"negative shape":       {file(`{"a":{"dtype":"F32","shape":[-2,-1],"data_offsets":[0,8]}}`, 8), "no such size"},
		"shape overflows":      {file(`{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, 0), "no such size"},
		"unknown dtype":        {file(`{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}}`, 8), "no such size"},
		"metadata not text":    {file(`{"__metadata__":{"a":1}}`, 0), "cannot be understood"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readHeader(bytes.NewReader(c.file), int64(len(c.file)), "w.safetensors")
			if err == nil {
				t.Fatal("no error")
			}
			s := err.Error()
			if !strings.HasPrefix(s, "w.safetensors: ") || !strings.Contains(s, c.want) || !strings.HasSuffix(s, "; copy the model folder again") || strings.Contains(s, "\n") {
				t.Errorf("got %q, want %q in it", s, c.want)
			}
		})
	}
}

// endless is a file of any size without the bytes.
type endless struct{ head []byte }

func (e endless) ReadAt(b []byte, at int64) (int, error) {
	clear(b)
	if at < int64(len(e.head)) {
		copy(b, e.head[at:])
	}
	return len(b), nil
}

func TestReadHeaderRefusesAHugeHeaderUnread(t *testing.T) {
	const size = 1 << 40
	_, err := readHeader(endless{binary.LittleEndian.AppendUint64(nil, headerLimit+1)}, size, "x")
	if err == nil || !strings.Contains(err.Error(), "more than the format allows") {
		t.Error(err)
	}
}

func TestFromHalf(t *testing.T) {
	for bits, want := range map[uint16]float32{
		0x0000: 0, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x0400: 0x1p-14, 0x0001: 0x1p-24, 0x83ff: -1023 * 0x1p-24, 0x3555: 0.33325195,
	} {
		if got := fromHalf(bits); got != want {
			t.Errorf("%#04x is %g, want %g", bits, got, want)
		}
	}
	if !math.IsInf(float64(fromHalf(0x7c00)), 1) || !math.IsNaN(float64(fromHalf(0x7e00))) || !math.Signbit(float64(fromHalf(0x8000))) {
		t.Error("infinity, NaN or −0")
	}
}

func FuzzSafetensors(f *testing.F) {
	f.Add(file(`{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}`, 8))
	f.Add(file(`{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"I64","shape":[],"data_offsets":[4,12]}}`, 12))
	f.Fuzz(func(t *testing.T, b []byte) {
		tensors, err := readHeader(bytes.NewReader(b), int64(len(b)), "x")
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("two lines: %q", err)
			}
			return
		}
		total := int64(0)
		for name, x := range tensors {
			if x.start < 8 || x.size < 0 || x.start+x.size > int64(len(b)) {
				t.Errorf("%q lies at %d+%d of %d", name, x.start, x.size, len(b))
			}
			total += x.size
		}
		if length := int64(binary.LittleEndian.Uint64(b)); total+8+length != int64(len(b)) {
			t.Errorf("%d bytes of tensors in a file of %d", total, len(b))
		}
	})
}
