// Command gpu checks and measures Fermata on the graphics cards of this
// computer; `make gpu-check` builds and starts it. It prints one table, to be
// put into bench/README.md with the card's name: milliseconds for windows of
// 1, 5 and 20 s, what the first run costs, memory, and how far the scores are
// from the CPU's. It fails if a card that is none in software is refused.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"fermata/inference/onnx"
	"fermata/models/lasr"
	"fermata/models/lasr/random"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "gpu-check: "+err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	root := flag.String("root", ".", "the repository")
	full := flag.Bool("full", true, "also with random weights in MedASR's size, for which 1.3 GB are written to build/bench")
	flag.Parse()
	library, err := onnx.Library()
	if err != nil {
		return err
	}
	if err := onnx.Start(library); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, onnx.Stop()) }()
	devices, reason := onnx.Devices()
	list(devices, reason)
	if len(devices) < 2 {
		return nil
	}
	models, err := checkpoints(*root, *full)
	if err != nil {
		return err
	}
	head()
	refused := false
	for _, m := range models {
		graph, err := m.graph(ctx, *root)
		if err != nil {
			return err
		}
		bad, err := rows(ctx, m.name, graph, devices)
		if err != nil {
			return err
		}
		refused = refused || bad
	}
	if refused {
		return errors.New("a card is not to be believed, or of no use; see above")
	}
	return nil
}

// list prints what there is.
func list(devices []onnx.Device, reason error) {
	for _, d := range devices {
		fmt.Printf("%-10s %s", d.ID, d.Name)
		if d.Driver != "" {
			fmt.Printf(", driver %s", d.Driver)
		}
		if d.Memory > 0 {
			fmt.Printf(", %d MB", d.Memory>>20)
		}
		if d.Software {
			fmt.Print(", a program that passes as a card")
		}
		fmt.Println()
	}
	if reason != nil {
		fmt.Println(reason)
	}
	fmt.Println()
}

// A checkpoint is one of the networks measured.
type checkpoint struct{ name, dir string }

func checkpoints(root string, full bool) ([]checkpoint, error) {
	all := []checkpoint{{"demo", filepath.Join(root, "models", "demo", "checkpoint")}}
	if !full {
		return all, nil
	}
	dir := filepath.Join(root, "build", "bench", "checkpoint")
	if _, err := os.Stat(filepath.Join(dir, "model.safetensors")); err != nil {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		if err := random.Write(dir, random.MedASR); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir)) // not half of one
		}
	}
	return append(all, checkpoint{"full size, random", dir}), nil
}

func (c checkpoint) graph(ctx context.Context, root string) (string, error) {
	opened, err := lasr.Open(os.DirFS(c.dir))
	if err != nil {
		return "", err
	}
	return opened.Cached(ctx, filepath.Join(root, "build", "bench", "graphs"), lasr.FP32)
}
