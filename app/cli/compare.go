package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fermata/inference"
	"fermata/inference/ctc"
	"fermata/inference/mel"
	"fermata/models/lasr"
)

// How far apart numbers may be. Features are computed in float64 on either
// side, and 1e-6 is the last bit of the result; scores are computed in float32
// in different order. 8-bit weights are an approximation: their tolerance
// says only that the network is the same one, and rows may choose otherwise.
const (
	featureTolerance = 1e-6
	scoreTolerance   = 5e-5 // of the largest score
	cardTolerance    = 2e-4 // of the largest score: about what card.Tolerance lets a graphics card differ from the CPU
	int8Tolerance    = 0.1  // of the largest score
	int8Rows         = 0.02 // of the rows
)

// compare runs every stage on what the reference has of the stage before, so
// that a fault is told from its consequences, and then all of them together.
// Without a language model that stage is left out.
func compare(ctx context.Context, engine *Engine, language *ctc.Language, r *reference) (*comparison, error) {
	c := &comparison{
		Notes: []string{},
		Model: engine.Model, Precision: string(engine.Precision), Versions: r.about.Versions,
		Seconds: float64(len(r.samples)) / inference.SampleRate,
	}
	ofScores, ofRows := scoreTolerance, 0.0
	if engine.Device() != onCPU {
		ofScores = cardTolerance
	}
	if engine.Precision == lasr.Int8 {
		ofScores, ofRows = int8Tolerance, int8Rows
	}
	features := mel.Compute(r.samples)
	c.add(featureStage(features, r.features))
	c.note(scaleNote(features, r.features))
	for _, input := range []struct {
		of       string
		features []float32
	}{{"the reference's features", r.features}, {"the samples", features}} {
		logits, width, err := engine.Acoustic.Logits(ctx, input.features)
		if err != nil {
			return nil, err
		}
		c.add(scoreStage(input.of, ofScores, logits, width, r))
	}
	v := engine.Vocabulary
	c.add(idStage("the reference's scores", 0, best(r.logits, r.width), r.ids, v))
	c.add(textStage("the reference's ids", textOf(r.ids, v), r.text))
	if language != nil && r.searched {
		if err := c.search(v, language, r); err != nil {
			return nil, err
		}
	}
	if err := c.windows(ctx, engine, r, ofRows); err != nil {
		return nil, err
	}
	c.conclude()
	return c, nil
}

// search compares the beam search, with what the reference does to "</s>".
func (c *comparison) search(v *ctc.Vocabulary, language *ctc.Language, r *reference) error {
	google := ctc.GoogleBeam()
	google.Glued = true
	transcript, err := inference.Decode(v, inference.Decoder{Beam: &google, Language: language}, r.logits, r.width)
	if err != nil {
		return err
	}
	c.add(textStage("the reference's scores and the language model", strings.TrimSpace(transcript.Raw), r.beamText))
	return nil
}

// windows compares the whole of Fermata with the whole of the reference, in
// the reference's windows.
func (c *comparison) windows(ctx context.Context, engine *Engine, r *reference, tolerance float64) error {
	stream := engine.Recognizer.Stream()
	if err := stream.Write(ctx, r.samples); err != nil {
		return err
	}
	if _, err := stream.Finish(ctx); err != nil {
		return err
	}
	of := fmt.Sprintf("the samples in windows of %g s", r.about.Window)
	logits, width := stream.Logits()
	c.add(idStage(of, tolerance, best(logits, width), r.pipelineIDs, engine.Vocabulary))
	if tolerance == 0 { // else the text may be another
		c.add(textStage(of, greedyText(stream, engine.Vocabulary), r.pipelineText))
	}
	return nil
}

// best returns the best id of every row, as decoding finds it.
func best(logits []float32, width int) []int64 {
	if width == 0 {
		return nil
	}
	ids := make([]int64, len(logits)/width)
	for _, t := range ctc.Greedy(logits, width) {
		for row := t.Start; row < t.End; row++ {
			ids[row] = int64(t.ID)
		}
	}
	return ids
}

// textOf is the text of the ids of all rows.
func textOf(ids []int64, v *ctc.Vocabulary) string {
	var tokens []int
	for _, id := range slices.Compact(slices.Clone(ids)) {
		tokens = append(tokens, int(id))
	}
	return v.Text(tokens)
}
