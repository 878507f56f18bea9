package lasr

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"slices"
)

// builder is part of every hash; it changes whenever the same checkpoint would
// give another graph.
const builder = "fermata lasr graph 5"

// Hash returns a name in hexadecimal for everything of the checkpoint that shapes
// its graphs: the values of config.json, every weight, and the version of the code
// that builds. It reads all weights once, in a stream.
func (c *Checkpoint) Hash() (string, error) { return c.hash(context.Background()) }

func (c *Checkpoint) hash(ctx context.Context) (string, error) {
	h := sha256.New()
	e := json.NewEncoder(h) // a JSON line each, so that no two streams are alike by accident
	for _, v := range []any{builder, c.config} {
		if err := e.Encode(v); err != nil {
			return "", err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.weights.tensors)) {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		t := c.weights.tensors[name]
		if err := e.Encode([]any{name, t.dtype, t.shape}); err != nil {
			return "", err
		}
		if err := c.weights.copyTo(h, t); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// copyTo streams a tensor's bytes as stored.
func (w *weights) copyTo(to io.Writer, t tensor) error {
	f, r, _, err := openAt(w.fsys, t.file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	n, err := io.CopyBuffer(to, io.NewSectionReader(r, t.start, t.size), make([]byte, 1<<18))
	if err == nil && n != t.size {
		err = io.ErrUnexpectedEOF
	}
	return w.readError(t, err)
}
