// Package inference turns samples into tokens. Most callers want
// [New] and then [Recognizer.Transcribe] for a whole recording, or
// [Recognizer.Stream] for a dictation that is still being spoken; both give
// the same answer, frame for frame, as Google's pipeline does for a file.
//
// It knows nothing of microphones, windows, files or ONNX Runtime: the
// acoustic model is whatever satisfies [Acoustic].
package inference

import "context"

// SampleRate is the rate of every sample in this package, in hertz.
const SampleRate = 16000

// Acoustic is an acoustic model: features in, scores out.
type Acoustic interface {
	// Logits runs the network once over mel, row-major frames of [mel.Bins]
	// log-mel values, and returns unnormalised scores, row-major rows of
	// vocab values, one row for every 40 ms. Fewer than 13 frames give no
	// rows. The slice returned is the caller's. One call at a time.
	// When ctx ends the run ends early with ctx's error.
	Logits(ctx context.Context, mel []float32) (logits []float32, vocab int, err error)
}

// A Token is one piece of text the model emitted.
type Token struct {
	ID         int
	Piece      string  // as the tokenizer spells it, "▁" for a space
	Start, End float64 // seconds from the first sample
	Confidence float64 // mean posterior over the token's frames, 0 to 1
}

// A Transcript is the tokens of one recording or dictation. It is a plain
// value: nothing in it refers back to the recogniser.
type Transcript struct {
	Tokens []Token
	// Raw is the model's own text: pieces joined, "▁" as a space, the one
	// leading space gone, no special piece: what
	// LasrTokenizer.decode gives with skip_special_tokens, without "<s>".
	Raw     string
	Samples int    // how many samples were recognised, at SampleRate
	Words   []Word // of Raw, split at spaces
	// Alternatives are the readings that the beam search found, the likeliest,
	// which is Raw, first: at most [Decoder.NBest], none twice, and none
	// without a beam search.
	Alternatives []Alternative
}

// A Word is what stands between two spaces of [Transcript.Raw], marks such as
// "{period}" included.
type Word struct {
	Text       string
	Start, End float64 // seconds from the first sample
	// Confidence, 0 to 1, is without a beam search the least of those of the
	// word's tokens. With one it is the word's posterior over the beam: the
	// sum of the posteriors of all readings that have the same word at this
	// place, the words of each reading being aligned with Raw's by their
	// longest common subsequence.
	Confidence float64
}

// An Alternative is one reading of a recording.
type Alternative struct {
	Raw   string
	Score float64 // natural logarithm, acoustic and language model together; only differences mean something
	// Posterior is the softmax of Score over the readings still in the beam at
	// the end, 0 to 1; those that are written alike are counted together.
	Posterior float64
}
