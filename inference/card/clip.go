package card

import (
	_ "embed"
	"sync"

	"fermata/inference"
	"fermata/inference/mel"
)

// clip is five seconds of speech, 8-bit mu-law (ITU-T G.711) at 16 kHz: the
// beginning of testdata/speech/01_dictated_af_sarah.flac, made by
//
//	sox -D testdata/speech/01_dictated_af_sarah.flac -t ul inference/card/clip.ul trim 0 5
//
//go:embed clip.ul
var clip []byte

// clipSeconds is how long the clip is, and longSeconds the window that a card
// is timed on.
const (
	clipSeconds = 5
	longSeconds = 20
)

// features are those of so many seconds of the clip, over and over, up to
// longSeconds; to be read only.
func features(seconds int) []float32 { return window()[:framesIn(seconds)*bins] }

// window is computed once: its features are the beginning of those of more, because
// each is of its own 25 ms.
var window = sync.OnceValue(func() []float32 {
	samples := make([]float32, longSeconds*inference.SampleRate)
	for i := range samples {
		samples[i] = linear(clip[i%len(clip)])
	}
	return mel.Compute(samples)
})

// framesIn is how many frames there are in seconds of speech.
func framesIn(seconds int) int { return mel.Frames(seconds * inference.SampleRate) }

// bins are the values of a frame.
const bins = mel.Bins

// linear is the sample in [-1, 1] that a byte of mu-law stands for: the sign,
// three bits of exponent and four of mantissa, all inverted (G.711, table 2b).
func linear(b byte) float32 {
	b = ^b
	magnitude := (int(b&0x0f)<<3+0x84)<<(b>>4&7) - 0x84
	if b&0x80 != 0 {
		magnitude = -magnitude
	}
	return float32(magnitude) / 32768
}
