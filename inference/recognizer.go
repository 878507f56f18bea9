package inference

import (
	"context"
	"errors"
	"fmt"
	"math"

	"fermata/inference/ctc"
	"fermata/inference/mel"
)

// A Recognizer turns samples into transcripts with one acoustic model. It is
// safe for concurrent use; the model runs one window at a time, whoever asks.
type Recognizer struct {
	acoustic   Acoustic
	vocabulary *ctc.Vocabulary
	windows    Options // aligned
	decoder    Decoder
	turn       chan struct{}
}

// New returns a recogniser. It returns an error when o.Check does. The acoustic
// model stays the caller's to close, after the last stream.
func New(acoustic Acoustic, vocabulary *ctc.Vocabulary, o Options) (*Recognizer, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	return &Recognizer{
		acoustic:   acoustic,
		vocabulary: vocabulary,
		windows:    o.aligned(),
		decoder:    o.Decoder,
		turn:       make(chan struct{}, 1),
	}, nil
}

// Transcribe recognises a whole recording, mono in [-1, 1] at [SampleRate]:
// one [Stream], written once and finished. Fewer than 2320 samples (0.145 s; other
// networks, other numbers) are too short for the network and give an empty
// transcript. A sample that is NaN or infinite counts as silence. Returns ctx's
// error when ctx ends first.
func (r *Recognizer) Transcribe(ctx context.Context, samples []float32) (Transcript, error) {
	s := r.Stream()
	if err := s.Write(ctx, samples); err != nil {
		return Transcript{}, err
	}
	return s.Finish(ctx)
}

// Decode makes the transcript of scores that a network gave before: logits are
// row-major rows of vocab values, one for every 40 ms, unnormalised or
// log-probabilities, all finite. It is what a [Stream] does with the rows it keeps.
func Decode(vocabulary *ctc.Vocabulary, d Decoder, logits []float32, vocab int) (Transcript, error) {
	r, err := New(nil, vocabulary, Options{Decoder: d})
	if err != nil {
		return Transcript{}, err
	}
	if err := r.checkScores(logits, vocab); err != nil {
		return Transcript{}, err
	}
	s := r.Stream()
	s.received = len(logits) / vocab * r.windows.Network.period()
	return s.transcribe(window{logits: logits, vocab: vocab})
}

// Stream starts a recording that arrives in pieces.
func (r *Recognizer) Stream() *Stream {
	return &Stream{recognizer: r, bank: mel.NewBank()}
}

// scores runs the model over the frames of one window. Too few frames give no
// rows and a vocab of 0, and the model is not asked.
func (r *Recognizer) scores(ctx context.Context, frames []float32) (logits []float32, vocab int, err error) {
	if len(frames) < r.windows.Network.LeastFrames*mel.Bins {
		return nil, 0, ctx.Err()
	}
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	logits, vocab, err = r.acoustic.Logits(ctx, frames)
	if err != nil {
		return nil, 0, err
	}
	return logits, vocab, r.checkScores(logits, vocab)
}

// checkScores refuses what no text can be made of: better no text than one
// that is not what was said.
func (r *Recognizer) checkScores(logits []float32, vocab int) error {
	switch {
	case vocab <= 0 || len(logits)%vocab != 0:
		return fmt.Errorf("the model answered with %d values, which are no rows of %d scores; use a model of MedASR's kind", len(logits), vocab)
	case vocab > r.vocabulary.Len():
		return fmt.Errorf("the model scores %d pieces but its vocabulary has %d; the files are not of one model", vocab, r.vocabulary.Len())
	}
	for _, v := range logits {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return errors.New("the model answered with values that are no numbers; copy the model folder again, and do not use a float16 one")
		}
	}
	return nil
}
