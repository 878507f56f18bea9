package onnx

import (
	_ "embed"
	"fmt"
	"path"
	"runtime"
	"strconv"
	"strings"
)

// Version is the version of ONNX Runtime that Fermata needs. Older ones
// crash or hang when the environment is destroyed after a GPU was refused.
const Version = "1.30.0"

//go:embed runtime.txt
var runtimes string

// A pin is the one file accepted on a platform.
type pin struct {
	name    string // of the file
	version string
	size    int64
	sha256  string // lower-case hexadecimal
}

// pinned returns the pin of a platform, "linux/amd64" and the like.
func pinned(platform string) (pin, bool) {
	for line := range strings.Lines(runtimes) {
		f := strings.Fields(line)
		if len(f) != 5 || f[0] != platform {
			continue
		}
		size, err := strconv.ParseInt(f[3], 10, 64)
		return pin{name: path.Base(f[2]), version: f[1], size: size, sha256: f[4]}, err == nil
	}
	return pin{}, false
}

// here returns the pin of the platform we run on.
func here() (pin, error) {
	platform := runtime.GOOS + "/" + runtime.GOARCH
	p, ok := pinned(platform)
	if !ok {
		return pin{}, fmt.Errorf("ONNX Runtime: no library is known for %s; Fermata recognises speech on Linux, Windows and Apple silicon", platform)
	}
	return p, nil
}
