package lasr

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
)

// The names of the graph's two files. The first names the second.
const (
	GraphFile = "model.onnx"
	DataFile  = "model.onnx.data"
)

// Build writes the graph, model.onnx and model.onnx.data, into the folder dir,
// which must be there. Weights stream through: one tensor at a time is in
// memory. Both files are synced; after an error neither is left. Weights
// that are not finite are refused by name.
func (c *Checkpoint) Build(dir string) error { return c.build(context.Background(), dir) }

func (c *Checkpoint) build(ctx context.Context, dir string) (err error) {
	graph, data := filepath.Join(dir, GraphFile), filepath.Join(dir, DataFile)
	defer func() {
		if err != nil {
			_ = os.Remove(graph)
			_ = os.Remove(data)
		}
	}()
	if err := writeSynced(data, func(w io.Writer) error { return c.writeData(ctx, w) }); err != nil {
		return err
	}
	return writeSynced(graph, func(w io.Writer) error {
		_, err := w.Write(c.net.model(DataFile))
		return err
	})
}

// writeSynced makes a file by write and leaves it on the disk, not in a buffer.
func writeSynced(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(f, 1<<20)
	err = write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// writeData streams all constants, each at its offset.
func (c *Checkpoint) writeData(ctx context.Context, w io.Writer) error {
	offsets, _ := c.net.layout()
	at := int64(0)
	for i, init := range c.net.inits {
		if err := ctx.Err(); err != nil {
			return err
		}
		v, err := init.from(c.weights)
		if err != nil {
			return err
		}
		if !finite(v) { // folding may overflow what was finite
			return notFinite(c.weights.anyFile(), init.name)
		}
		if _, err := w.Write(make([]byte, offsets[i]-at)); err != nil {
			return err
		}
		if err := writeFloats(w, v); err != nil {
			return err
		}
		at = offsets[i] + init.bytes()
		if got := int64(4 * len(v)); got != init.bytes() {
			return fmt.Errorf("%s: tensor %s changed while it was read; try again", c.weights.anyFile(), init.name)
		}
	}
	return nil
}

func writeFloats(w io.Writer, v []float32) error {
	var block [4096]byte
	for len(v) > 0 {
		n := min(len(v), len(block)/4)
		for i, x := range v[:n] {
			binary.LittleEndian.PutUint32(block[4*i:], math.Float32bits(x))
		}
		if _, err := w.Write(block[:4*n]); err != nil {
			return err
		}
		v = v[n:]
	}
	return nil
}
