// Command bench compares Fermata with sherpa-onnx on the same weights, speech and
// cores, and lets Fermata run for long. It is a module of its own, so that nothing it
// needs reaches Fermata. bench/run builds and starts it; README.md says what came out.
//
// It refuses to compare when sherpa-onnx's export of the weights is not there, and
// says how to make it.
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"fermata/bench/worker"
	"fermata/models/lasr"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench: "+err.Error())
		os.Exit(1)
	}
}

func run() error {
	root := flag.String("root", ".", "the repository")
	threads := flag.Int("threads", 2, "threads of each contestant")
	precision := flag.String("precision", "fp32", "of worker, profile and soak: fp32 or int8")
	rounds := flag.Int("rounds", 9, "rounds of each measurement")
	whole := flag.String("whole", "1,5,10,20,60", "of speed: lengths in seconds, recognised in one pass")
	released := flag.String("released", "5,20,60,180", "of speed: lengths in seconds, from the release to the text")
	windows := flag.Int("windows", 500, "of soak")
	flag.Parse()
	p := place{*root}
	if err := p.weights(); err != nil {
		return err
	}
	o := &ours{place: p, precision: lasr.Precision(*precision), threads: *threads}
	switch flag.Arg(0) {
	case "weights":
		return nil
	case "worker":
		return worker.Serve(o.measure)
	case "speed":
		return p.speed(*threads, *rounds, lengths(*whole), lengths(*released))
	case "profile":
		return o.operators(*rounds)
	case "soak":
		return o.soak(*windows)
	}
	return fmt.Errorf("%q is none of weights, speed, profile, soak and worker; choose one", flag.Arg(0))
}

// lengths reads "1,5"; what is no number is left out.
func lengths(list string) []int {
	var seconds []int
	for _, field := range strings.Split(list, ",") {
		if n, err := strconv.Atoi(field); err == nil && n > 0 {
			seconds = append(seconds, n)
		}
	}
	return seconds
}
