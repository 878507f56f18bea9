package inference

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"fermata/inference/ctc"
	"fermata/inference/mel"
)

// free is an acoustic model that takes no time: of each row one score stands
// out, mostly the blank's, as in the network's own.
type free struct{ rows []float32 }

const freeVocab = 512

func newFree() *free {
	r := rand.New(rand.NewPCG(1, 2))
	f := &free{rows: make([]float32, 500*freeVocab)}
	for i := range f.rows {
		f.rows[i] = float32(r.NormFloat64())
	}
	for row := 0; row < len(f.rows); row += freeVocab {
		best := 0
		if r.IntN(4) == 0 {
			best = 4 + r.IntN(freeVocab-4)
		}
		f.rows[row+best] = 15
	}
	return f
}

func (f *free) Logits(_ context.Context, frames []float32) ([]float32, int, error) {
	n := len(frames) / mel.Bins
	rows := ((n-5)/2+1-5)/2 + 1
	return append([]float32(nil), f.rows[:rows*freeVocab]...), freeVocab, nil
}

// BenchmarkAfterTheRelease is what is left to do after the release beside the
// network's run: everything between scores and transcript.
func BenchmarkAfterTheRelease(b *testing.B) {
	names := []string{"<epsilon>", "<s>", "</s>", "<unk>"}
	for i := len(names); i < freeVocab; i++ {
		names = append(names, fmt.Sprintf("%sp%d", []string{"", "▁"}[i%2], i))
	}
	v, err := ctc.NewVocabulary(names)
	if err != nil {
		b.Fatal(err)
	}
	for _, seconds := range []int{5, 60, 180, 3600} {
		for name, o := range map[string]Options{"greedy": GoogleWindows(), "beam": beams(GoogleWindows(), 8, 8)} {
			b.Run(fmt.Sprintf("%s-%ds", name, seconds), func(b *testing.B) {
				r, err := New(newFree(), v, o)
				if err != nil {
					b.Fatal(err)
				}
				s := r.Stream()
				second := noise(SampleRate)
				for range seconds {
					if err := s.Write(context.Background(), second); err != nil {
						b.Fatal(err)
					}
				}
				for b.Loop() {
					s.ending = nil
					if _, err := s.SoFar(context.Background()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
