package mic

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

const desk = "../../testdata/desk/desk"

// child says that the process runs on a desk.
const child = "FERMATA_TEST_ON_DESK"

// onDesk runs the test once more, in a process of its own on a virtual desk
// with a virtual microphone, and fails if that fails or has anything to say on
// standard error. It reports whether this is that process.
func onDesk(t *testing.T, env ...string) bool {
	t.Helper()
	if os.Getenv(child) != "" {
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, desk, os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v", "-test.timeout", "90s")
	run.Cancel = func() error { return run.Process.Signal(os.Interrupt) }
	run.WaitDelay = 10 * time.Second
	run.Env = append(append(os.Environ(), env...), child+"=1", "DESK_NO_DISPLAY=1")
	var out, loud bytes.Buffer
	run.Stdout, run.Stderr = &out, &loud
	err := run.Run()
	t.Log(out.String())
	if err != nil {
		t.Error(err)
	}
	if loud.Len() > 0 {
		t.Errorf("standard error has\n%s", &loud)
	}
	return false
}

// tool runs a program on the desk.
func tool(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// record is a recording under way.
type record struct {
	first  chan struct{} // closed at the first block
	done   chan error
	cancel context.CancelFunc

	mu      sync.Mutex
	samples []float32
}

func start(s *Source) *record {
	ctx, cancel := context.WithCancel(context.Background())
	r := &record{first: make(chan struct{}), done: make(chan error, 1), cancel: cancel}
	go func() {
		r.done <- s.Record(ctx, func(block []float32) {
			r.mu.Lock()
			defer r.mu.Unlock()
			if len(r.samples) == 0 {
				close(r.first)
			}
			r.samples = append(r.samples, block...)
		})
	}()
	return r
}

// heard waits for the first block.
func (r *record) heard(t *testing.T) {
	t.Helper()
	select {
	case <-r.first:
	case err := <-r.done:
		t.Fatal("nothing was heard:", err)
	}
}

// stop ends the recording and returns all of it.
func (r *record) stop(t *testing.T) []float32 {
	t.Helper()
	r.cancel()
	if err := <-r.done; err != nil {
		t.Fatal(err)
	}
	return r.samples
}

// end waits for the error that ends the recording.
func (r *record) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.done:
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the recording goes on")
		return errors.New("")
	}
}

// only48 builds the library that makes a 48 kHz device of any.
func only48(t *testing.T) string {
	t.Helper()
	if os.Getenv(child) != "" {
		return ""
	}
	lib := filepath.Join(t.TempDir(), "only48.so")
	tool(t, "gcc", "-shared", "-fPIC", "-o", lib, "testdata/only48.c", "-ldl")
	return lib
}
