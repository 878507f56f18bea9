package lasr

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
)

// copyCheckpoint copies golden checkpoint a, so that it can be changed.
func copyCheckpoint(t *testing.T) (dir string, c *Checkpoint) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/a")); err != nil {
		t.Fatal(err)
	}
	c, err := Open(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return dir, c
}

func knownHash(t *testing.T, c *Checkpoint, cache string) string {
	t.Helper()
	hash, err := c.knownHash(context.Background(), cache)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

// TestKnownHashIsNotComputedAgain plants another hash where the right one is
// remembered: what comes back tells whether the weights were read.
func TestKnownHashIsNotComputedAgain(t *testing.T) {
	dir, c := copyCheckpoint(t)
	cache := t.TempDir()
	right := knownHash(t, c, cache)
	if want, err := c.Hash(); err != nil || right != want {
		t.Fatal(right, want, err)
	}
	planted := string(bytes.Repeat([]byte("ab"), 32))
	plant := func() {
		t.Helper()
		if err := writeKnown(filepath.Join(cache, knownFile), map[string]string{c.identity(): planted}); err != nil {
			t.Fatal(err)
		}
	}
	plant()
	if got := knownHash(t, c, cache); got != planted {
		t.Error("the weights were read again")
	}
	// The same bytes, size and time, written anew: another file as far as anyone knows.
	weights := filepath.Join(dir, single)
	info, err := os.Stat(weights)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(weights)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(weights, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(weights, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if got := knownHash(t, c, cache); got != right {
		t.Errorf("a file that was written again: %s", got)
	}
	for _, damaged := range []string{"", "null", "[]", `{"` + c.identity() + `":"../../x"}`} {
		if err := os.WriteFile(filepath.Join(cache, knownFile), []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := knownHash(t, c, cache); got != right {
			t.Errorf("%q: %s", damaged, got)
		}
	}
}

// TestKnownHashDoesWithoutMemory gives it a cache folder that cannot be.
func TestKnownHashDoesWithoutMemory(t *testing.T) {
	_, c := copyCheckpoint(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if knownHash(t, c, file) == "" {
		t.Error("no hash")
	}
}
