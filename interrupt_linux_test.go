package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestSecondInterruptEnds interrupts a command that waits for its input, which
// nothing but the system can end.
func TestSecondInterruptEnds(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.wav")
	if err := os.WriteFile(bad, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "transcribe", bad, "-")
	cmd.Env = append(os.Environ(), asFermata+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }() // the process has ended
	loud, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(loud).ReadString('\n'); err != nil { // of bad.wav: it is on its way
		t.Error(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // killed, as it should be
	}()
	deadline := time.After(30 * time.Second)
	for waiting := true; waiting; {
		_ = cmd.Process.Signal(syscall.SIGINT) // it may have ended
		select {
		case <-ended:
			waiting = false
		case <-deadline:
			t.Error("it does not end")
			_ = cmd.Process.Kill()
			<-ended
			waiting = false
		case <-time.After(50 * time.Millisecond):
		}
	}
}
