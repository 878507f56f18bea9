package app

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestSpeechKeepsEverySample(t *testing.T) {
	s := newSpeech(maxSamples, false)
	const total = 3*chunk + 123
	go func() {
		defer s.end()
		for at := 0; at < total; {
			block := make([]float32, min(457, total-at))
			for i := range block {
				block[i] = float32(at + i)
			}
			s.add(block)
			at += len(block)
		}
	}()
	for range 2 { // once while it grows, once more from the first
		at := 0
		for {
			samples, standing := s.next(at)
			if standing == atEnd {
				break
			}
			if len(samples) == 0 {
				<-s.more
			}
			for i, x := range samples {
				if x != float32(at+i) {
					t.Fatalf("sample %d is %g", at+i, x)
				}
			}
			at += len(samples)
		}
		if at != total {
			t.Fatalf("%d samples of %d", at, total)
		}
	}
}

func TestSpeechSaysWhenItIsFull(t *testing.T) {
	s := newSpeech(500, false)
	if !s.add(make([]float32, 500)) {
		t.Error("500 samples do not fit")
	}
	if s.add(make([]float32, 1)) || s.samples() != 500 {
		t.Errorf("%d samples in 500", s.samples())
	}
}

// flood gives blocks as fast as they are taken.
type flood struct{}

func (flood) Record(ctx context.Context, emit func([]float32)) error {
	block := make([]float32, 1600)
	for ctx.Err() == nil {
		emit(block)
	}
	return nil
}

func TestTooMuchSpeech(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(flood{}, with(&counting{}))
		s.Press(Key)
		elapse(time.Second)
		s.wantTexts(t, "80000 samples.")
		if got := s.status(); got.Stage != Failed || !errors.Is(got.Err, errFull) {
			t.Errorf("%+v", got)
		}
		s.end(t)
	})
}
