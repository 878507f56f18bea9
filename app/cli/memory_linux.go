package cli

import (
	"os"
	"strconv"
	"strings"
)

// resident is how much memory of the process lies in the computer's, in
// bytes, and 0 if the system does not tell.
func resident() int64 {
	pages, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(pages))
	if len(fields) < 2 {
		return 0
	}
	n, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return n * int64(os.Getpagesize())
}
