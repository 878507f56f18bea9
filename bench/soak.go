package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"time"

	"fermata/bench/speech"
	"fermata/bench/worker"
	"fermata/inference/mel"
	"fermata/inference/onnx"
	"fermata/models/lasr"
)

// most is how many MB may be in memory with a model of MedASR's size.
var most = map[lasr.Precision]float64{lasr.FP32: 700, lasr.Int8: 350}

// spare is how many threads Go's runtime may start by itself.
const spare = 4

// soak runs windows of random lengths up to 24 s, every tenth cancelled on the way,
// and fails where memory, threads or goroutines grow.
func (o *ours) soak(windows int) error {
	for _, op := range []string{"build", "load"} {
		if _, err := o.measure(worker.Request{Op: op}); err != nil {
			return err
		}
	}
	samples, err := speech.Read(o.root, 24)
	if err != nil {
		return err
	}
	features := mel.Compute(samples)
	r := rand.New(rand.NewPCG(3, 4))
	var resident []float64
	var goroutines, threads int
	for i := range windows {
		frames := 13 + r.IntN(len(features)/mel.Bins-13)
		if err := o.window(features[:frames*mel.Bins], i%10 == 9); err != nil {
			return err
		}
		now, _, err := worker.Memory()
		if err != nil {
			return err
		}
		resident = append(resident, now)
		if i == windows/5 {
			goroutines, threads = runtime.NumGoroutine(), tasks()
		}
	}
	if err := o.verdict(resident); err != nil {
		return err
	}
	fmt.Printf("threads %d, then %d; goroutines %d, then %d\n", threads, tasks(), goroutines, runtime.NumGoroutine())
	if runtime.NumGoroutine() > goroutines || tasks() > threads+spare {
		return errors.New("soak: threads or goroutines grow")
	}
	return errors.Join(o.model.Close(), onnx.Stop())
}

// window runs one window; a cancelled one ends after 30 ms.
func (o *ours) window(features []float32, cancelled bool) error {
	ctx, cancel := context.WithCancel(context.Background())
	if cancelled {
		ctx, cancel = context.WithTimeout(ctx, 30*time.Millisecond)
	}
	defer cancel()
	if _, _, err := o.model.Logits(ctx, features); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

// verdict compares the first fifth with the last.
func (o *ours) verdict(resident []float64) error {
	same := func(x float64) float64 { return x }
	fifth := len(resident) / 5
	first, last := median(resident[:fifth], same), median(resident[len(resident)-fifth:], same)
	fmt.Printf("soak %s: %d windows, resident %.0f MB in the first fifth, %.0f MB in the last, goal %.0f MB\n", o.precision, len(resident), first, last, most[o.precision])
	if last > most[o.precision] || last > 1.03*first+5 {
		return fmt.Errorf("soak: %.0f MB are in memory at the end and %.0f MB were at the beginning", last, first)
	}
	return nil
}

// tasks is the number of threads of the process.
func tasks() int {
	entries, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return 0
	}
	return len(entries)
}
