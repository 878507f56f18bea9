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
// that are not finite are refused by name. Int8 is made for this machine's
// processor; on others its text is the same, its speed may not be.
func (c *Checkpoint) Build(dir string, p Precision) error {
	if err := p.check(); err != nil {
		return err
	}
	return c.build(context.Background(), dir, c.network(p))
}

// network is the graph in p. It is described anew each time and shared with nobody.
func (c *Checkpoint) network(p Precision) *network { return describe(c.config, p.numeral()) }

func (c *Checkpoint) build(ctx context.Context, dir string, net *network) (err error) {
	graph, data := filepath.Join(dir, GraphFile), filepath.Join(dir, DataFile)
	defer func() {
		if err != nil {
			_ = os.Remove(graph)
			_ = os.Remove(data)
		}
	}()
	if err := writeSynced(data, func(w io.Writer) error { return c.writeData(ctx, w, net) }); err != nil {
		return err
	}
	return writeSynced(graph, func(w io.Writer) error {
		_, err := w.Write(net.model(DataFile))
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
func (c *Checkpoint) writeData(ctx context.Context, w io.Writer, net *network) error {
	offsets, _ := net.layout()
	at := int64(0)
	for i, init := range net.inits {
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
		if err := init.write(w, v); err != nil {
			return err
		}
		at = offsets[i] + init.bytes()
		if int64(len(v)) != init.values() {
			return fmt.Errorf("%s: tensor %s changed while it was read; try again", c.weights.anyFile(), init.name)
		}
	}
	return nil
}

// write writes values in the initializer's kind.
func (i initializer) write(w io.Writer, v []float32) error {
	block := make([]byte, 0, 4096)
	for len(v) > 0 {
		n := min(len(v), cap(block)/4)
		block = block[:0]
		for _, x := range v[:n] {
			if i.kind == onnxInt8 {
				block = append(block, byte(int8(x)))
			} else {
				block = binary.LittleEndian.AppendUint32(block, math.Float32bits(x))
			}
		}
		if _, err := w.Write(block); err != nil {
			return err
		}
		v = v[n:]
	}
	return nil
}
