package onnx

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// provider compiles what passes for a provider of a version, which needs
// another library that is not there.
func provider(t *testing.T, folder, name, entry, version string) {
	t.Helper()
	missing := filepath.Join(folder, "libmissing.so")
	library := filepath.Join(folder, name)
	for _, step := range []struct{ code, out, needs string }{
		{"void missing(void) {}", missing, ""},
		{`void missing(void); const char v[] = "a string\0" "` + version + `"; const char *` + entry + `(void) { missing(); return v; }`, library, missing},
	} {
		source := filepath.Join(folder, "source.c")
		if err := os.WriteFile(source, []byte(step.code), 0o600); err != nil {
			t.Fatal(err)
		}
		args := []string{"-shared", "-fPIC", "-o", step.out, source}
		if step.needs != "" {
			args = append(args, step.needs)
		}
		if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
			t.Fatalf("gcc: %v: %s", err, out)
		}
	}
	if err := os.Remove(missing); err != nil {
		t.Fatal(err)
	}
}

// drop makes a folder of both files.
func drop(t *testing.T, version string) string {
	t.Helper()
	folder := t.TempDir()
	provider(t, folder, cudaProvider, "GetProvider", version)
	provider(t, folder, sharedProvider, "Provider_GetHost", version)
	return folder
}

func TestCUDAFolders(t *testing.T) {
	if err := checkCUDA(drop(t, Version)); err != nil {
		t.Errorf("the right one: %v", err)
	}
	cut := drop(t, Version)
	whole, err := os.ReadFile(filepath.Join(cut, cudaProvider))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cut, cudaProvider), whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	alone := drop(t, Version)
	if err := os.Remove(filepath.Join(alone, sharedProvider)); err != nil {
		t.Fatal(err)
	}
	stranger := drop(t, Version)
	provider(t, stranger, cudaProvider, "SomethingElse", Version)
	for name, c := range map[string]struct{ folder, file, want string }{
		"nothing":         {t.TempDir(), cudaProvider, "is not there"},
		"one of two":      {alone, sharedProvider, "is not there"},
		"another version": {drop(t, "1.22.0"), cudaProvider, "is of ONNX Runtime 1.22.0, Fermata needs 1.30.0"},
		"no version":      {drop(t, "one"), cudaProvider, "is of an unknown version"},
		"cut short":       {cut, cudaProvider, "is cut short"},
		"another library": {stranger, cudaProvider, "is not ONNX Runtime's provider"},
	} {
		err := checkCUDA(c.folder)
		if err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		if s := err.Error(); !strings.HasPrefix(s, filepath.Join(c.folder, c.file)+": ") || !strings.Contains(s, c.want) || !strings.Contains(s, "; ") || strings.Contains(s, "\n") {
			t.Errorf("%s: %v\nwant one line with %q and what to do", name, err, c.want)
		}
	}
}

func TestWhereCUDAIsLookedFor(t *testing.T) {
	t.Setenv(cudaEnvironment, "")
	if got := cudaFolder("", "/some/lib.so"); got != "/some" {
		t.Errorf("%s, want the library's folder", got)
	}
	t.Setenv(cudaEnvironment, "/named")
	if got := cudaFolder("", "/some/lib.so"); got != "/named" {
		t.Errorf("%s, want that of the environment", got)
	}
	if got := cudaFolder("/given", "/some/lib.so"); got != "/given" {
		t.Errorf("%s, want the one given", got)
	}
}

// Without the provider there is a sentence, and the CPU computes.
func TestWithoutCUDA(t *testing.T) {
	icd(t, swiftshader(t))
	for _, id := range []string{"cuda:0", "cuda:1"} {
		_, err := Load("testdata/plain.onnx", Options{Device: id})
		if err == nil || !strings.Contains(err.Error(), cudaProvider+": the CUDA provider is not there") {
			t.Errorf("%v", err)
		}
	}
	computes(t, load(t, "plain"))
}

// A provider from another folder is found, and what it lacks is named: here
// the library it was linked with. In a process of its own, because a library
// keeps the folder from which it was loaded first.
func TestProviderThatCannotBeLoaded(t *testing.T) {
	if !alone(t) {
		elsewhere(t, cudaEnvironment+"="+drop(t, Version))
		return
	}
	if err := cudaMissing(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		o, err := sessionOptions(1)
		if err != nil {
			t.Fatal(err)
		}
		d := Device{ID: "cuda:0", Kind: kindCUDA, Name: "a card"}
		err = appendCard(o, "testdata/plain.onnx", d, nil)
		_ = o.Destroy()
		if err == nil {
			t.Fatal("it is taken")
		}
		if s := refusal(d, err).Error(); !strings.Contains(s, "libmissing.so") || !strings.HasPrefix(s, "a card (CUDA): ") || !strings.Contains(s, "; install the CUDA and cuDNN") || strings.Contains(s, "\n") {
			t.Error(s)
		}
		computes(t, load(t, "plain"))
	}
}
