package onnx

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// late is SwiftShader as a driver that lists its card, and does something when
// a model is tried on it.
func late(t *testing.T, act string) {
	t.Helper()
	library, err := filepath.Abs(filepath.Join(filepath.Dir(swiftshader(t)), "libvk_swiftshader.so"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	code := `char b[4096]; int f = open("/proc/self/cmdline", 0); ssize_t n = read(f, b, sizeof b); close(f);
	if (n > 0 && memmem(b, n, "\0try", 5)) { ` + act + `; }`
	file := filepath.Join(folder, "late.json")
	if err := os.WriteFile(file, []byte(entry(driver(t, folder, "late", code, library, "-Wl,-rpath,"+filepath.Dir(library)))), 0o600); err != nil {
		t.Fatal(err)
	}
	icd(t, file)
	if devices, err := Devices(); len(devices) != 2 {
		t.Fatalf("%+v, %v", devices, err)
	}
}

func TestTry(t *testing.T) {
	late(t, "")
	if err := Try(t.Context(), "testdata/plain.onnx", Options{Device: "gpu"}); err != nil {
		t.Error(err)
	}
	if err := Try(t.Context(), "testdata/none.onnx", Options{Device: "gpu"}); err == nil || !strings.Contains(err.Error(), "none.onnx: ") {
		t.Errorf("%v", err)
	}
}

// The driver takes the process with it, and it is not ours.
func TestTryCrash(t *testing.T) {
	late(t, "abort()")
	err := Try(t.Context(), "testdata/plain.onnx", Options{Device: "webgpu:0"})
	if err == nil || !strings.Contains(err.Error(), "webgpu:0: the graphics driver crashed") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
	computes(t, load(t, "plain"))
}

func TestTryHang(t *testing.T) {
	late(t, "for (;;) sleep(1)")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := Try(ctx, "testdata/plain.onnx", Options{Device: "gpu"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want %v", err, context.DeadlineExceeded)
	}
}

func TestTryWithoutCard(t *testing.T) {
	icd(t, brokenICDs(t)["no file"].file)
	if err := Try(t.Context(), "testdata/plain.onnx", Options{Device: "gpu"}); !errors.Is(err, ErrNoCard) {
		t.Errorf("%v, want %v", err, ErrNoCard)
	}
}
