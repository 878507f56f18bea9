package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"

	"fermata/bench/worker"
)

// A contestant is one recogniser in a process of its own.
type contestant struct {
	name  string
	whole string // what it is asked for a recording of a whole
	*worker.Process
	load float64 // seconds
}

// names of the contestants, the peer before ours.
var names = []string{"sherpa-onnx fp32", "Fermata fp32", "sherpa-onnx int8", "Fermata int8"}

// enter starts all contestants and lets them load, one after the other, twice: the
// first time a file is not in the system's cache yet.
func (p place) enter(threads int) ([]*contestant, error) {
	if err := p.peers(); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	n := strconv.Itoa(threads)
	sherpa := func(model string) []string {
		return []string{self + "-peer", "-root", p.root, "-threads", n, "-model", p.peerModel(model), "-tokens", p.peerModel("tokens.txt")}
	}
	fermata := func(precision string) []string {
		return []string{self, "-root", p.root, "-threads", n, "-precision", precision, "worker"}
	}
	commands := [][]string{sherpa("model.onnx"), fermata("fp32"), sherpa("model.int8.onnx"), fermata("int8")}
	var all []*contestant
	for i, command := range commands {
		c := &contestant{name: names[i], whole: "whole"}
		if err := c.begin(command); err != nil {
			return all, err
		}
		all = append(all, c)
	}
	return all, nil
}

// begin starts the process twice and keeps the second.
func (c *contestant) begin(command []string) error {
	for range 2 {
		if c.Process != nil {
			if err := c.Close(); err != nil {
				return err
			}
		}
		var err error
		if c.Process, err = worker.Start(command[0], command[1:]...); err != nil {
			return err
		}
		if c.ours() {
			if _, err := c.Ask("build", 0); err != nil {
				return err
			}
		}
		r, err := c.Ask("load", 0)
		if err != nil {
			return err
		}
		c.load = r.Wall / 1000
	}
	return nil
}

func (c *contestant) ours() bool { return c.name[0] == 'F' }

// A result is the medians of one contestant's replies.
type result struct{ wall, cpu, peak float64 }

// turns asks every contestant in turn, rounds times, in alternating order, and
// returns the medians. The first turn warms up and does not count.
func turns(all []*contestant, rounds, seconds int, op func(*contestant) string) ([]result, error) {
	replies := make([][]worker.Reply, len(all))
	for round := range rounds + 1 {
		for i := range all {
			if round%2 == 1 {
				i = len(all) - 1 - i
			}
			r, err := all[i].Ask(op(all[i]), seconds)
			if err != nil {
				return nil, fmt.Errorf("%s, %d s: %w", all[i].name, seconds, err)
			}
			if round > 0 {
				replies[i] = append(replies[i], r)
			}
		}
	}
	results := make([]result, len(all))
	for i, r := range replies {
		results[i] = result{
			wall: median(r, func(r worker.Reply) float64 { return r.Wall }),
			cpu:  median(r, func(r worker.Reply) float64 { return r.CPU }),
			peak: median(r, func(r worker.Reply) float64 { return r.Peak }),
		}
	}
	return results, nil
}

func median[T any](all []T, of func(T) float64) float64 {
	v := make([]float64, len(all))
	for i, x := range all {
		v[i] = of(x)
	}
	slices.Sort(v)
	return v[len(v)/2]
}
