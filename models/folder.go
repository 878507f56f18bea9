package models

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fermata/models/lasr"
)

// inspect looks into a model folder without computing anything.
func inspect(name, dir string) Info {
	info := Info{Name: name, Dir: dir}
	files, err := names(dir)
	if err != nil {
		info.Problem = fmt.Errorf("%s: the model folder cannot be read (%w); make it readable", show(dir), reasonOf(err))
		return info
	}
	switch has := func(name string) bool { return slices.Contains(files, name) }; {
	case has("model.safetensors"), has("model.safetensors.index.json"):
		info.Format = Checkpoint
		if _, err := lasr.Open(os.DirFS(dir)); err != nil {
			info.Problem = inFolder(dir, err)
		}
	case slices.ContainsFunc(files, isONNX):
		info.Format = ONNX
		if _, _, _, err := export(dir, lasr.FP32); err != nil {
			info.Problem = err
		}
	case has("config.json"):
		info.Problem = fmt.Errorf("%s: model.safetensors is missing from the model folder; copy the whole model folder", show(dir))
	default:
		info.Problem = fmt.Errorf("%s: holds neither model.safetensors nor an .onnx file; give the folder of a model", show(dir))
	}
	return info
}

// inFolder makes the path of the file whose name an error begins with.
func inFolder(dir string, err error) error {
	return fmt.Errorf("%s%c%w", strings.TrimSuffix(show(dir), string(filepath.Separator)), filepath.Separator, err)
}

// names lists the files of a folder.
func names(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	var files []string
	for _, e := range entries {
		files = append(files, e.Name())
	}
	return files, err
}

func isONNX(name string) bool { return strings.HasSuffix(name, ".onnx") }

// export finds the graph and the vocabulary of an ONNX export, and says in which
// precision the graph is as far as its name tells.
func export(dir string, want lasr.Precision) (graph string, pieces []string, is lasr.Precision, err error) {
	files, err := names(dir)
	if err != nil {
		return "", nil, "", fmt.Errorf("%s: the model folder cannot be read (%w); make it readable", show(dir), reasonOf(err))
	}
	name, is, err := graphName(dir, files, want)
	if err != nil {
		return "", nil, "", err
	}
	pieces, err = vocabulary(dir)
	return filepath.Join(dir, name), pieces, is, err
}

// exports are the names that the makers of exports give their graphs.
var exports = []struct {
	name string
	is   lasr.Precision
}{
	{"model.onnx", lasr.FP32}, {"model.int8.onnx", lasr.Int8}, {"model_int8.onnx", lasr.Int8},
}

// graphName chooses among the .onnx files: the one of the precision that is wanted;
// for full precision whatever else there is, because the name may not tell.
func graphName(dir string, files []string, want lasr.Precision) (string, lasr.Precision, error) {
	for _, e := range exports {
		if e.is == want && slices.Contains(files, e.name) {
			return e.name, e.is, nil
		}
	}
	if want == lasr.Int8 {
		return "", "", fmt.Errorf("%s: holds no model.int8.onnx, and an export cannot be made 8 bit here; choose full precision (fp32) or add that file", show(dir))
	}
	for _, e := range exports {
		if slices.Contains(files, e.name) {
			return e.name, e.is, nil
		}
	}
	var graphs []string
	for _, name := range files {
		if isONNX(name) {
			graphs = append(graphs, name)
		}
	}
	switch len(graphs) {
	case 0:
		return "", "", fmt.Errorf("%s: holds no .onnx file; copy the whole model folder", show(dir))
	case 1:
		return graphs[0], lasr.FP32, nil
	}
	return "", "", fmt.Errorf("%s: holds %d .onnx files and none is called model.onnx; rename the one to use to model.onnx", show(dir), len(graphs))
}

// vocabularyLimit bounds a vocabulary file; MedASR's have 52 KB and 7 KB.
const vocabularyLimit = 64 << 20

func vocabulary(dir string) ([]string, error) {
	for _, v := range []struct {
		name string
		read func([]byte) ([]string, error)
	}{{"tokens.txt", lasr.ReadTokens}, {"tokenizer.json", lasr.ReadTokenizer}} {
		path := filepath.Join(dir, v.name)
		info, err := os.Stat(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil && (!info.Mode().IsRegular() || info.Size() > vocabularyLimit) {
			return nil, fmt.Errorf("%s: is not a vocabulary; copy the model folder again", show(path))
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s: cannot be read (%w); make it readable", show(path), reasonOf(err))
		}
		pieces, err := v.read(b)
		if err != nil {
			return nil, inFolder(dir, err)
		}
		return pieces, nil
	}
	return nil, fmt.Errorf("%s: tokens.txt (or tokenizer.json) is missing beside the .onnx file; copy the whole model folder", show(dir))
}
