package cli

import (
	"bufio"
	"os"
	"strings"
)

// processor names the processor as the kernel does, or "CPU".
func processor() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "CPU"
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "CPU"
}
