package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"fermata/inference"
	"fermata/inference/mel"
	"fermata/models/keep"
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

// speed returns how long this computer takes for 20 s of speech: measured once for
// every key, after telling so, and remembered in the file path. What cannot be
// remembered is measured at every start, which costs the user no more than that.
func speed(ctx context.Context, acoustic inference.Acoustic, path, key string, tell func()) (time.Duration, error) {
	memory := keep.Map[time.Duration]{Path: path}
	if d, _ := memory.Recall(key); d > 0 {
		return d, nil
	}
	tell()
	d, err := measure(ctx, acoustic)
	if err != nil {
		return 0, err
	}
	_ = memory.Remember(key, d)
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
