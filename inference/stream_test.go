package inference

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fermata/inference/mel"
)

// TestStreamIsTheWholeIsThePipeline: however a recording arrives, and whatever
// is asked or given up in between, the scores are those of transformers'
// pipeline, and the transcript is the same.
func TestStreamIsTheWholeIsThePipeline(t *testing.T) {
	all := noise(120000)
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		chunk := rapid.IntRange(4, 40).Draw(t, "chunk") * 640
		stride := rapid.IntRange(0, (chunk/640-1)/2).Draw(t, "stride") * 640
		step := chunk - 2*stride
		n := rapid.OneOf(
			rapid.IntRange(0, min(len(all), 12*step+chunk)),
			rapid.Map(rapid.IntRange(-2, 2), func(d int) int { return max(0, chunk+d) }),
			rapid.Map(rapid.IntRange(-2, 2), func(d int) int { return min(len(all), chunk+3*step+d) }),
			rapid.IntRange(2318, 2321),
		).Draw(t, "samples")
		samples := all[:n]
		o := Options{Window: chunk, Stride: stride}
		if rapid.Bool().Draw(t, "beam") {
			o = beams(o, rapid.IntRange(1, 8).Draw(t, "width"), 3)
		}
		r := recognizer(t, &ear{}, o)

		s := r.Stream()
		arrive(t, r, s, samples)
		streamed, err := s.Finish(ctx)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := s.Logits()
		if !slices.Equal(got, pipeline(samples, chunk, stride)) {
			t.Fatalf("%d samples, window %d, stride %d: other scores than the pipeline's", n, chunk, stride)
		}
		whole, err := r.Transcribe(ctx, samples)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(streamed, whole) {
			t.Fatal("streamed and whole differ")
		}
		checkTimes(t, whole)
	})
}

// arrive writes samples in blocks of any size; some of the calls are given up,
// and in between it is asked what there is so far.
func arrive(t *rapid.T, r *Recognizer, s *Stream, samples []float32) {
	ctx := context.Background()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for at := 0; at < len(samples); {
		block := rapid.OneOf(rapid.IntRange(1, 700), rapid.IntRange(1, 40000)).Draw(t, "block")
		block = min(block, len(samples)-at)
		how := rapid.IntRange(0, 9).Draw(t, "how")
		with := ctx
		if how == 0 {
			with = gone
		}
		if err := s.Write(with, samples[at:at+block]); err != nil && how != 0 {
			t.Fatal(err)
		}
		at += block
		switch how {
		case 1:
			checkSoFar(t, r, s, samples[:at])
		case 2:
			_, _ = s.SoFar(gone)
		}
	}
}

// checkSoFar holds what a stream says so far against the recording that would
// be if it ended here.
func checkSoFar(t *rapid.T, r *Recognizer, s *Stream, samples []float32) {
	got, err := s.SoFar(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want, err := r.Transcribe(context.Background(), samples)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("after %d samples: not the transcript of so many", len(samples))
	}
}

func checkTimes(t *rapid.T, tr Transcript) {
	end := 0.
	for _, token := range tr.Tokens {
		if token.Start < end || token.End <= token.Start || token.End > seconds(tr.Samples) {
			t.Fatalf("token %+v after %v of %d samples", token, end, tr.Samples)
		}
		end = token.End
	}
}

// The last window is cut otherwise than the others, so none is run before a
// sample beyond it has come.
func TestWindowRunsWhenItIsKnownNotToBeTheLast(t *testing.T) {
	e := &ear{}
	s := recognizer(t, e, Options{Window: 6400, Stride: 640}).Stream()
	ctx := context.Background()
	for _, c := range []struct{ write, calls int }{
		{6400, 0}, {1, 1}, {5119, 1}, {1, 2}, {5120, 3}, {0, 3},
	} {
		if err := s.Write(ctx, noise(c.write)); err != nil {
			t.Fatal(err)
		}
		if e.calls != c.calls {
			t.Fatalf("%d calls after %d samples, want %d", e.calls, s.received, c.calls)
		}
	}
}

func TestSinglePassAsksOnce(t *testing.T) {
	e, samples := &ear{}, noise(50000)
	r := recognizer(t, e, Options{})
	s := r.Stream()
	ctx := context.Background()
	if err := s.Write(ctx, samples); err != nil {
		t.Fatal(err)
	}
	if e.calls != 0 {
		t.Error("asked before the end")
	}
	if _, err := s.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	want, _, _ := (&ear{}).Logits(ctx, mel.Compute(samples))
	if got, vocab := s.Logits(); !slices.Equal(got, want) || vocab != len(pieces) || e.calls != 1 {
		t.Errorf("%d values in %d calls, want %d in one", len(got), e.calls, len(want))
	}
}

// 2320 samples make one row; one less makes none, no text and no error.
func TestTooShortForTheNetwork(t *testing.T) {
	for _, c := range []struct{ samples, rows int }{{0, 0}, {1, 0}, {399, 0}, {400, 0}, {2319, 0}, {2320, 1}} {
		for _, o := range []Options{{}, GoogleWindows()} {
			s := recognizer(t, &ear{}, o).Stream()
			if err := s.Write(context.Background(), noise(c.samples)); err != nil {
				t.Fatal(err)
			}
			got, err := s.Finish(context.Background())
			if err != nil || got.Samples != c.samples {
				t.Errorf("%d samples: %+v, %v", c.samples, got, err)
			}
			if rows, _ := s.Logits(); len(rows) != c.rows*len(pieces) {
				t.Errorf("%d samples: %d rows, want %d", c.samples, len(rows)/len(pieces), c.rows)
			}
			if c.rows == 0 && (got.Raw != "" || len(got.Tokens) != 0) {
				t.Errorf("%d samples: %+v, want nothing", c.samples, got)
			}
		}
	}
}

// A device that delivers NaN costs the sample, not the window.
func TestBrokenSamplesAreSilence(t *testing.T) {
	broken, mended := noise(9000), noise(9000)
	for i, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		broken[4000+i], mended[4000+i] = float32(v), 0
	}
	given := slices.Clone(broken)
	r := recognizer(t, &ear{}, GoogleWindows())
	got, err := r.Transcribe(context.Background(), broken)
	if err != nil {
		t.Fatal(err)
	}
	want, err := r.Transcribe(context.Background(), mended)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("broken samples are not recognised as silence")
	}
	for i := range given {
		if math.Float32bits(given[i]) != math.Float32bits(broken[i]) {
			t.Fatal("the caller's samples were changed")
		}
	}
}
