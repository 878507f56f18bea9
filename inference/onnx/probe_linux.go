package onnx

// #cgo LDFLAGS: -ldl
// #include "probe_linux.h"
import "C"

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// probeName is what the asking process is called; no one starts Fermata by
// that name.
const probeName = "fermata: asking the graphics driver"

// probeLimit is how long drivers may take. Asking Mesa or SwiftShader takes 20
// to 50 ms, NVIDIA's driver up to two seconds if it must wake the card.
const probeLimit = 3 * time.Second

// init makes this process the asking one if it was started as such. Doing so
// before main leaves main, and the tests of every package, as they are.
func init() {
	if len(os.Args) != 2 || os.Args[0] != probeName {
		return
	}
	time.AfterFunc(2*probeLimit, func() { os.Exit(1) }) // if the parent is gone
	if err := json.NewEncoder(os.NewFile(3, "answer")).Encode(probeHere(os.Args[1])); err != nil {
		syscall.Exit(1)
	}
	syscall.Exit(0) // os.Exit waits a second when the race detector is on
}

// probeHere asks within this process.
func probeHere(kind string) probe {
	const most = 16
	var found [most]C.struct_card
	var n C.int
	var reason *C.char
	if kind == kindCUDA {
		reason = C.fermataCUDA(&found[0], most, &n)
	} else {
		reason = C.fermataVulkan(&found[0], most, &n)
	}
	p := probe{Reason: C.GoString(reason)}
	for _, c := range found[:n] {
		p.Cards = append(p.Cards, card{
			Name:          C.GoString(&c.name[0]),
			Driver:        C.GoString(&c.driver[0]),
			DriverInfo:    C.GoString(&c.driverInfo[0]),
			Kind:          int32(c.kind),
			Vendor:        uint32(c.vendor),
			DriverVersion: uint32(c.driverVersion),
			Memory:        int64(c.memory),
			Lanes:         int(c.lanes),
		})
	}
	return p
}

// ask asks in a process of its own, which a broken driver may end. It returns
// in time even if that process cannot be killed, as happens when the kernel
// waits for the card; only then something is left behind.
func ask(kind string) probe {
	answer := make(chan probe, 1)
	go func() { answer <- askWaiting(kind) }()
	select {
	case p := <-answer:
		return p
	case <-time.After(probeLimit + time.Second):
		return probe{Reason: "the graphics driver hangs"}
	}
}

func askWaiting(kind string) probe {
	ctx, cancel := context.WithTimeout(context.Background(), probeLimit)
	defer cancel()
	read, write, err := os.Pipe()
	if err != nil {
		return probe{Reason: "the graphics driver could not be asked"}
	}
	defer func() { _ = read.Close() }()
	cmd := exec.CommandContext(ctx, "/proc/self/exe")
	cmd.Args = []string{probeName, kind}
	cmd.Env = append(os.Environ(), "GOTRACEBACK=none")
	cmd.ExtraFiles = []*os.File{write}
	cmd.WaitDelay = time.Second
	err = cmd.Start()
	_ = write.Close()
	if err != nil {
		return probe{Reason: "the graphics driver could not be asked"}
	}
	raw, _ := io.ReadAll(io.LimitReader(read, 1<<20)) // until it ends
	err = cmd.Wait()
	var p probe
	switch {
	case json.NewDecoder(bytes.NewReader(raw)).Decode(&p) == nil:
	case ctx.Err() != nil:
		p.Reason = "the graphics driver did not answer in three seconds"
	case errors.As(err, new(*exec.ExitError)):
		p.Reason = "the graphics driver crashed when it was asked for cards"
	default:
		p.Reason = "the graphics driver could not be asked"
	}
	return p
}
