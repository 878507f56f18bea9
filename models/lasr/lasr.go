// Package lasr turns a LASR CTC checkpoint as Google publishes it (MedASR:
// config.json, tokenizer.json, model.safetensors) into an ONNX graph. Most
// callers want [Open], then [Checkpoint.Cached] for the path of the graph and
// [Checkpoint.Pieces] for its vocabulary.
//
// It refuses, by name, what it cannot compute exactly as transformers'
// LasrForCTC does: other architectures, an encoder without its CTC head,
// weights that do not fit config.json, weights that are not finite. Files are
// believed only after they are checked, and memory is bounded by the size of
// the largest tensor, whatever a file claims.
package lasr

import (
	"fmt"
	"io/fs"
)

// A Checkpoint is an opened model folder. Its headers and sizes are checked;
// its weights are read when they are needed. Safe for concurrent use as far as
// the file system it was opened from is.
type Checkpoint struct {
	config  config
	pieces  []string
	weights *weights
}

// Subsampling returns how many frames of features make one row of logits
// (4 for MedASR; inputs_to_logits_ratio in transformers) and the fewest frames
// that give a row at all (13): two convolutions without padding, of the same
// kernel and stride, one after the other.
func (c *Checkpoint) Subsampling() (framesPerRow, leastFrames int) {
	kernel, stride := c.config.SubKernel, c.config.SubStride
	return stride * stride, (kernel-1)*stride + kernel
}

// Open reads and checks the headers of the checkpoint at the root of fsys:
// config.json, tokenizer.json, preprocessor_config.json or
// processor_config.json if there, and model.safetensors or the shards that
// model.safetensors.index.json lists. Files must be io.ReaderAt, as those of
// os.DirFS and embed.FS are. No file stays open.
func Open(fsys fs.FS) (*Checkpoint, error) {
	cfg, err := readConfig(fsys)
	if err != nil {
		return nil, err
	}
	if err := checkExtractor(fsys); err != nil {
		return nil, err
	}
	pieces, err := openTokenizer(fsys, cfg.Vocab)
	if err != nil {
		return nil, err
	}
	w, err := openWeights(fsys)
	if err != nil {
		return nil, err
	}
	if err := w.check(describe(cfg, FP32.numeral()).needs); err != nil {
		return nil, err
	}
	return &Checkpoint{config: cfg, pieces: pieces, weights: w}, nil
}

// Pieces returns the vocabulary: the piece of every id, as many as the
// network has scores in a row. The slice is the caller's.
func (c *Checkpoint) Pieces() []string { return append([]string(nil), c.pieces...) }

func openTokenizer(fsys fs.FS, vocab int) ([]string, error) {
	const name = "tokenizer.json"
	b, err := readSmall(fsys, name)
	if err != nil {
		return nil, err
	}
	pieces, err := readTokenizer(b, vocab)
	if err != nil {
		return nil, err
	}
	if len(pieces) != vocab {
		return nil, fmt.Errorf("%s: has %d pieces but the network of config.json has %d scores; use the tokenizer this checkpoint was trained with", name, len(pieces), vocab)
	}
	return pieces, nil
}
