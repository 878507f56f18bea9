package main

import (
	"errors"
	"fmt"
	"runtime"
)

// speed compares the contestants and prints the tables of README.md.
func (p place) speed(threads, rounds int, whole, released []int) (err error) {
	all, err := p.enter(threads)
	defer func() {
		for _, c := range all {
			err = errors.Join(err, c.Close())
		}
	}()
	if err != nil {
		return err
	}
	fmt.Printf("%s, %d threads each, medians of %d interleaved rounds\n", processor(), threads, rounds)
	fmt.Printf("%s\n", load())
	if err := table("\nSamples to text in one pass, milliseconds (ratio to the peer; processor time)", all, rounds, whole, func(*contestant) string { return "whole" }); err != nil {
		return err
	}
	if err := table("\nRelease of the key to text, milliseconds: Fermata has recognised whole windows before, sherpa-onnx begins", all, max(3, rounds/3), released, streamed); err != nil {
		return err
	}
	fmt.Println(load())
	return nil
}

// streamed is what is measured from the release of the key on.
func streamed(c *contestant) string {
	if c.ours() {
		return "streamed"
	}
	return "whole"
}

// table measures and prints one line for each length, and peak memory by the way.
func table(title string, all []*contestant, rounds int, lengths []int, op func(*contestant) string) error {
	fmt.Println(title)
	fmt.Print("|")
	for _, c := range all {
		fmt.Printf(" | %s", c.name)
	}
	fmt.Println(" |\n|---|---|---|---|---|")
	for _, seconds := range lengths {
		results, err := turns(all, rounds, seconds, op)
		if err != nil {
			return err
		}
		fmt.Printf("| %d s", seconds)
		for i, r := range results {
			fmt.Printf(" | %.0f", r.wall)
			if all[i].ours() {
				fmt.Printf(" (× %.2f)", r.wall/results[i-1].wall)
			}
			fmt.Printf("; %.0f", r.cpu)
		}
		fmt.Println(" |")
		if seconds == 20 {
			defer func() { facts(all, results) }()
		}
	}
	return nil
}

// facts prints loading and memory.
func facts(all []*contestant, results []result) {
	fmt.Print("| load, s")
	for _, c := range all {
		fmt.Printf(" | %.2f", c.load)
	}
	fmt.Print(" |\n| peak memory up to 20 s, MB")
	for _, r := range results {
		fmt.Printf(" | %.0f", r.peak)
	}
	fmt.Println(" |")
}

// processor names the machine.
func processor() string {
	return fmt.Sprintf("%s (%d processors, %s/%s)", fact("/proc/cpuinfo", "model name"), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
}
