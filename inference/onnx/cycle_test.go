package onnx

import (
	"os"
	"runtime"
	"strings"
	"testing"
)

// A card that fails and is tried again, and the CPU after each failure, leaves
// nothing behind: no memory, no file, no goroutine. Nor does one that works. In
// a process of its own, because Dawn remembers the drivers it found until ONNX
// Runtime is stopped.
func TestHundredFailures(t *testing.T) {
	if !alone(t) {
		t.Log(elsewhere(t))
		return
	}
	icd(t, brokenICDs(t)["no library"].file)
	steady(t, 100, func(n int) {
		if _, err := Load("testdata/plain.onnx", Options{Device: "gpu"}); err == nil {
			t.Fatal("a model is on a card that is not there")
		}
		dawnFails(t)
		m, err := Load("testdata/plain.onnx", Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		computes(t, m)
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		if n%10 == 9 {
			restart(t)
		}
	})
	restart(t)
	steady(t, 30, func(int) { cardWorks(t) })
}

// steady does something so often, and fails if it leaves more behind in the
// second half than what an allocator may keep.
func steady(t *testing.T, times int, do func(n int)) {
	t.Helper()
	var before footprint
	for n := range times {
		if n == times/2 {
			before = measure(t)
		}
		do(n)
	}
	after := measure(t)
	t.Logf("after %d and %d times: %+v, %+v", times/2, times, before, after)
	if after.files > before.files || after.goroutines > before.goroutines {
		t.Errorf("%+v became %+v", before, after)
	}
	if grown := after.resident - before.resident; grown > 16<<20 {
		t.Errorf("%d times cost %d MB", times-times/2, grown>>20)
	}
}

// dawnFails asks for the card without asking the driver before.
func dawnFails(t *testing.T) {
	t.Helper()
	quieten()
	o, err := sessionOptions(1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.Destroy() }()
	d := Device{ID: "webgpu:0", Kind: kindWebGPU, Name: "a card"}
	err = appendCard(o, "testdata/plain.onnx", d, []Device{d})
	if err == nil {
		t.Fatal("a card is found that is not there")
	}
	if s := refusal(d, err).Error(); !strings.Contains(s, "a card (WebGPU): WebGPU refuses it") || !strings.Contains(s, "No supported adapters") || strings.Contains(s, "\n") {
		t.Error(s)
	}
}

func cardWorks(t *testing.T) {
	t.Helper()
	icd(t, swiftshader(t))
	m, err := Load("testdata/plain.onnx", Options{Device: "gpu"})
	if err != nil {
		t.Fatal(err)
	}
	computes(t, m)
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
}

// A footprint is what a process has.
type footprint struct {
	resident          int64 // bytes
	files, goroutines int
}

func measure(t *testing.T) footprint {
	t.Helper()
	runtime.GC()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return footprint{resident(t), len(files), runtime.NumGoroutine()}
}

func resident(t *testing.T) int64 {
	t.Helper()
	status, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var pages int64
	for _, c := range strings.Fields(string(status))[1] {
		pages = pages*10 + int64(c-'0')
	}
	return pages * int64(os.Getpagesize())
}

func restart(t *testing.T) {
	t.Helper()
	if err := Stop(); err != nil {
		t.Fatal(err)
	}
	if err := Start(libraryForTests()); err != nil {
		t.Fatal(err)
	}
}
