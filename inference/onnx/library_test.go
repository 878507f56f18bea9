package onnx

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestLibraryRefused makes each kind of wrong file of the right one. All must
// be found before the library is loaded: a truncated one ends the process.
func TestLibraryRefused(t *testing.T) {
	p, err := here()
	if err != nil {
		t.Fatal(err)
	}
	right, err := os.ReadFile(libraryForTests())
	if err != nil {
		t.Fatal(err)
	}
	if err := check(libraryForTests(), p); err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(right)
	damaged[len(damaged)/2] ^= 1
	older := bytes.ReplaceAll(right, []byte("VERS_"+Version), []byte("VERS_1.22.0"))
	other, err := os.ReadFile("/proc/self/exe") // a binary, and not ONNX Runtime
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, c := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"half.so", right[:len(right)/2], fmt.Sprintf("is cut short (%d of %d bytes)", len(right)/2, p.size)},
		{"head.so", right[:100], fmt.Sprintf("is cut short (100 of %d bytes)", p.size)},
		{"damaged.so", damaged, "is damaged"},
		{"older.so", older, "is ONNX Runtime 1.22.0, Fermata needs 1.30.0"},
		{"longer.so", append(bytes.Clone(right), 0), "is not the build"},
		{"other.so", other, "is a library, but not ONNX Runtime"},
		{"text.so", bytes.Repeat([]byte("text"), len(right)/4), "is not a library"},
		{"empty.so", nil, "is empty"},
	} {
		path := filepath.Join(folder, c.name)
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		refusedLibrary(t, path, p, c.want)
		_ = os.Remove(path)
	}
	refusedLibrary(t, filepath.Join(folder, "none.so"), p, "is not there")
	refusedLibrary(t, folder, p, "is not a file")
}

func refusedLibrary(t *testing.T, path string, p pin, want string) {
	t.Helper()
	err := check(path, p)
	if err == nil {
		t.Errorf("%s is taken", path)
		return
	}
	s := err.Error()
	if !strings.HasPrefix(s, path+": ") || !strings.Contains(s, want) || !strings.Contains(s, "make runtime") || strings.Contains(s, "\n") {
		t.Errorf("%v\nwant one line with %q and what to do", err, want)
	}
}

// What is missing says where it was looked for.
func TestFind(t *testing.T) {
	folders := []string{filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")}
	_, err := find("lib.so", folders)
	if err == nil || !strings.Contains(err.Error(), folders[0]+" or "+folders[1]) || !strings.Contains(err.Error(), "make runtime") {
		t.Errorf("%v", err)
	}
	if err := os.Mkdir(folders[1], 0o700); err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(folders[1], "lib.so")
	if err := os.WriteFile(want, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := find("lib.so", folders); got != want || err != nil {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func TestLibraryOfTheEnvironment(t *testing.T) {
	t.Setenv(environment, "/some/where.so")
	if got, err := Library(); got != "/some/where.so" || err != nil {
		t.Errorf("%s, %v", got, err)
	}
}

func TestPins(t *testing.T) {
	for _, platform := range []string{"linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64", "windows/arm64"} {
		p, ok := pinned(platform)
		if !ok || p.version != Version || p.size < 1<<20 || len(p.sha256) != 64 || strings.ContainsAny(p.name, "/\\") {
			t.Errorf("%s: %+v", platform, p)
		}
	}
	for _, platform := range []string{"", "#", "plan9/amd64"} {
		if p, ok := pinned(platform); ok {
			t.Errorf("%q: %+v", platform, p)
		}
	}
	if p, _ := pinned(runtime.GOOS + "/" + runtime.GOARCH); p.name != filepath.Base(libraryForTests()) && os.Getenv(environment) == "" {
		t.Errorf("the library of this platform is named %s", p.name)
	}
}

func TestStartAgain(t *testing.T) {
	if err := Start(libraryForTests()); err != nil {
		t.Errorf("the same library: %v", err)
	}
	if err := Start("other.so"); err == nil || !strings.Contains(err.Error(), "already loaded from") {
		t.Errorf("another library: %v", err)
	}
}

// Sessions point into the environment, so it goes last.
func TestStopWaitsForModels(t *testing.T) {
	m := load(t, "plain")
	if err := Stop(); err == nil {
		t.Fatal("the environment is gone under a model")
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := Stop(); err != nil {
			t.Fatal(err)
		}
		if _, err := Load("testdata/plain.onnx", Options{}); err == nil {
			t.Fatal("a model was loaded without ONNX Runtime")
		}
		if err := Start(libraryForTests()); err != nil {
			t.Fatal(err)
		}
		if err := load(t, "plain").Close(); err != nil {
			t.Fatal(err)
		}
	}
}
