package onnx

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// swiftshader makes SwiftShader the only card of this process while a test
// runs, or another file of that kind.
func icd(t testing.TB, file string) {
	t.Helper()
	path, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("VK_DRIVER_FILES", path)
	t.Setenv("VK_ICD_FILENAMES", path) // older loaders
	t.Setenv("VK_LOADER_LAYERS_DISABLE", "~all~")
}

// swiftshader is where `make test` puts it, unless the environment names
// another.
func swiftshader(t testing.TB) string {
	t.Helper()
	file := os.Getenv("FERMATA_SWIFTSHADER")
	if file == "" {
		file = "../../build/swiftshader/vk_swiftshader_icd.json"
	}
	if _, err := os.Stat(file); err != nil {
		t.Fatalf("%v; run tools/swiftshader", err)
	}
	return file
}

func TestSoftwareIsListedAsSuch(t *testing.T) {
	icd(t, swiftshader(t))
	devices, err := Devices()
	if err != nil || len(devices) != 2 {
		t.Fatalf("%+v, %v, want the CPU and SwiftShader", devices, err)
	}
	if cpu := devices[0]; cpu.ID != "cpu" || cpu.Kind != "cpu" || cpu.Name == "" || cpu.Software || cpu.Memory < 1<<28 {
		t.Errorf("%+v", cpu)
	}
	card := devices[1]
	if card.ID != "webgpu:0" || card.Kind != "webgpu" || !strings.Contains(card.Name, "SwiftShader") || !card.Software ||
		card.Vendor != "Google" || !strings.HasPrefix(card.Driver, "SwiftShader driver ") || card.Memory <= 0 {
		t.Errorf("%+v", card)
	}
}

// entry is what a driver's file says.
func entry(library string) string {
	return `{"file_format_version": "1.0.0", "ICD": {"library_path": "` + library + `", "api_version": "1.1.0"}}`
}

// brokenICDs are what may be wrong with a driver's file, with a sentence each.
func brokenICDs(t testing.TB) map[string]struct{ file, want string } {
	t.Helper()
	folder := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return map[string]struct{ file, want string }{
		"no file":        {filepath.Join(folder, "none.json"), "no driver"},
		"no JSON":        {write("text.json", "this is no JSON"), "driver"},
		"no library":     {write("library.json", entry(filepath.Join(folder, "none.so"))), "no driver"},
		"a text":         {write("text.so.json", entry(write("text.so", "text"))), "no driver"},
		"a crash":        {write("crash.json", entry(driver(t, folder, "crash", "abort()"))), "crashed"},
		"a segmentation": {write("fault.json", entry(driver(t, folder, "fault", "*(volatile int *)8 = 1"))), "crashed"},
		"a hang":         {write("hang.json", entry(driver(t, folder, "hang", "for (;;) sleep(1)"))), "did not answer"},
	}
}

// driver compiles a driver that does so when it is loaded, and else is the
// one of a library, if one is given.
func driver(t testing.TB, folder, name, act string, library ...string) string {
	t.Helper()
	source, out := filepath.Join(folder, name+".c"), filepath.Join(folder, name+".so")
	code := "#define _GNU_SOURCE\n#include <fcntl.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n" +
		"__attribute__((constructor)) static void act(void) { " + act + "; }\n"
	if err := os.WriteFile(source, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-shared", "-fPIC", "-Wl,--no-as-needed", "-o", out, source}, library...)
	if said, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v: %s", err, said)
	}
	return out
}

// Whatever is wrong with the driver, there is a sentence, this process lives,
// and the CPU computes.
func TestBrokenDrivers(t *testing.T) {
	for name, c := range brokenICDs(t) {
		t.Run(name, func(t *testing.T) {
			icd(t, c.file)
			devices, err := Devices()
			if len(devices) != 1 || devices[0].ID != "cpu" {
				t.Errorf("%+v, want the CPU alone", devices)
			}
			noCardSentence(t, err, c.want)
			if name == "a hang" { // would be waited for once more
				return
			}
			m, err := Load("testdata/plain.onnx", Options{Device: "gpu"})
			if err == nil {
				_ = m.Close()
				t.Fatal("a model is on a card that is not there")
			}
			noCardSentence(t, err, c.want)
			computes(t, load(t, "plain"))
		})
	}
}

func noCardSentence(t *testing.T, err error, want string) {
	t.Helper()
	if !errors.Is(err, ErrNoCard) {
		t.Errorf("%v, want %v", err, ErrNoCard)
		return
	}
	if s := err.Error(); !strings.Contains(s, want) || !strings.Contains(s, "VK_DRIVER_FILES names") || !strings.Contains(s, "; ") || strings.Contains(s, "\n") {
		t.Errorf("%v\nwant one line with %q, the variable, and what to do", err, want)
	}
}

func computes(t *testing.T, m *Model) {
	t.Helper()
	if got, _, err := m.Logits(t.Context(), frames(40)); err != nil || len(got) != 60 {
		t.Errorf("%s: %d values, %v", m.Device(), len(got), err)
	}
}

func TestWithoutVulkan(t *testing.T) {
	for reason, want := range map[string]string{
		"Vulkan's library libvulkan.so.1 is not installed": "libvulkan1 on Debian",
		"": "finds none",
		"the graphics driver crashed when it was asked for cards": "update the driver",
	} {
		t.Setenv("VK_DRIVER_FILES", "")
		t.Setenv("VK_ICD_FILENAMES", "")
		err := noCard(probe{Reason: reason})
		if !errors.Is(err, ErrNoCard) || !strings.Contains(err.Error(), reason) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// The best card is first, and the one that WebGPU reaches.
func TestOrderOfCards(t *testing.T) {
	devices := numbered(kindWebGPU, probe{Cards: []card{
		{Name: "llvmpipe (LLVM 19.1.7, 256 bits)", Kind: software, Vendor: 0x10005, Driver: "llvmpipe", DriverInfo: "Mesa 25.0.7"},
		{Name: "Intel(R) UHD Graphics 770", Kind: inProcessor, Vendor: 0x8086, DriverVersion: 25<<22 | 7},
		{Name: "NVIDIA\tRTX A2000", Kind: ofItsOwn, Vendor: 0x10de, Driver: "NVIDIA", DriverVersion: 580<<22 | 95<<14 | 5<<6, Memory: 12 << 30},
		{Name: "AMD Radeon Pro W7500", Kind: ofItsOwn, Vendor: 0x1002, Driver: "radv", DriverInfo: "Mesa 25.0.7"},
	}})
	for i, want := range []struct{ id, name, vendor, driver, power string }{
		{"webgpu:0", "NVIDIA RTX A2000", "NVIDIA", "NVIDIA 580.95.5", "high-performance"},
		{"webgpu:1", "AMD Radeon Pro W7500", "AMD", "radv Mesa 25.0.7", ""},
		{"webgpu:2", "Intel(R) UHD Graphics 770", "Intel", "25.0.7", "low-power"},
		{"webgpu:3", "llvmpipe (LLVM 19.1.7, 256 bits)", "Mesa", "llvmpipe Mesa 25.0.7", ""},
	} {
		d := devices[i]
		preference, err := power(d, devices)
		if d.ID != want.id || d.Name != want.name || d.Vendor != want.vendor || d.Driver != want.driver || preference != want.power || (err != nil) != (want.power == "") {
			t.Errorf("%+v, %q, %v, want %+v", d, preference, err, want)
		}
		if d.Software != (i == 3) {
			t.Errorf("%s: software %t", d.Name, d.Software)
		}
	}
	cuda := card{Name: "NVIDIA H100 80GB HBM3", Kind: ofItsOwn, Vendor: 0x10de, DriverVersion: 13000}.device(kindCUDA)
	if cuda.Driver != "CUDA 13.0" || cuda.label() != "NVIDIA H100 80GB HBM3 (CUDA)" {
		t.Errorf("%+v, %s", cuda, cuda.label())
	}
}

func TestUnknownDevice(t *testing.T) {
	icd(t, swiftshader(t))
	_, err := Load("testdata/plain.onnx", Options{Device: "webgpu:7"})
	if err == nil || !strings.Contains(err.Error(), `"webgpu:7"`) || !strings.Contains(err.Error(), "webgpu:0") {
		t.Errorf("%v", err)
	}
}
