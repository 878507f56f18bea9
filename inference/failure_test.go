package inference

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"fermata/inference/mel"
)

// What was written before a failure is recognised after it.
func TestNothingIsLostByAFailure(t *testing.T) {
	samples := noise(60000)
	o := Options{Window: 12800, Stride: 1280}
	want, err := recognizer(t, &ear{}, o).Transcribe(context.Background(), samples)
	if err != nil {
		t.Fatal(err)
	}
	boom := errors.New("the device is gone")
	e := &ear{fail: func(call int) error {
		if call == 2 || call == 7 {
			return boom
		}
		return nil
	}}
	s := recognizer(t, e, o).Stream()
	if err := s.Write(context.Background(), samples); !errors.Is(err, boom) {
		t.Fatalf("Write: %v, want %v", err, boom)
	}
	failures := 0
	got, err := s.Finish(context.Background())
	for ; err != nil; got, err = s.Finish(context.Background()) {
		if failures++; !errors.Is(err, boom) || failures > 1 {
			t.Fatalf("Finish: %v", err)
		}
	}
	if failures != 1 || !reflect.DeepEqual(got, want) {
		t.Errorf("after %d failures the transcript differs", failures)
	}
}

func TestFinishedStream(t *testing.T) {
	s := recognizer(t, &ear{}, GoogleWindows()).Stream()
	ctx := context.Background()
	if err := s.Write(ctx, noise(40000)); err != nil {
		t.Fatal(err)
	}
	first, err := s.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(first.Tokens) == 0 {
		t.Fatal("no tokens")
	}
	first.Tokens[0].Piece = "changed by the caller"
	second, err := s.Finish(ctx)
	if err != nil || second.Tokens[0].Piece == "changed by the caller" {
		t.Errorf("the second Finish: %v, %+v", err, second.Tokens[0])
	}
	if err := s.Write(ctx, noise(1)); err == nil {
		t.Error("Write after Finish is taken")
	}
}

// A dictation of an hour must not hold its audio: samples beyond the last
// frame and features beyond the open window go.
func TestStreamHoldsOnlyTheOpenWindow(t *testing.T) {
	s := recognizer(t, &ear{}, Options{Window: 12800, Stride: 1280}).Stream()
	if err := s.Write(context.Background(), noise(110000)); err != nil {
		t.Fatal(err)
	}
	if len(s.tail) >= mel.Window || cap(s.tail) > 3*SampleRate {
		t.Errorf("%d samples are kept in room for %d", len(s.tail), cap(s.tail))
	}
	if rows := cap(s.frames) / mel.Bins; rows > 400 {
		t.Errorf("room for %d frames, want for a window's", rows)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := recognizer(t, &ear{}, GoogleWindows())
	if _, err := r.Transcribe(ctx, noise(40000)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
}

func TestScoresThatAreNone(t *testing.T) {
	for _, c := range []struct {
		ear  ear
		want string
	}{
		{ear{spoil: float32(math.NaN())}, "no numbers"},
		{ear{spoil: float32(math.Inf(1))}, "no numbers"},
		{ear{vocab: -1}, "no rows"},
		{ear{vocab: 5}, "no rows"},
		{ear{vocab: 16}, "its vocabulary has 8"},
	} {
		_, err := recognizer(t, &c.ear, Options{}).Transcribe(context.Background(), noise(20000))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.ear, err, c.want)
		}
	}
}
