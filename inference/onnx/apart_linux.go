package onnx

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

// apartName is what a process is called that does what a graphics driver may
// not survive; no one starts Fermata by that name.
const apartName = "fermata: trying the graphics driver"

// errDied is what becomes of a process whose driver crashed.
var errDied = errors.New("the process died")

// init makes this process such a one if it was started as that. Doing so
// before main leaves main, and the tests of every package, as they are.
func init() {
	if os.Args[0] != apartName || len(os.Args) < 2 {
		return
	}
	go func() { // ends with the parent, which holds the other end
		_, _ = os.NewFile(4, "parent").Read(make([]byte, 1))
		syscall.Exit(1)
	}()
	var answer any
	if kind := os.Args[1]; kind == trial {
		answer = tryHere(os.Args[2:])
	} else {
		answer = probeHere(kind)
	}
	if err := json.NewEncoder(os.NewFile(3, "answer")).Encode(answer); err != nil {
		syscall.Exit(1)
	}
	syscall.Exit(0) // os.Exit waits a second when the race detector is on
}

// apart does something in a process of its own, which a broken driver may end,
// and decodes its answer. The error is ctx's, or errDied. It returns soon after
// ctx ends even if that process cannot be killed, as happens while the kernel
// waits for the card; only then something is left behind.
func apart(ctx context.Context, answer any, args ...string) error {
	done := make(chan error, 1)
	go func() { done <- wait(ctx, answer, args) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(time.Second):
		return ctx.Err()
	}
}

func wait(ctx context.Context, answer any, args []string) error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer func() { _ = read.Close() }()
	held, holding, err := os.Pipe()
	if err != nil {
		_ = write.Close()
		return err
	}
	defer func() { _ = holding.Close() }()
	cmd := exec.CommandContext(ctx, "/proc/self/exe")
	cmd.Args = append([]string{apartName}, args...)
	cmd.Env = append(os.Environ(), "GOTRACEBACK=none")
	cmd.ExtraFiles = []*os.File{write, held}
	err = cmd.Start()
	_ = write.Close()
	_ = held.Close()
	if err != nil {
		return err
	}
	raw, _ := io.ReadAll(io.LimitReader(read, 1<<20)) // until it ends
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return errDied
	}
	return json.NewDecoder(bytes.NewReader(raw)).Decode(answer)
}
