package inference

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"fermata/inference/mel"
)

// TestWindowsAreThePipelines compares how recordings are cut with what
// transformers' chunk_iter and rescale_stride answer; testdata/make.py asked
// them.
func TestWindowsAreThePipelines(t *testing.T) {
	raw, err := os.ReadFile("testdata/windows.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Samples, Window, Stride int
		Windows                 [][3]int // samples, first row kept, end
	}
	if err := json.Unmarshal(raw, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, c := range cases {
		var frames, rows []int
		for _, w := range c.Windows {
			n := mel.Frames(w[0])
			if n < leastFrames {
				continue // transformers raises here
			}
			have := ((n-5)/2+1-5)/2 + 1
			frames = append(frames, n)
			rows = append(rows, max(0, min(w[2], have)-w[1]))
		}
		e := &counter{}
		s := recognizer(t, nil, Options{Window: c.Window, Stride: c.Stride})
		s.acoustic = e
		stream := s.Stream()
		if err := stream.Write(context.Background(), make([]float32, c.Samples)); err != nil {
			t.Fatal(err)
		}
		if _, err := stream.Finish(context.Background()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(e.frames, frames) || !slices.Equal(keptRows(stream), rows) {
			t.Errorf("%d samples, window %d, stride %d: frames %v, rows %v; want %v, %v",
				c.Samples, c.Window, c.Stride, e.frames, keptRows(stream), frames, rows)
		}
	}
}

// counter is an acoustic model that counts the frames it is given.
type counter struct{ frames []int }

func (c *counter) Logits(_ context.Context, frames []float32) ([]float32, int, error) {
	n := len(frames) / mel.Bins
	c.frames = append(c.frames, n)
	return make([]float32, (((n-5)/2+1-5)/2+1)*len(pieces)), len(pieces), nil
}

// keptRows returns how many rows each window gave.
func keptRows(s *Stream) (rows []int) {
	for i, p := range s.pieces {
		end := len(s.logits) / s.vocab
		if i+1 < len(s.pieces) {
			end = s.pieces[i+1].row
		}
		rows = append(rows, end-p.row)
	}
	return rows
}
