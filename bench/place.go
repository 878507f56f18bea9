package main

import (
	"fmt"
	"os"
	"path/filepath"

	"fermata/models/lasr/random"
)

// A place is where everything lies: the repository, and in it a folder for what is
// made for the benchmark.
type place struct{ root string }

func (p place) work(name ...string) string {
	return filepath.Join(append([]string{p.root, "build", "bench"}, name...)...)
}

func (p place) checkpointDir() string { return p.work("checkpoint") }
func (p place) cacheDir() string      { return p.work("graphs") }
func (p place) peerModel(name string) string {
	return p.work("peer", name)
}

// weights makes the checkpoint of random weights if it is not there.
func (p place) weights() error {
	dir := p.checkpointDir()
	if _, err := os.Stat(filepath.Join(dir, "model.safetensors")); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	half := filepath.Join(dir, ".half")
	if err := os.MkdirAll(half, 0o755); err != nil {
		return err
	}
	if err := random.Write(half, random.MedASR); err != nil {
		return err
	}
	files, err := os.ReadDir(half)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := os.Rename(filepath.Join(half, f.Name()), filepath.Join(dir, f.Name())); err != nil {
			return err
		}
	}
	return os.Remove(half)
}

// peers says whether sherpa-onnx's export of these weights is there, and how to make
// it when not.
func (p place) peers() error {
	for _, name := range []string{"model.onnx", "model.int8.onnx", "tokens.txt"} {
		if _, err := os.Stat(p.peerModel(name)); err != nil {
			return fmt.Errorf("%s: sherpa-onnx's export of the weights is not there; make it once with `python3 bench/export.py %s %s` (bench/README.md says what it needs)",
				p.peerModel(name), p.checkpointDir(), p.work("peer"))
		}
	}
	return nil
}
