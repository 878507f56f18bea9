package onnx_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fermata/inference/mel"
	"fermata/inference/onnx"
	"fermata/models/lasr"
	"fermata/models/lasr/random"
)

// BenchmarkEncoder runs windows of 1, 5 and 20 s through the demonstration
// model. Speed does not depend on what is said, so the frames are noise.
func BenchmarkEncoder(b *testing.B) { benchmarkCheckpoint(b, "../../models/demo/checkpoint") }

// BenchmarkEncoderFullSize does the same with random weights in MedASR's
// exact sizes, on whose values speed does not depend either. It writes 850 MB
// to a temporary folder.
func BenchmarkEncoderFullSize(b *testing.B) {
	dir := b.TempDir()
	if err := random.Write(dir, random.MedASR); err != nil {
		b.Fatal(err)
	}
	benchmarkCheckpoint(b, dir)
}

func benchmarkCheckpoint(b *testing.B, dir string) {
	checkpoint, err := lasr.Open(os.DirFS(dir))
	if err != nil {
		b.Fatal(err)
	}
	graph, err := checkpoint.Cached(context.Background(), b.TempDir(), lasr.FP32)
	if err != nil {
		b.Fatal(err)
	}
	benchmarkGraph(b, graph)
}

// loaded loads a graph until the benchmark's end.
func loaded(b *testing.B, graph string) *onnx.Model {
	b.Helper()
	model, err := onnx.Load(graph, onnx.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := model.Close(); err != nil {
			b.Error(err)
		}
	})
	return model
}

func benchmarkGraph(b *testing.B, graph string) {
	model := loaded(b, graph)
	for _, seconds := range []int{1, 5, 20} {
		b.Run(fmt.Sprintf("%ds", seconds), func(b *testing.B) {
			frames := noise(mel.Frames(seconds * 16000))
			if _, _, err := model.Logits(context.Background(), frames); err != nil { // warms up
				b.Fatal(err)
			}
			for b.Loop() {
				if _, _, err := model.Logits(context.Background(), frames); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(seconds)*float64(b.N)/b.Elapsed().Seconds(), "x-real-time")
			b.ReportMetric(resident(b), "resident-MB")
		})
	}
}

func noise(frames int) []float32 {
	r := rand.New(rand.NewPCG(5, 6))
	f := make([]float32, frames*mel.Bins)
	for i := range f {
		f[i] = float32(r.NormFloat64()*2 - 4)
	}
	return f
}

// resident returns the memory the process has in use, in megabytes.
func resident(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kB, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kB / 1000
		}
	}
	b.Fatal("no VmRSS in /proc/self/status")
	return 0
}

// BenchmarkTerminate measures how long after the end of its context a run of 20 s
// through a model of MedASR's size still takes, at points all over the run. ONNX
// Runtime looks between nodes, so this is at most the longest node.
func BenchmarkTerminate(b *testing.B) {
	dir := b.TempDir()
	if err := random.Write(dir, random.MedASR); err != nil {
		b.Fatal(err)
	}
	checkpoint, err := lasr.Open(os.DirFS(dir))
	if err != nil {
		b.Fatal(err)
	}
	for _, precision := range []lasr.Precision{lasr.FP32, lasr.Int8} {
		b.Run(string(precision), func(b *testing.B) {
			graph, err := checkpoint.Cached(context.Background(), b.TempDir(), precision)
			if err != nil {
				b.Fatal(err)
			}
			benchmarkTerminate(b, graph)
		})
	}
}

func benchmarkTerminate(b *testing.B, graph string) {
	model := loaded(b, graph)
	frames := noise(mel.Frames(20 * 16000))
	began := time.Now()
	for range 2 { // the second shows how long a run takes
		began = time.Now()
		if _, _, err := model.Logits(context.Background(), frames); err != nil {
			b.Fatal(err)
		}
	}
	whole := time.Since(began)
	r := rand.New(rand.NewPCG(7, 8))
	var late []float64
	for b.Loop() {
		if after, cut := terminate(b, model, frames, time.Duration(r.Float64()*0.9*float64(whole))); cut {
			late = append(late, float64(after.Microseconds())/1000)
		}
	}
	if len(late) == 0 {
		return // a single run that ended before it was cancelled
	}
	slices.Sort(late)
	b.ReportMetric(late[len(late)/2], "p50-ms")
	b.ReportMetric(late[len(late)*99/100], "p99-ms")
}

// terminate cancels a run under way and returns how long it went on; cut is false
// where it had ended before.
func terminate(b *testing.B, model *onnx.Model, frames []float32, in time.Duration) (after time.Duration, cut bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, _, err := model.Logits(ctx, frames)
		ended <- err
	}()
	time.Sleep(in)
	at := time.Now()
	cancel()
	switch err := <-ended; {
	case err == nil:
		return 0, false
	case !errors.Is(err, context.Canceled):
		b.Fatal(err)
	}
	return time.Since(at), true
}
