package onnx

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestMain starts ONNX Runtime for all tests of the package and stops it
// after them, which fails if a test left a model open.
func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	if err := Start(libraryForTests()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if err := Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// libraryForTests is where `make runtime` puts the library, unless the
// environment names another.
func libraryForTests() string {
	if named := os.Getenv(environment); named != "" {
		return named
	}
	return filepath.Join("..", "..", "build", "runtime", "libonnxruntime.so.1")
}
