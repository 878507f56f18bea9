package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// crashes is what a driver does that lists its card, and dies wherever it is to
// compute.
const crashes = `#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
__attribute__((constructor)) static void act(void) {
	char b[4096];
	int f = open("/proc/self/cmdline", O_RDONLY);
	ssize_t n = read(f, b, sizeof b);
	close(f);
	const char lists[] = "trying the graphics driver";
	if (n <= 0 || !memmem(b, n, lists, sizeof lists - 1) || memmem(b, n, "\0try", 5)) abort();
}
`

// TestCrashingDriver wants the text in spite of a driver that dies when it is to
// compute, and a line for who asks for that card.
func TestCrashingDriver(t *testing.T) {
	env := onSoftware(t)
	_, icd, _ := strings.Cut(env[0], "=")
	shader, folder := filepath.Join(filepath.Dir(icd), "libvk_swiftshader.so"), t.TempDir()
	source, library, driver := filepath.Join(folder, "driver.c"), filepath.Join(folder, "driver.so"), filepath.Join(folder, "driver.json")
	for name, content := range map[string]string{
		source: crashes,
		driver: `{"file_format_version": "1.0.0", "ICD": {"library_path": "` + library + `", "api_version": "1.1.0"}}`,
	} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gcc := exec.Command("gcc", "-shared", "-fPIC", "-Wl,--no-as-needed", "-o", library, source, shader, "-Wl,-rpath,"+filepath.Dir(shader))
	if said, err := gcc.CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v: %s", err, said)
	}
	want, _, _ := fermata(t, nil, nil, "transcribe", "--device", "cpu", spokenFile)
	env = append(env, "VK_DRIVER_FILES="+driver, "VK_ICD_FILENAMES="+driver)
	if stdout, stderr, code := fermata(t, env, nil, "devices"); code != 0 || stderr != "" || !strings.Contains(stdout, "webgpu:0") {
		t.Fatalf("devices: exit code %d, %.300q, %q", code, stderr, stdout)
	}
	if stdout, stderr, code := fermata(t, env, nil, "transcribe", spokenFile); code != 0 || stderr != "" || stdout != want || want == "" {
		t.Errorf("auto: exit code %d, %.300q, %q, want %q", code, stderr, stdout, want)
	}
	stdout, stderr, code := fermata(t, env, nil, "transcribe", "--device", "gpu", spokenFile)
	if code != 1 || stdout != "" || !strings.Contains(stderr, "the graphics driver crashed") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("gpu: exit code %d, %.300q, %q", code, stderr, stdout)
	}
}
