package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"fermata/models/lasr"
)

func TestBench(t *testing.T) {
	stdout, stderr, code := fermata(t, realParts(t), "bench", "--json")
	var b benchmark
	if err := json.Unmarshal([]byte(stdout), &b); err != nil || code != 0 || stderr != "" {
		t.Fatalf("%v, exit code %d, %q: %s", err, code, stderr, stdout)
	}
	if b.Model != "demo" || b.Features <= 0 || b.Threads < 1 || len(b.Precisions) != 2 || b.Advice == "" {
		t.Fatalf("%+v", b)
	}
	for i, p := range []lasr.Precision{lasr.FP32, lasr.Int8} {
		row := b.Precisions[i]
		if row.Precision != p || row.Problem != "" || row.Load <= 0 || row.Memory < 1<<20 || len(row.Windows) != 3 {
			t.Errorf("%+v", row)
		}
		for k, w := range row.Windows {
			if w.Speech != float64(lengths[k]) || w.Seconds <= 0 {
				t.Errorf("%+v", row)
			}
		}
	}
}

func TestAdvice(t *testing.T) {
	row := func(p lasr.Precision, longest float64) precisionRow {
		return precisionRow{Precision: p, Load: 0.4, Memory: 300 << 20, Windows: []windowRow{{1, longest / 20}, {5, longest / 4}, {20, longest}}}
	}
	missing := precisionRow{Precision: lasr.Int8, Problem: "x: comes in fp32 alone; use that"}
	for _, c := range []struct {
		full, quick precisionRow
		want        string
	}{
		{row(lasr.FP32, 0.3), row(lasr.Int8, 0.1), "This computer finishes 20 s of speech in 0.3 s in full precision, which is fast enough: use --precision fp32."},
		{row(lasr.FP32, 2.04), row(lasr.Int8, 0.8), "in 2.0 s in full precision and in 0.8 s in 8-bit precision: use --precision int8 if that wait is too long for you; how exact int8 is with MedASR's own weights is not verified"},
		{row(lasr.FP32, 2), row(lasr.Int8, 1.9), "gains too little: use --precision fp32."},
		{row(lasr.FP32, 12.4), missing, "in 12 s in full precision, and 8-bit precision is not to be had of this model."},
	} {
		b := &benchmark{Processor: "CPU", Threads: 2, Model: "m", Features: 0.0011, Precisions: []precisionRow{c.full, c.quick}}
		b.Advice = b.advise()
		var said strings.Builder
		if err := b.print(&said); err != nil || !strings.Contains(b.Advice, c.want) || !strings.Contains(said.String(), b.Advice) || strings.Contains(said.String(), "NaN") {
			t.Errorf("%v, said\n%swant %q", err, said.String(), c.want)
		}
		if c.quick.Problem != "" && !strings.Contains(said.String(), "int8 was not measured: x: comes in fp32 alone") {
			t.Errorf("said\n%s", said.String())
		}
	}
}

func TestBenchRefuses(t *testing.T) {
	wantFailure(t, Parts{}, 2, "takes no argument", "bench", "fast")
	wantFailure(t, realParts(t), 1, "config.json", "bench", "--model", t.TempDir())
}

// TestNoise holds the sound that is measured to what a recording can be.
func TestNoise(t *testing.T) {
	samples, again := noise(2), noise(2)
	for i, v := range samples {
		if v < -1 || v > 1 || v != again[i] {
			t.Fatalf("sample %d is %v and %v", i, v, again[i])
		}
	}
}
