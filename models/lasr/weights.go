package lasr

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// weights are the tensors of a checkpoint, in one file or in shards.
type weights struct {
	fsys    fs.FS
	tensors map[string]tensor
}

// A need is one tensor the network reads.
type need struct {
	name  string
	shape []int64
}

const (
	single = "model.safetensors"
	index  = "model.safetensors.index.json"
)

func openWeights(fsys fs.FS) (*weights, error) {
	files, err := shards(fsys)
	if err != nil {
		return nil, err
	}
	w := &weights{fsys: fsys, tensors: map[string]tensor{}}
	for _, file := range files {
		if err := w.add(file); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// shards lists the weight files: model.safetensors if there, else those of the index.
func shards(fsys fs.FS) ([]string, error) {
	if _, err := fs.Stat(fsys, single); err == nil {
		return []string{single}, nil
	}
	b, err := readSmall(fsys, index)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w; copy the whole model folder", single, errMissing)
	}
	if err != nil {
		return nil, err
	}
	var j struct {
		Map map[string]string `json:"weight_map"`
	}
	if err := json.Unmarshal(b, &j); err != nil || len(j.Map) == 0 {
		return nil, fmt.Errorf("%s: has no weight_map that can be understood; copy the model folder again", index)
	}
	var files []string
	for _, file := range j.Map {
		if path.Base(file) != file || !fs.ValidPath(file) || file == "." || strings.ContainsAny(file, "\\\n\r") {
			return nil, fmt.Errorf("%s: names %.80q, which is not a file beside it; copy the model folder again", index, file)
		}
		files = append(files, file)
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

func (w *weights) add(file string) error {
	f, r, size, err := openAt(w.fsys, file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	tensors, err := readHeader(r, size, file)
	if err != nil {
		return err
	}
	for name, t := range tensors {
		if other, twice := w.tensors[name]; twice {
			return fmt.Errorf("%s: tensor %.80q is in %s, too; copy the model folder again", file, name, other.file)
		}
		w.tensors[name] = t
	}
	return nil
}

// check compares what is there with what the network of config.json reads.
func (w *weights) check(needs []need) error {
	known := make(map[string]bool, len(needs))
	for _, n := range needs {
		known[n.name] = true
		t, ok := w.tensors[n.name]
		switch {
		case !ok && w.encoderOnly():
			return fmt.Errorf("%s: is an encoder without its CTC head, which cannot write text; use a checkpoint of LasrForCTC", w.anyFile())
		case !ok:
			return fmt.Errorf("%s: has no tensor %s, which config.json implies; use the config.json that belongs to it", w.anyFile(), n.name)
		case !slices.Equal(t.shape, n.shape):
			return fmt.Errorf("%s: tensor %s has shape %v, config.json implies %v; use the config.json that belongs to it", t.file, n.name, t.shape, n.shape)
		case t.dtype != "F32" && t.dtype != "F16" && t.dtype != "BF16":
			return fmt.Errorf("%s: tensor %s is %s, not F32, F16 or BF16; save the checkpoint in one of these", t.file, n.name, t.dtype)
		}
	}
	for name, t := range w.tensors {
		// BatchNorm1d's counter is of no use for inference.
		if !known[name] && !strings.HasSuffix(name, ".num_batches_tracked") {
			return fmt.Errorf("%s: tensor %.80q has no place in the network of config.json; use the config.json that belongs to it", t.file, name)
		}
	}
	return nil
}

func (w *weights) encoderOnly() bool {
	_, ok := w.tensors["subsampler.dense_0.weight"]
	return ok
}

func (w *weights) anyFile() string {
	if len(w.tensors) == 0 {
		return single
	}
	file := "~"
	for _, t := range w.tensors {
		file = min(file, t.file)
	}
	if file == single {
		return file
	}
	return index
}

// raw reads a tensor's bytes as stored.
func (w *weights) raw(name string) ([]byte, error) {
	t := w.tensors[name]
	f, r, _, err := openAt(w.fsys, t.file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b := make([]byte, t.size)
	if n, err := r.ReadAt(b, t.start); n < len(b) {
		return nil, w.readError(t, err)
	}
	return b, nil
}

func (w *weights) readError(t tensor, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: cannot be read to its end (%w); copy the model folder again", t.file, reasonOf(err))
}

// read returns a tensor in float32, row-major, and refuses values that are not finite.
func (w *weights) read(name string) ([]float32, error) {
	t := w.tensors[name]
	b, err := w.raw(name)
	if err != nil {
		return nil, err
	}
	v := toFloat32(t.dtype, b)
	if !finite(v) {
		return nil, notFinite(t.file, name)
	}
	return v, nil
}

func notFinite(file, tensor string) error {
	return fmt.Errorf("%s: tensor %s has values that are not finite (NaN or Inf); copy the model folder again or use another checkpoint", file, tensor)
}
