package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"fermata/inference"
	"fermata/inference/mel"
	"fermata/models/lasr"
)

func benchCommand(parts Parts, stdio Stdio) *cobra.Command {
	var model string
	var device deviceFlag
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "bench [flags]",
		Short: "Measure how fast this computer recognises",
		Long: "Measures, in about half a minute, what this computer takes for features and for windows\n" +
			"of 1, 5 and 20 s in full and in 8-bit precision, how long a model takes to load and how\n" +
			"much memory it needs, and says which precision to use. It hears nothing and writes no file\n" +
			"but the model's graphs, which are kept for later.",
		Example: "  fermata bench --model ~/medasr",
		Args: func(cmd *cobra.Command, args []string) error {
			if err := noArguments(cmd, args); err != nil {
				return err
			}
			return device.check(cmd)
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := bench(cmd.Context(), parts, stdio, Choice{
				Model: model, Device: device.device,
				Notice: func(sentence string) { complain(stdio.Err, errors.New(sentence)) },
			})
			switch {
			case err != nil:
				return err
			case asJSON:
				return writeJSON(stdio.Out, b)
			}
			return b.print(stdio.Out)
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&model, "model", "", "`DIR` of the model, or its name (default: the demonstration model)")
	device.add(cmd, parts)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// A benchmark is what was measured. Times are seconds, medians.
type benchmark struct {
	Model      string         `json:"model"`
	Processor  string         `json:"processor"`
	Threads    int            `json:"threads"`
	Features   float64        `json:"features"` // for each second of speech
	Precisions []precisionRow `json:"precisions"`
	Advice     string         `json:"advice"`
}

type precisionRow struct {
	Precision lasr.Precision `json:"precision"`
	Device    string         `json:"device,omitempty"`  // what computed: "cpu", or the ID of a card
	Problem   string         `json:"problem,omitempty"` // why it was not measured
	Load      float64        `json:"load"`
	Memory    int64          `json:"memory"` // resident bytes of the process, 0 where the system does not tell
	Windows   []windowRow    `json:"windows"`
}

type windowRow struct {
	Speech  float64 `json:"speech"` // its length
	Seconds float64 `json:"seconds"`
}

// lengths are of the windows measured, in seconds.
var lengths = []int{1, 5, 20}

// bench measures int8 first: what it leaves in memory weighs less beside fp32
// than the other way round.
func bench(ctx context.Context, parts Parts, stdio Stdio, c Choice) (*benchmark, error) {
	line := newProgress(stdio.Err)
	defer line.clear()
	b := &benchmark{Processor: processor(), Threads: runtime.NumCPU()}
	line.say("features")
	speech := noise(lengths[len(lengths)-1])
	few := speech[:5*inference.SampleRate]
	took, err := median(func() error { mel.Compute(few); return ctx.Err() })
	if err != nil {
		return nil, err
	}
	b.Features = took / 5
	for _, p := range []lasr.Precision{lasr.Int8, lasr.FP32} {
		line.say("%s", p)
		c.Windows, c.Precision, c.Decoder = inference.GoogleWindows(), p, greedy
		row, name, err := benchPrecision(ctx, parts, c, mel.Compute(speech))
		if ctx.Err() != nil || err != nil && p == lasr.FP32 {
			return nil, err
		}
		if err != nil {
			row = precisionRow{Precision: p, Problem: err.Error(), Windows: []windowRow{}}
		}
		b.Model = name // of fp32 in the end
		b.Precisions = slices.Insert(b.Precisions, 0, row)
	}
	b.Advice = b.advise()
	return b, nil
}

// benchPrecision loads twice: the first time the graph may have to be built.
func benchPrecision(ctx context.Context, parts Parts, c Choice, features []float32) (precisionRow, string, error) {
	row := precisionRow{Precision: c.Precision}
	engine, err := parts.Load(ctx, c)
	if err != nil {
		return row, "", err
	}
	if err := engine.Close(); err != nil {
		return row, "", err
	}
	if engine.Precision != c.Precision {
		return row, "", fmt.Errorf("%s: comes in %s alone; use that", engine.Model, engine.Precision)
	}
	begun := time.Now()
	if engine, err = parts.Load(ctx, c); err != nil {
		return row, "", err
	}
	defer func() { _ = engine.Close() }()
	row.Load = time.Since(begun).Seconds()
	for _, length := range lengths {
		frames := features[:mel.Frames(length*inference.SampleRate)*mel.Bins]
		took, err := median(func() error {
			_, _, err := engine.Acoustic.Logits(ctx, frames)
			return err
		})
		if err != nil {
			return row, "", err
		}
		row.Windows = append(row.Windows, windowRow{Speech: float64(length), Seconds: took})
	}
	row.Memory, row.Device = resident(), engine.Device()
	return row, engine.Model, nil
}

// median runs f once to warm up and then up to nine times, but not longer than
// three seconds if three times are done.
func median(f func() error) (seconds float64, err error) {
	if err := f(); err != nil {
		return 0, err
	}
	var times []time.Duration
	for begun := time.Now(); len(times) < 3 || len(times) < 9 && time.Since(begun) < 3*time.Second; {
		start := time.Now()
		if err := f(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times[len(times)/2].Seconds(), nil
}

// noise is so many seconds of sound as loud and uneven as speech, the same
// every time: what is computed does not depend on what is said.
func noise(seconds int) []float32 {
	random := rand.New(rand.NewPCG(1, 9))
	samples := make([]float32, seconds*inference.SampleRate)
	for i := range samples {
		syllable := 0.5 + 0.5*math.Sin(2*math.Pi*4*float64(i)/inference.SampleRate)
		samples[i] = float32(0.05 * syllable * random.NormFloat64())
	}
	return samples
}
