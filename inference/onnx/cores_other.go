//go:build !linux

package onnx

import "runtime"

// cores returns the number of processors the process may use. Apple silicon
// has one a core.
func cores() int { return runtime.GOMAXPROCS(0) }
