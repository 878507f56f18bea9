package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"fermata/inference"
	"fermata/inference/mel"
)

// measured is how much speech the speed of this computer is told for, and its
// number of features.
const (
	measured       = 20 * time.Second
	measuredFrames = 1998
)

// slow is from when on the window advises the quicker precision: the longest wait
// after the key comes up.
const slow = time.Second

// speeds remembers what was measured, by what computed it.
type speeds map[string]time.Duration

// speed returns how long this computer takes for 20 s of speech: measured once for
// every key, after telling so, and remembered in the file path. What cannot be
// remembered is measured at every start, which costs the user no more than that.
func speed(ctx context.Context, acoustic inference.Acoustic, path, key string, tell func()) (time.Duration, error) {
	known := speeds{}
	if text, err := os.ReadFile(path); err == nil {
		_ = json.Unmarshal(text, &known) // what is damaged is measured again
	}
	if d := known[key]; d > 0 {
		return d, nil
	}
	tell()
	d, err := measure(ctx, acoustic)
	if err != nil {
		return 0, err
	}
	if known == nil {
		known = speeds{}
	}
	known[key] = d
	_ = known.write(path)
	return d, nil
}

// measure is the median of three passes over 20 s of features, after one over 2 s
// that brings the weights into memory.
func measure(ctx context.Context, acoustic inference.Acoustic) (time.Duration, error) {
	frames := make([]float32, measuredFrames*mel.Bins)
	for i := range frames {
		frames[i] = float32(4 * math.Sin(float64(i))) // as little silence as speech
	}
	if _, _, err := acoustic.Logits(ctx, frames[:200*mel.Bins]); err != nil {
		return 0, err
	}
	var times []time.Duration
	for range 3 {
		begun := time.Now()
		if _, _, err := acoustic.Logits(ctx, frames); err != nil {
			return 0, err
		}
		times = append(times, time.Since(begun))
	}
	slices.Sort(times)
	return times[1], nil
}

// write replaces the file, whole or not at all.
func (s speeds) write(path string) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// inWords is what the user is told of a speed.
func inWords(d time.Duration, canBeQuicker bool) string {
	words := fmt.Sprintf("this computer finishes %.0f s of speech in %s s", measured.Seconds(), short(d))
	if canBeQuicker && d > slow {
		words += "; 8-bit precision is quicker"
	}
	return words
}

// short is a time with as many digits as anybody wants to read.
func short(d time.Duration) string {
	switch s := d.Seconds(); {
	case s < 0.095:
		return fmt.Sprintf("%.2f", math.Max(s, 0.01))
	case s < 9.95:
		return fmt.Sprintf("%.1f", s)
	default:
		return fmt.Sprintf("%.0f", s)
	}
}
