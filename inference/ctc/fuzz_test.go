package ctc

import (
	"encoding/binary"
	"math"
	"testing"
)

// Whatever bytes a file of scores holds, the search answers or refuses.
func FuzzBeam(f *testing.F) {
	f.Add([]byte{}, uint16(14), uint8(8), true)
	f.Add([]byte{0, 0, 128, 127, 0, 0, 192, 127, 1, 2, 3, 4}, uint16(3), uint8(1), false)
	f.Add(make([]byte, 14*4*6), uint16(14), uint8(3), true)
	f.Add([]byte("any bytes, long enough for a row or two of scores"), uint16(5), uint8(200), false)
	v := vocabulary(f)
	f.Fuzz(func(t *testing.T, data []byte, vocab uint16, width uint8, glued bool) {
		logits := make([]float32, len(data)/4)
		for i := range logits {
			logits[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
		}
		o := GoogleBeam()
		o.Width, o.Glued = int(width), glued
		b := NewBeam(v, nil, o)
		frames := 0
		for range 2 {
			if b.Write(logits, int(vocab)) == nil {
				frames += len(logits) / int(vocab)
			}
		}
		all, err := b.Best(o.Width)
		if (err != nil) != (width == 0) {
			t.Fatalf("width %d: %v", width, err)
		}
		for i, h := range all {
			if !(h.Posterior >= 0 && h.Posterior <= 1+1e-9) || i > 0 && h.Score > all[i-1].Score {
				t.Errorf("%d: %+v", i, h)
			}
			at := 0
			for _, token := range h.Tokens {
				if !v.Shown(token.ID) || token.Start < at || token.End <= token.Start || token.End > frames {
					t.Errorf("%d: token %+v after frame %d of %d", i, token, at, frames)
				}
				at = token.End
			}
		}
	})
}
