package lasr_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"fermata/models/lasr"
)

// files is a golden checkpoint in memory, to be spoilt.
func files(t testing.TB, name string) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	entries, err := os.ReadDir(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		m[e.Name()] = &fstest.MapFile{Data: read(t, filepath.Join(name, e.Name()))}
	}
	return m
}

// replace changes every old in a file, which must be there.
func replace(t testing.TB, m fstest.MapFS, file, old, with string) {
	t.Helper()
	if !bytes.Contains(m[file].Data, []byte(old)) {
		t.Fatalf("%s has no %s", file, old)
	}
	m[file].Data = bytes.ReplaceAll(m[file].Data, []byte(old), []byte(with))
}

const st = "model.safetensors"

func TestOpenRefusesWhatDoesNotFit(t *testing.T) {
	for name, c := range map[string]struct {
		of    string
		spoil func(m fstest.MapFS)
		want  string
	}{
		"no config":    {"a", func(m fstest.MapFS) { delete(m, "config.json") }, "config.json: is missing"},
		"no tokenizer": {"a", func(m fstest.MapFS) { delete(m, "tokenizer.json") }, "tokenizer.json: is missing"},
		"no weights":   {"a", func(m fstest.MapFS) { delete(m, st) }, "model.safetensors: is missing"},
		"no shard":     {"b", func(m fstest.MapFS) { delete(m, "model-00002-of-00005.safetensors") }, "model-00002-of-00005.safetensors: is missing"},
		"shard outside": {"b", func(m fstest.MapFS) {
			replace(t, m, "model.safetensors.index.json", "model-00002-of-00005.safetensors", "../x")
		}, "model.safetensors.index.json: names \"../x\""},
		"no index":            {"b", func(m fstest.MapFS) { m["model.safetensors.index.json"].Data = []byte("{}") }, "model.safetensors.index.json: has no weight_map"},
		"tensor twice":        {"b", func(m fstest.MapFS) { m["model-00001-of-00005.safetensors"] = m["model-00002-of-00005.safetensors"] }, "model-00002-of-00005.safetensors: tensor "},
		"another hidden size": {"a", func(m fstest.MapFS) { replace(t, m, "config.json", `"hidden_size": 48`, `"hidden_size": 60`) }, "model.safetensors: tensor encoder.subsampler.dense_0.weight has shape [48 128], config.json implies [60 128]"},
		"more layers":         {"a", func(m fstest.MapFS) { replace(t, m, "config.json", `"num_hidden_layers": 2`, `"num_hidden_layers": 3`) }, "model.safetensors: has no tensor encoder.layers.2."},
		"fewer layers":        {"a", func(m fstest.MapFS) { replace(t, m, "config.json", `"num_hidden_layers": 2`, `"num_hidden_layers": 1`) }, "model.safetensors: tensor \"encoder.layers.1."},
		"no biases": {"b", func(m fstest.MapFS) {
			replace(t, m, "config.json", `"attention_bias": true`, `"attention_bias": false`)
		}, "model-0000"},
		"vocabulary": {"a", func(m fstest.MapFS) { m["tokenizer.json"] = files(t, "b")["tokenizer.json"] }, "tokenizer.json: has 96 pieces but the network of config.json has 64 scores"},
		"extractor":  {"a", func(m fstest.MapFS) { replace(t, m, "processor_config.json", "16000", "8000") }, "processor_config.json: sampling_rate is 8000"},
		"dtype": {"a", func(m fstest.MapFS) {
			replace(t, m, st, `"ctc_head.bias":{"dtype":"F32"`, `"ctc_head.bias":{"dtype":"I32"`)
		}, "model.safetensors: tensor ctc_head.bias is I32"},
		"truncated":    {"a", func(m fstest.MapFS) { m[st].Data = m[st].Data[:len(m[st].Data)-1] }, "model.safetensors: the header cannot be understood (tensor "},
		"encoder only": {"a", func(m fstest.MapFS) { replace(t, m, st, `"encoder.subsampler.`, `"subsampler.`); shrink(m[st]) }, "model.safetensors: is an encoder without its CTC head"},
		"a folder":     {"a", func(m fstest.MapFS) { m[st] = &fstest.MapFile{Mode: fs.ModeDir} }, "model.safetensors: is not a file"},
	} {
		t.Run(name, func(t *testing.T) {
			m := files(t, c.of)
			c.spoil(m)
			_, err := lasr.Open(m)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) || !strings.Contains(err.Error(), "; ") || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %q, want it to begin with %q", err, c.want)
			}
		})
	}
}

// shrink writes a changed header's length anew.
func shrink(f *fstest.MapFile) {
	end := bytes.Index(f.Data, []byte("}}")) + 2
	for f.Data[end] == ' ' {
		end++
	}
	binary.LittleEndian.PutUint64(f.Data, uint64(end-8))
}

func TestOpenTakesShardsAndAWholeFileAlike(t *testing.T) {
	whole := files(t, "b")
	header := map[string]any{}
	var data []byte
	for name, f := range whole {
		if !strings.HasSuffix(name, ".safetensors") {
			continue
		}
		n := binary.LittleEndian.Uint64(f.Data)
		var part map[string]struct {
			Dtype   string  `json:"dtype"`
			Shape   []int64 `json:"shape"`
			Offsets []int   `json:"data_offsets"`
		}
		text := bytes.Replace(f.Data[8:8+n], []byte(`"__metadata__":{"format":"pt"},`), nil, 1)
		if err := json.Unmarshal(text, &part); err != nil {
			t.Fatal(err)
		}
		for tensor, p := range part {
			p.Offsets[0] += len(data)
			p.Offsets[1] += len(data)
			header[tensor] = p
		}
		data = append(data, f.Data[8+n:]...)
		delete(whole, name)
	}
	b, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	whole[st] = &fstest.MapFile{Data: append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(b))), b...), data...)}
	if hash(t, open(t, whole)) != hash(t, open(t, os.DirFS("testdata/b"))) {
		t.Error("the hashes differ")
	}
}

func hash(t testing.TB, c *lasr.Checkpoint) string {
	t.Helper()
	h, err := c.Hash()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHashChangesWithWhatShapesTheGraph(t *testing.T) {
	seen := map[string]string{}
	for name, spoil := range map[string]func(m fstest.MapFS){
		"as it is": func(fstest.MapFS) {},
		"a weight": func(m fstest.MapFS) { m[st].Data[len(m[st].Data)-1] ^= 1 },
		"a value":  func(m fstest.MapFS) { replace(t, m, "config.json", "1e-06", "1e-05") },
		"theta":    func(m fstest.MapFS) { replace(t, m, "config.json", "10000.0", "9000.0") },
	} {
		m := files(t, "a")
		spoil(m)
		h := hash(t, open(t, m))
		if other, twice := seen[h]; twice {
			t.Errorf("%s and %s have the same hash", name, other)
		}
		seen[h] = name
	}
	m := files(t, "a")
	delete(m, "processor_config.json")
	replace(t, m, "config.json", `"dropout": 0.1`, `"dropout": 0.2`)
	if seen[hash(t, open(t, m))] != "as it is" {
		t.Error("what does not shape the graph changes the hash")
	}
}
