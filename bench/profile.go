package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fermata/bench/worker"
	"fermata/inference/onnx"
)

// operators prints how long each kind of operator takes in 20 s of speech, by ONNX
// Runtime's own profiler, and the longest single node, which bounds how fast a run
// can be cancelled.
func (o *ours) operators(rounds int) error {
	dir, err := os.MkdirTemp("", "profile")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	o.profile = filepath.Join(dir, "run")
	if err := o.profiled(rounds); err != nil {
		return err
	}
	nodes, err := readProfile(dir)
	if err != nil {
		return err
	}
	printOperators(fmt.Sprintf("\nOperators of the %s graph, 20 s of speech, medians of each node over %d runs", o.precision, rounds), nodes)
	return nil
}

func (o *ours) profiled(rounds int) error {
	for _, op := range []string{"build", "load"} {
		if _, err := o.measure(worker.Request{Op: op}); err != nil {
			return err
		}
	}
	for range rounds + 1 {
		if _, err := o.measure(worker.Request{Op: "network", Seconds: 20}); err != nil {
			return err
		}
	}
	return errors.Join(o.model.Close(), onnx.Stop())
}

// A node is one of the graph and how long its runs took, in microseconds.
type node struct {
	kind string
	took []float64
}

func readProfile(dir string) (map[string]*node, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != 1 {
		return nil, fmt.Errorf("%s: ONNX Runtime left %d profiles, not one", dir, len(files))
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		return nil, err
	}
	var events []struct {
		Cat, Name string
		Dur       float64
		Args      struct {
			Op string `json:"op_name"`
		}
	}
	if err := json.Unmarshal(b, &events); err != nil {
		return nil, err
	}
	nodes := map[string]*node{}
	for _, e := range events {
		if e.Cat != "Node" || !strings.HasSuffix(e.Name, "_kernel_time") {
			continue
		}
		if nodes[e.Name] == nil {
			nodes[e.Name] = &node{kind: e.Args.Op}
		}
		nodes[e.Name].took = append(nodes[e.Name].took, e.Dur)
	}
	return nodes, nil
}

func printOperators(title string, nodes map[string]*node) {
	type sum struct {
		count       int
		total, most float64
	}
	kinds, all := map[string]*sum{}, 0.0
	for _, n := range nodes {
		if kinds[n.kind] == nil {
			kinds[n.kind] = &sum{}
		}
		took := median(n.took[1:], func(x float64) float64 { return x / 1000 }) // the first run warms up
		k := kinds[n.kind]
		k.count, k.total, k.most = k.count+1, k.total+took, max(k.most, took)
		all += took
	}
	fmt.Println(title + "\n| operator | nodes | ms | share | longest node, ms |\n|---|---|---|---|---|")
	for _, kind := range slices.SortedFunc(maps.Keys(kinds), func(a, b string) int { return int(1e6 * (kinds[b].total - kinds[a].total)) }) {
		k := kinds[kind]
		fmt.Printf("| %s | %d | %.1f | %.1f %% | %.2f |\n", kind, k.count, k.total, 100*k.total/all, k.most)
	}
	fmt.Printf("| all | %d | %.1f | | |\n", len(nodes), all)
}
