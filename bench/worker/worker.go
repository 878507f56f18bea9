// Package worker runs one recogniser in a process of its own, so that two ONNX
// Runtimes never meet and the memory of each is its own. A program calls [Serve] with
// what it measures; the driver calls [Start] and then [Process.Ask].
package worker

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// A Request names one measurement.
type Request struct {
	Op      string
	Seconds int // of speech
}

// A Reply is what came of it. Wall and CPU are milliseconds; CPU is that of all
// threads together, halved or so on two cores.
type Reply struct {
	Wall, CPU float64
	Resident  float64 // MB now
	Peak      float64 // MB, the most since the process began
	Error     string
}

// Serve answers requests on stdin until it ends. measure runs one and says how long
// what is measured of it took.
func Serve(measure func(Request) (Span, error)) error {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		var q Request
		if err := in.Decode(&q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		span, err := measure(q)
		r := Reply{Wall: span.Wall, CPU: span.CPU}
		if err != nil {
			r.Error = err.Error()
		}
		if r.Resident, r.Peak, err = Memory(); err != nil {
			return err
		}
		if err := out.Encode(r); err != nil {
			return err
		}
	}
}

// A Process is a worker under way.
type Process struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *json.Decoder
}

// Start starts a worker; what it prints beside its replies goes to our stderr.
func Start(name string, args ...string) (*Process, error) {
	p := &Process{command: exec.Command(name, args...)}
	p.command.Stderr = os.Stderr
	var err error
	if p.in, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = json.NewDecoder(bufio.NewReader(out))
	return p, p.command.Start()
}

// Ask asks for one measurement and waits for it.
func (p *Process) Ask(op string, seconds int) (Reply, error) {
	if err := json.NewEncoder(p.in).Encode(Request{op, seconds}); err != nil {
		return Reply{}, err
	}
	var r Reply
	if err := p.out.Decode(&r); err != nil {
		return r, fmt.Errorf("%s: %w", p.command.Path, err)
	}
	if r.Error != "" {
		return r, fmt.Errorf("%s: %s", p.command.Path, r.Error)
	}
	return r, nil
}

// Close ends the worker and waits for it.
func (p *Process) Close() error { return errors.Join(p.in.Close(), p.command.Wait()) }
