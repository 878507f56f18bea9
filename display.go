package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// checkDisplay says why no window can be opened, before Fyne, which panics,
// finds out. It looks for the socket of a local X or Wayland server; a display
// on another computer is believed.
func checkDisplay() error {
	x, wayland := os.Getenv("DISPLAY"), os.Getenv("WAYLAND_DISPLAY")
	switch {
	case x == "" && wayland == "":
		return errors.New("display: there is none; start Fermata in a desktop session, or use 'fermata transcribe FILE'")
	case wayland != "" && exists(waylandSocket(wayland)), x != "" && xThere(x):
		return nil
	}
	return fmt.Errorf("display %s: does not answer; start Fermata in a desktop session, or use 'fermata transcribe FILE'", x+wayland)
}

func waylandSocket(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), name)
}

// xThere reports whether the X server of a DISPLAY like ":0.0" listens, on a
// socket file or, in some containers, on an abstract one.
func xThere(display string) bool {
	number, local := strings.CutPrefix(strings.TrimPrefix(display, "unix"), ":")
	if !local {
		return true
	}
	number, _, _ = strings.Cut(number, ".")
	socket := "/tmp/.X11-unix/X" + number
	if exists(socket) {
		return true
	}
	sockets, err := os.ReadFile("/proc/net/unix")
	return err == nil && strings.Contains(string(sockets), "@"+socket+"\n")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
