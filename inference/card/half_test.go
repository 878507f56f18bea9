package card

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"fermata/inference/onnx"
	"fermata/models/lasr"
)

// TestMain stops ONNX Runtime, which fails if a test left a model open.
func TestMain(m *testing.M) {
	code := m.Run()
	if err := onnx.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// graphOf is the graph of a checkpoint's folder.
func graphOf(t *testing.T, folder string) string {
	t.Helper()
	checkpoint, err := lasr.Open(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checkpoint.Cached(t.Context(), t.TempDir(), lasr.FP32)
	if err != nil {
		t.Fatal(err)
	}
	return graph
}

// load loads a graph into ONNX Runtime, on the CPU.
func load(t *testing.T, graph string) Model {
	t.Helper()
	library := os.Getenv("FERMATA_ONNXRUNTIME")
	if library == "" { // where `make runtime` puts it
		library = filepath.Join("..", "..", "build", "runtime", "libonnxruntime.so.1")
	}
	if err := onnx.Start(library); err != nil {
		t.Fatal(err)
	}
	model, err := onnx.Load(graph, onnx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = model.Close() })
	return model
}

// halfGraph writes a graph beside another in which what every node of these
// kinds gives is rounded to half precision, as if it had been computed in that.
func halfGraph(t *testing.T, graph string) string {
	t.Helper()
	b, err := os.ReadFile(graph)
	if err != nil {
		t.Fatal(err)
	}
	const graphField, nodeField, outputField, kindField = 7, 1, 2, 4 // ModelProto, GraphProto, NodeProto
	model := rewritten(b, graphField, func(graph []byte) [][]byte {
		return [][]byte{rewritten(graph, nodeField, func(node []byte) [][]byte {
			kind := ""
			rewritten(node, kindField, func(k []byte) [][]byte { kind = string(k); return nil })
			switch kind {
			case "MatMul", "Gemm", "Conv", "LayerNormalization", "Softmax":
			default:
				return [][]byte{node}
			}
			var name []byte
			node = rewritten(node, outputField, func(output []byte) [][]byte {
				name = output
				return [][]byte{append([]byte("wide "), output...)}
			})
			return [][]byte{node, cast("wide "+string(name), "half "+string(name), 10), cast("half "+string(name), string(name), 1)}
		})}
	})
	path := filepath.Join(filepath.Dir(graph), "half.onnx")
	if err := os.WriteFile(path, model, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rewritten is a message with every field of that number replaced.
func rewritten(message []byte, number protowire.Number, with func([]byte) [][]byte) (out []byte) {
	for len(message) > 0 {
		n, kind, size := protowire.ConsumeTag(message)
		whole := size + protowire.ConsumeFieldValue(n, kind, message[size:])
		if n == number && kind == protowire.BytesType {
			body, _ := protowire.ConsumeBytes(message[size:])
			for _, replacement := range with(body) {
				out = protowire.AppendBytes(protowire.AppendTag(out, n, kind), replacement)
			}
		} else {
			out = append(out, message[:whole]...)
		}
		message = message[whole:]
	}
	return out
}

// cast is a NodeProto that casts to a TensorProto.DataType.
func cast(from, to string, element uint64) []byte {
	attribute := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "to")
	attribute = protowire.AppendVarint(protowire.AppendTag(attribute, 3, protowire.VarintType), element)
	attribute = protowire.AppendVarint(protowire.AppendTag(attribute, 20, protowire.VarintType), 2) // INT
	node := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), from)
	node = protowire.AppendString(protowire.AppendTag(node, 2, protowire.BytesType), to)
	node = protowire.AppendString(protowire.AppendTag(node, 4, protowire.BytesType), "Cast")
	return protowire.AppendBytes(protowire.AppendTag(node, 5, protowire.BytesType), attribute)
}

// scaled is a copy of a checkpoint's folder in which the network's activations
// reach MedASR's 2e6: what the last layer of the subsampler gives is a million
// times as large, which the norms behind it undo.
func scaled(t *testing.T, folder string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(to, "model.safetensors")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// safetensors: the length of the header, the header, the data.
	data := b[8+binary.LittleEndian.Uint64(b):]
	var header map[string]struct {
		Offsets [2]int `json:"data_offsets"`
	}
	if err := json.Unmarshal(b[8:len(b)-len(data)], &header); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"encoder.subsampler.dense_1.weight", "encoder.subsampler.dense_1.bias"} {
		at := header[name].Offsets
		if at[0] == at[1] {
			t.Fatal(name, "is not there")
		}
		for values := data[at[0]:at[1]]; len(values) > 0; values = values[4:] {
			v := math.Float32frombits(binary.LittleEndian.Uint32(values))
			binary.LittleEndian.PutUint32(values, math.Float32bits(1e6*v))
		}
	}
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestHalfPrecisionIsCaught checks networks against themselves in half
// precision.
func TestHalfPrecisionIsCaught(t *testing.T) {
	golden := "../../models/lasr/testdata/"
	for _, c := range []struct{ name, folder, want string }{
		{"demo", "../../models/demo/checkpoint", "the card's answer differs"},
		{"a", golden + "a", "the card's answer differs"},
		{"b", golden + "b", "the card's answer differs"},
		{"c", golden + "c", "the card's answer differs"},
		{"activations of 2e6", scaled(t, golden+"a"), "no numbers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			graph := graphOf(t, c.folder)
			cpu := load(t, graph)
			for _, g := range []struct {
				graph string
				same  bool
				words string
			}{{graph, true, ""}, {halfGraph(t, graph), false, c.want}} {
				v, err := Check(t.Context(), cpu, load(t, g.graph), Device{Name: "card"})
				if err != nil || v.Same != g.same || !strings.Contains(v.Words, g.words) {
					t.Errorf("%+v, %v; want %v, %q", v, err, g.same, g.words)
				}
				t.Logf("differs by %.2g of the spread", v.Difference)
			}
		})
	}
}
