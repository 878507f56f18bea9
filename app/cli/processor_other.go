//go:build !linux

package cli

// processor names the processor; only Linux tells it in a file.
func processor() string { return "CPU" }
