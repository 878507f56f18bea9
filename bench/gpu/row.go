package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"fermata/inference"
	"fermata/inference/card"
	"fermata/inference/mel"
	"fermata/inference/onnx"
)

// lengths of windows, in seconds.
var lengths = []int{1, 5, 20}

const (
	rounds = 9
	// tooSlow is how long a window may take for longer ones to be measured.
	tooSlow = 10 * time.Second
)

func head() {
	fmt.Println("| model | device | 1 s, ms | 5 s, ms | 20 s, ms | load, s | first run of 1 s, s | resident, MB | on the card, MB | difference | verdict |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|---|")
}

// rows measures a graph on every device; refused says that a card that is none
// in software did not pass.
func rows(ctx context.Context, name, graph string, devices []onnx.Device) (refused bool, err error) {
	cpu, err := onnx.Load(graph, onnx.Options{})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, cpu.Close()) }()
	for _, d := range devices {
		ok, err := row(ctx, name, graph, d, cpu)
		if err != nil {
			return false, err
		}
		refused = refused || !ok && !d.Software
	}
	return refused, nil
}

// row measures a graph on one device, in a model of its own.
func row(ctx context.Context, name, graph string, d onnx.Device, cpu *onnx.Model) (ok bool, err error) {
	before, card0 := resident(), onCard()
	began := time.Now()
	model, err := onnx.Load(graph, onnx.Options{Device: d.ID})
	if err != nil {
		fmt.Printf("| %s | %s | – | – | – | – | – | – | – | – | %v |\n", name, d.ID, err)
		return false, nil
	}
	defer func() { err = errors.Join(err, model.Close()) }()
	loaded := time.Since(began)
	first, err := once(ctx, model, lengths[0])
	if err != nil {
		return false, err
	}
	fmt.Printf("| %s | %s, %s", name, d.ID, model.Device())
	for i, seconds := range lengths {
		took, err := median(ctx, model, seconds)
		if err != nil {
			return false, err
		}
		fmt.Printf(" | %.1f", took.Seconds()*1000)
		if took > tooSlow && i+1 < len(lengths) {
			fmt.Print(strings.Repeat(" | too slow", len(lengths)-i-1))
			break
		}
	}
	fmt.Printf(" | %.2f | %.2f | %.0f | %s", loaded.Seconds(), first.Seconds(), resident()-before, used(onCard(), card0))
	return judge(ctx, d, cpu, model)
}

// judge ends a row with what the check says.
func judge(ctx context.Context, d onnx.Device, cpu, model *onnx.Model) (ok bool, err error) {
	if d.Kind == "cpu" {
		fmt.Println(" | | |")
		return true, nil
	}
	v, err := card.Check(ctx, cpu, model, card.Device{ID: d.ID, Name: d.Name, Software: d.Software})
	if err != nil {
		return false, err
	}
	fmt.Printf(" | %.2g | %s |\n", v.Difference, v.Words)
	return v.OK, nil
}

// median is of several runs, or one where that takes long.
func median(ctx context.Context, m inference.Acoustic, seconds int) (time.Duration, error) {
	if took, err := once(ctx, m, seconds); err != nil || took > tooSlow { // compiles, makes buffers
		return took, err
	}
	var all []time.Duration
	for range rounds {
		took, err := once(ctx, m, seconds)
		if err != nil {
			return 0, err
		}
		if all = append(all, took); took > time.Second {
			break
		}
	}
	slices.Sort(all)
	return all[len(all)/2], nil
}

func once(ctx context.Context, m inference.Acoustic, seconds int) (time.Duration, error) {
	r := rand.New(rand.NewPCG(5, 6))
	frames := make([]float32, mel.Frames(seconds*inference.SampleRate)*mel.Bins)
	for i := range frames {
		frames[i] = float32(r.NormFloat64()*2 - 4) // speed does not depend on what is said
	}
	began := time.Now()
	_, _, err := m.Logits(ctx, frames)
	return time.Since(began), err
}

// resident is the memory of this process, in MB.
func resident() float64 {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.Atoi(strings.Fields(string(raw))[1])
	if err != nil {
		return 0
	}
	return float64(pages*os.Getpagesize()) / 1e6
}

// onCard is the memory used of NVIDIA's first card, in MB, and -1 where it is
// not known: WebGPU does not tell.
func onCard() int {
	out, err := exec.Command("nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits", "--id=0").Output()
	if err != nil {
		return -1
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		return -1
	}
	return n
}

func used(after, before int) string {
	if after < 0 || before < 0 {
		return "unknown"
	}
	return strconv.Itoa(after - before)
}
