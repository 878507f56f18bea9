package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"fermata/inference"
	"fermata/inference/ctc"
	"fermata/models/lasr"
)

// eval is one call of the command: its flags and its parts.
type eval struct {
	modelFlags
	windowFlags
	decoderFlags
	both, json bool
	only       bool // the decoder that was named, not every one there is
	worst      int

	parts Parts
	stdio Stdio
}

func evalCommand(parts Parts, stdio Stdio) *cobra.Command {
	e := &eval{parts: parts, stdio: stdio}
	cmd := &cobra.Command{
		Use:   "eval [flags] DIR|MANIFEST",
		Short: "Measure the errors on recordings with known texts",
		Long: "Recognises recordings whose texts are known and counts the errors. DIR holds sound files\n" +
			"with a .txt beside each. A MANIFEST has a recording on each line, PATH, tab, TEXT, perhaps\n" +
			"under a line of names, or {\"audio\": \"PATH\", \"text\": \"TEXT\"}; paths are relative to it.\n" +
			"\n" +
			"Words are compared in two forms: as Google's notebook does it (small letters, no signs, a\n" +
			"mark in braces counts as its name), and with marks (\"{comma}\" and \",\" are the same word).\n" +
			"The interval after each rate holds the true one in 95 of 100 cases, as far as these\n" +
			"recordings are like those to come: they are drawn anew, with replacement, 1000 times.",
		Example: "  fermata eval --model ~/medasr recordings/\n" +
			"  fermata eval --model ~/medasr --compare-precision list.tsv\n" +
			"  fermata eval --model ~/medasr --decoder greedy --json list.jsonl",
		Args: func(cmd *cobra.Command, args []string) error { return e.check(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error { return e.run(cmd.Context(), args[0]) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	e.modelFlags.add(cmd, parts)
	f.BoolVar(&e.both, "compare-precision", false, "measure fp32 and int8")
	e.windowFlags.add(cmd)
	e.decoderFlags.add(cmd, "every one there is, in the same table")
	f.IntVar(&e.worst, "worst", 10, "how many of the commonest mistakes to print")
	f.BoolVar(&e.json, "json", false, "print JSON")
	return cmd
}

func (e *eval) check(cmd *cobra.Command, args []string) error {
	err := firstOf(cmd, e.modelFlags.check, e.windowFlags.check)
	switch {
	case err != nil:
		return err
	case len(args) != 1:
		return wrongUsage(cmd, fmt.Sprintf("takes one DIR or MANIFEST, and got %d", len(args)))
	case e.both && cmd.Flags().Changed("precision"):
		return wrongUsage(cmd, "--precision and --compare-precision cannot go together; leave one away")
	case e.worst < 0:
		return wrongUsage(cmd, "--worst cannot be negative")
	}
	e.only = cmd.Flags().Changed("decoder")
	return e.decoderFlags.check(cmd)
}

// run measures every configuration on every recording, and prints what could
// be measured when some recordings fail.
func (e *eval) run(ctx context.Context, name string) error {
	corpus, err := readCorpus(name)
	if err != nil {
		return err
	}
	m := newMeasurement(corpus)
	precisions := []lasr.Precision{lasr.Precision(e.precision)}
	if e.both {
		precisions = []lasr.Precision{lasr.FP32, lasr.Int8}
	}
	for _, p := range precisions {
		if err := e.measure(ctx, p, m); err != nil {
			return err
		}
	}
	if err := m.write(e.stdio.Out, e.json, e.worst); err != nil {
		return fmt.Errorf("the result could not be written: %w", err)
	}
	if m.failed() > 0 {
		return errTold
	}
	return nil
}

// measure recognises all recordings in one precision. A greedy reading comes
// for nothing with a beam search: it is of the same scores.
func (e *eval) measure(ctx context.Context, p lasr.Precision, m *measurement) error {
	engine, err := load(ctx, e.parts, e.stdio, Choice{
		Model: e.model, Device: e.device, Windows: e.options(), Precision: p,
		Decoder: e.decoder, LM: e.lm, Beam: e.beam,
	}, e.strict || e.both)
	if err != nil {
		return err
	}
	defer func() { _ = engine.Close() }()
	var rows []*configuration
	if engine.Decoder == greedy || !e.only {
		rows = append(rows, m.add(engine, greedy))
	}
	if engine.Decoder == beam {
		rows = append(rows, m.add(engine, beam))
	}
	line := newProgress(e.stdio.Err)
	defer line.clear()
	for i, u := range m.corpus {
		line.bar(string(engine.Precision), i, len(m.corpus))
		if u.told {
			continue
		}
		if err := e.utterance(ctx, engine, u, rows); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			line.clear()
			complain(e.stdio.Err, fmt.Errorf("%s: %w", u.audio, err))
			u.told = true
		}
	}
	return nil
}

// utterance recognises one recording and counts its errors in every row.
func (e *eval) utterance(ctx context.Context, engine *Engine, u *measured, rows []*configuration) error {
	if u.err != nil {
		return u.err
	}
	audio, err := readSoundFile(u.audio)
	if err != nil {
		return err
	}
	begun := time.Now()
	stream := engine.Recognizer.Stream()
	if err := stream.Write(ctx, audio.Samples); err != nil {
		return err
	}
	transcript, err := stream.Finish(ctx)
	if err != nil {
		return err
	}
	took := time.Since(begun)
	u.duration = float64(transcript.Samples) / inference.SampleRate
	for _, row := range rows {
		raw := transcript.Raw
		if row.Decoder != engine.Decoder {
			raw = greedyText(stream, engine.Vocabulary)
		}
		row.count(u, raw, took)
	}
	return nil
}

func greedyText(stream *inference.Stream, v *ctc.Vocabulary) string {
	var ids []int
	for _, t := range ctc.Greedy(stream.Logits()) {
		ids = append(ids, t.ID)
	}
	return v.Text(ids)
}
