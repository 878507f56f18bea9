package npy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// golden is what NumPy says is in its files.
type golden struct {
	Arrays map[string]struct {
		Shape  []int
		Values []string
	}
}

func readGolden(t *testing.T) golden {
	t.Helper()
	var g golden
	if err := json.Unmarshal(contents(t, "golden.json"), &g); err != nil {
		t.Fatal(err)
	}
	return g
}

func contents(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestReadsWhatNumPyWrote compares every value, exactly.
func TestReadsWhatNumPyWrote(t *testing.T) {
	for name, want := range readGolden(t).Arrays {
		t.Run(name, func(t *testing.T) {
			file := bytes.NewReader(contents(t, name+".npy"))
			var shape []int
			var values []string
			switch name[0] {
			case 'f':
				a, err := Floats(file)
				if err != nil {
					t.Fatal(err)
				}
				shape = a.Shape
				for i, v := range a.Values {
					w, err := strconv.ParseFloat(want.Values[i], 64)
					if err != nil || math.Float32bits(v) != math.Float32bits(float32(w)) {
						t.Errorf("value %d is %v, want %v (%v)", i, v, w, err)
					}
					values = append(values, want.Values[i])
				}
			case 'i':
				a, err := Integers(file)
				if err != nil {
					t.Fatal(err)
				}
				shape = a.Shape
				for _, v := range a.Values {
					values = append(values, fmt.Sprint(v))
				}
			case 'u':
				a, err := Bytes(file)
				if err != nil {
					t.Fatal(err)
				}
				shape = a.Shape
				for _, v := range a.Values {
					values = append(values, fmt.Sprint(v))
				}
			}
			if !slices.Equal(shape, want.Shape) || !slices.Equal(values, want.Values) {
				t.Errorf("%v %v, want %v %v", shape, values, want.Shape, want.Values)
			}
		})
	}
}

func TestRows(t *testing.T) {
	for _, c := range []struct {
		shape       []int
		rows, width int
		sentence    string
	}{
		{[]int{3, 5}, 3, 5, ""},
		{[]int{1, 3, 5}, 3, 5, ""},
		{[]int{0, 5}, 0, 5, ""},
		{[]int{2, 3, 5}, 0, 0, "(2, 3, 5)"},
		{[]int{15}, 0, 0, "(15)"},
		{nil, 0, 0, "()"},
	} {
		rows, width, err := Array[float32]{Shape: c.shape}.Rows()
		if rows != c.rows || width != c.width || (err == nil) != (c.sentence == "") || err != nil && !strings.Contains(err.Error(), c.sentence) {
			t.Errorf("%v: %d rows of %d, %v", c.shape, rows, width, err)
		}
	}
}

// made is a file of version 1 with the dictionary and the bytes after it.
func made(dict, data string) string {
	return fmt.Sprintf("%s\x01\x00%s%s%s", magic, string([]byte{byte(len(dict)), byte(len(dict) >> 8)}), dict, data)
}

func entryOf(order, shape string) string {
	return fmt.Sprintf("{'descr': '<f4', 'fortran_order': %s, 'shape': %s, }\n", order, shape)
}

func TestRefused(t *testing.T) {
	whole := string(contents(t, "f4.npy"))
	for name, c := range map[string]struct{ file, sentence string }{
		"empty":                {"", "is not a NumPy array"},
		"text":                 {"dear colleague", "is not a NumPy array"},
		"version":              {magic + "\x09\x00\x02\x00{}", "version 9"},
		"no length":            {magic + "\x01\x00\x02", "is not a NumPy array"},
		"huge header":          {magic + "\x02\x00\xff\xff\xff\xff{}", "claims a header of 4294967295 bytes"},
		"cut header":           {whole[:40], "ends within its header"},
		"cut values":           {whole[:len(whole)-1], "ends after 14 of 15 values"},
		"no values":            {whole[:128], "ends after 0 of 15 values"},
		"more values":          {whole + "x", "goes on after its last value"},
		"no dictionary":        {made("nothing\n", ""), "cannot be understood"},
		"no newline":           {made("", ""), "cannot be understood"},
		"negative":             {made(entryOf("False", "(-3, 5)"), ""), "cannot be understood"},
		"odd order":            {made(entryOf("Maybe", "(3, 5)"), ""), "cannot be understood"},
		"huge dimension":       {made(entryOf("False", "(99999999999999999999, 5)"), ""), "claims a dimension"},
		"huge shape":           {made(entryOf("False", "(9223372036854775807, 512)"), ""), "claims the shape"},
		"overflowing shape":    {made(entryOf("False", "(400000000, 400000000, 400000000)"), ""), "claims the shape"},
		"many dimensions":      {made(entryOf("False", "("+strings.Repeat("1, ", 99)+")"), "abcd"), "claims the shape"},
		"large, nothing in it": {made(entryOf("True", "(536870912,)"), ""), "ends after 0 of 536870912 values"},
		"object":               {string(contents(t, "refused_object.npy")), "Python objects"},
		"complex":              {string(contents(t, "refused_complex.npy")), "complex128"},
		"words":                {string(contents(t, "refused_text.npy")), "type \"U6\""},
		"struct":               {string(contents(t, "refused_struct.npy")), "NumPy's type"},
		"integers":             {string(contents(t, "i8.npy")), "int64; save it as float16 or float32 or float64"},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := Floats(strings.NewReader(c.file))
			if err == nil {
				t.Fatalf("read %v", a.Shape)
			}
			if !strings.Contains(err.Error(), c.sentence) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "; ") {
				t.Errorf("%q, want one line with %q", err, c.sentence)
			}
		})
	}
}

// TestLyingHeaderTakesNoMemory reads a header that claims 2 GiB.
func TestLyingHeaderTakesNoMemory(t *testing.T) {
	file := made(entryOf("False", "(536870912,)"), strings.Repeat("x", 1000))
	r := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if _, err := Floats(strings.NewReader(file)); err == nil {
				b.Fatal("read")
			}
		}
	})
	if r.AllocedBytesPerOp() > 1<<20 {
		t.Errorf("took %d bytes", r.AllocedBytesPerOp())
	}
}

func TestWriteIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 200).Draw(t, "width")
		rows := rapid.IntRange(0, 200).Draw(t, "rows")
		values := make([]float32, rows*width)
		for i := range values {
			values[i] = float32(i) / 3
		}
		var file bytes.Buffer
		if err := Write(&file, values, width); err != nil {
			t.Fatal(err)
		}
		if file.Len()%64 != len(values)*4%64 {
			t.Fatal("the values do not start at a multiple of 64")
		}
		a, err := Floats(&file)
		if err != nil || !slices.Equal(a.Shape, []int{rows, width}) || !slices.Equal(a.Values, values) {
			t.Fatal(a.Shape, err)
		}
	})
}

// TestWriteIsNumPys compares with the file that numpy.save wrote.
func TestWriteIsNumPys(t *testing.T) {
	want := contents(t, "f4.npy")
	a, err := Floats(bytes.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := Write(&got, a.Values, a.Shape[1]); err != nil || !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%q, %v; want %q", got.Bytes(), err, want)
	}
}

func FuzzFloats(f *testing.F) {
	for _, name := range []string{"f2.npy", "f4_fortran.npy", "f8.npy", "f4_scalar.npy", "f4_empty.npy", "refused_object.npy"} {
		f.Add(contents(f, name))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := Floats(bytes.NewReader(b))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q has several lines", err)
			}
			return
		}
		count := 1
		for _, n := range a.Shape {
			count *= n
		}
		if len(a.Values) != count || count > len(b) {
			t.Errorf("%d values of shape %v out of %d bytes", len(a.Values), a.Shape, len(b))
		}
	})
}
