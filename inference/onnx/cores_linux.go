package onnx

import (
	"os"
	"path/filepath"
	"runtime"
)

// cores returns the number of physical cores the process may use: two threads
// on one core only wait for the same units.
func cores() int {
	return max(1, min(runtime.GOMAXPROCS(0), physical("/sys/devices/system/cpu")))
}

// physical counts the groups of processors that share a core. Where the
// system does not tell, every processor counts as one.
func physical(folder string) int {
	files, err := filepath.Glob(filepath.Join(folder, "cpu[0-9]*", "topology", "thread_siblings_list"))
	if err != nil || len(files) == 0 {
		return runtime.NumCPU()
	}
	groups := map[string]bool{}
	for _, file := range files {
		siblings, err := os.ReadFile(file)
		if err != nil {
			return runtime.NumCPU()
		}
		groups[string(siblings)] = true
	}
	return len(groups)
}
