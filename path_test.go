package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// These tests go the whole path: a voice through a virtual microphone, a real
// key or mouse button, the demo model, the window, and the system's clipboard,
// in the program that users run, built with the race detector.

const (
	deskScript = "testdata/desk/desk"
	onDesk     = "FERMATA_TEST_ON_DESK"
	spokenFile = "testdata/speech/03_dictated_bf_isabella.flac"
)

func TestWholePath(t *testing.T) {
	if os.Getenv(onDesk) == "" {
		runOnDesk(t, build(t))
		return
	}
	w := openFermata(t, os.Getenv(onDesk))
	want := w.transcribe(t, spokenFile)
	for _, way := range []struct {
		name           string
		press, release func()
	}{
		{"key", func() { w.tool("xdotool", "keydown", "F9") }, func() { w.tool("xdotool", "keyup", "F9") }},
		{"mouse", w.pressButton, func() { w.tool("xdotool", "mouseup", "1") }},
		{"drag off", w.pressButton, func() {
			w.tool("xdotool", "mousemove_relative", "--", "0", "-300")
			w.tool("xdotool", "mouseup", "1")
		}},
	} {
		t.Run(way.name, func(t *testing.T) {
			w.clear(t)
			way.press()
			w.await(t, "listening")
			w.tool("paplay", "--device="+os.Getenv("SPEAKER"), spokenFile)
			way.release()
			w.await(t, "ready")
			if got := w.copyNote(t); got != want {
				t.Errorf("the note holds %q, the file gives %q", got, want)
			}
		})
	}
	w.tool("xdotool", "keydown", "F9")
	w.await(t, "listening")
	w.tool("paplay", "--device="+os.Getenv("SPEAKER"), spokenFile)
	w.tool("xdotool", "keyup", "F9")
	w.quit(t) // at once: what comes after the end must find no window
	if got := clipboardText(t); got != want {
		t.Errorf("after quitting the clipboard holds %q, want %q", got, want)
	}
}

// build makes the program with the race detector, as the tests are made.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "fermata")
	out, err := exec.Command("go", "build", "-race", "-gcflags=github.com/gordonklaus/portaudio=-d=checkptr=0", "-o", binary, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// runOnDesk runs the test once more on a virtual desk, in a process of its own.
func runOnDesk(t *testing.T, binary string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, deskScript, os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
	run.Cancel = func() error { return run.Process.Signal(os.Interrupt) }
	run.WaitDelay = 10 * time.Second
	home := t.TempDir()
	run.Env = append(os.Environ(), onDesk+"="+binary, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home, "HOME="+home)
	out, err := run.CombinedOutput()
	t.Log(string(out))
	if err != nil {
		t.Error(err)
	}
}

// window is Fermata's window, with a user who has hands and ears.
type window struct {
	binary string
	app    *exec.Cmd
	id     string
}

func openFermata(t *testing.T, binary string) *window {
	t.Helper()
	w := &window{binary: binary, app: exec.Command(binary)}
	w.app.Stdout, w.app.Stderr = os.Stdout, os.Stderr
	if err := w.app.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.app.Process.Kill() })
	w.await(t, "ready")
	w.tool("xdotool", "windowactivate", w.id)
	time.Sleep(time.Second)
	return w
}

// await waits until the window's title ends in stage.
func (w *window) await(t *testing.T, stage string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		out, err := exec.Command("xdotool", "search", "--name", "^Fermata .* "+stage+"$").Output()
		if ids := strings.Fields(string(out)); err == nil && len(ids) > 0 {
			w.id = ids[0]
			return
		}
	}
	t.Fatalf("the window was not %s within a minute", stage)
}

// tool runs a program and panics if it fails: nothing can go on then.
func (w *window) tool(name string, args ...string) {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%s %v: %v\n%s", name, args, err, out))
	}
}

// pressButton holds the mouse on the large button, at the foot of the window.
func (w *window) pressButton() {
	out, err := exec.Command("xdotool", "getwindowgeometry", "--shell", w.id).Output()
	if err != nil {
		panic(err)
	}
	var width, height int
	for _, line := range strings.Fields(string(out)) {
		_, _ = fmt.Sscanf(line, "WIDTH=%d", &width)
		_, _ = fmt.Sscanf(line, "HEIGHT=%d", &height)
	}
	w.tool("xdotool", "mousemove", "--window", w.id, fmt.Sprint(width/3), fmt.Sprint(height-50))
	time.Sleep(300 * time.Millisecond) // Fyne presses where it last saw the mouse
	w.tool("xdotool", "mousedown", "1")
}

// clear empties the note, from a click into it.
func (w *window) clear(t *testing.T) {
	t.Helper()
	w.tool("xdotool", "mousemove", "--window", w.id, "200", "200")
	time.Sleep(300 * time.Millisecond)
	w.tool("xdotool", "click", "1", "key", "ctrl+a", "key", "BackSpace")
	time.Sleep(300 * time.Millisecond)
}

func (w *window) copyNote(t *testing.T) string {
	t.Helper()
	before := fmt.Sprintf("not copied yet %d", time.Now().UnixNano())
	set := exec.Command("xclip", "-selection", "clipboard")
	set.Stdin = strings.NewReader(before)
	if err := set.Run(); err != nil {
		t.Fatal(err)
	}
	w.tool("xdotool", "key", "ctrl+shift+c")
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if text := clipboardText(t); text != before {
			return text
		}
	}
	t.Fatal("Ctrl+Shift+C copied nothing")
	return ""
}

func clipboardText(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("xclip", "-selection", "clipboard", "-o").Output()
	if err != nil {
		t.Fatal("xclip:", err)
	}
	return string(out)
}

func (w *window) transcribe(t *testing.T, file string) string {
	t.Helper()
	out, err := exec.Command(w.binary, "transcribe", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// quit ends the program as a session's end does, and waits until it has gone.
func (w *window) quit(t *testing.T) {
	t.Helper()
	if err := w.app.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := w.app.Wait(); err != nil {
		t.Error("Fermata did not end well:", err)
	}
}
