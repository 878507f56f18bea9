package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"fermata/app/spoken"
	"fermata/inference"
	"fermata/inference/mel"
	"fermata/models/lasr"
)

// transcribe is one call of the command: its flags and its parts.
type transcribe struct {
	modelFlags
	windowFlags
	decoderFlags
	raw, json        bool
	features, logits string

	parts Parts
	stdio Stdio
}

func transcribeCommand(parts Parts, stdio Stdio) *cobra.Command {
	t := &transcribe{parts: parts, stdio: stdio}
	cmd := &cobra.Command{
		Use:   "transcribe [flags] FILE…",
		Short: "Write down what is said in sound files",
		Long: "Writes the text of each FILE on a line of its own. A FILE is WAV, FLAC or MP3, of\n" +
			"any rate and any number of channels; - is standard input.",
		Example: "  fermata transcribe visit.wav\n" +
			"  fermata transcribe --model ~/medasr --json *.flac\n" +
			"  fermata transcribe --model ~/medasr --lm ~/medasr/lm_6.kenlm --nbest 5 --json visit.wav\n" +
			"  fermata transcribe --window 0 --logits scores.npy short.wav",
		Args: func(cmd *cobra.Command, args []string) error { return t.check(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error { return t.run(cmd, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	t.modelFlags.add(cmd, parts)
	t.windowFlags.add(cmd)
	t.decoderFlags.add(cmd, "beam if the model's folder has a language model, else greedy")
	t.addNBest(cmd)
	f.BoolVar(&t.raw, "raw", false, "print the model's own text, with its marks")
	f.BoolVar(&t.json, "json", false, "print one JSON object a file, with tokens, times and confidences")
	f.StringVar(&t.features, "features", "", "also write the features to `F.npy`, float32 [T,128]")
	f.StringVar(&t.logits, "logits", "", "also write the scores to `F.npy`, float32 [T',vocabulary]")
	return cmd
}

func (t *transcribe) check(cmd *cobra.Command, files []string) error {
	err := firstOf(cmd, t.modelFlags.check, t.windowFlags.check, t.decoderFlags.check)
	switch {
	case err != nil:
		return err
	case len(files) == 0:
		return wrongUsage(cmd, "no FILE was given")
	case len(files) > 1 && (t.features != "" || t.logits != ""):
		return wrongUsage(cmd, "--features and --logits take a single FILE")
	case t.raw && t.json:
		return wrongUsage(cmd, "--raw and --json cannot go together; the JSON has both texts")
	}
	return nil
}

// choice is what the flags ask for.
func (t *transcribe) choice() Choice {
	return Choice{
		Model: t.model, Device: t.device, Windows: t.options(), Precision: lasr.Precision(t.precision),
		Decoder: t.decoder, LM: t.lm, Beam: t.beam, NBest: t.nbest,
	}
}

// run recognises every file, one after the other. One that fails is told, and
// the next is taken.
func (t *transcribe) run(cmd *cobra.Command, files []string) error {
	engine, err := load(cmd.Context(), t.parts, t.stdio, t.choice(), t.strict)
	if err != nil {
		return err
	}
	defer func() { _ = engine.Close() }()
	var failed error
	for _, file := range files {
		if err := t.file(cmd.Context(), engine, file); err != nil {
			complain(t.stdio.Err, fmt.Errorf("%s: %w", file, err))
			failed = errTold
		}
		if cmd.Context().Err() != nil {
			return errTold
		}
	}
	return failed
}

// file recognises one file and prints it. Sound that ends before its header
// says is printed and is an error all the same.
func (t *transcribe) file(ctx context.Context, engine *Engine, name string) error {
	audio, short := readSound(name, t.stdio.In)
	if audio == nil {
		return short
	}
	stream := engine.Recognizer.Stream()
	if err := stream.Write(ctx, audio.Samples); err != nil {
		return err
	}
	transcript, err := stream.Finish(ctx)
	if err != nil {
		return err
	}
	if err := t.print(engine, name, transcript); err != nil {
		return fmt.Errorf("the text could not be written: %w", err)
	}
	if err := t.writeArrays(audio.Samples, stream, engine.Vocabulary.Len()); err != nil {
		return err
	}
	return short
}

func (t *transcribe) print(engine *Engine, name string, transcript inference.Transcript) error {
	switch {
	case t.json:
		return json.NewEncoder(t.stdio.Out).Encode(t.record(engine, name, transcript))
	case t.raw:
		return printLine(t.stdio.Out, transcript.Raw)
	default:
		return printLine(t.stdio.Out, spoken.Write(transcript.Raw))
	}
}

func (t *transcribe) record(engine *Engine, name string, transcript inference.Transcript) record {
	r := newRecord(name, transcript, t.nbest > 0)
	r.Model, r.Device, r.Precision = engine.Model, engine.Device(), string(engine.Precision)
	r.Decoder, r.LanguageModel = engine.Decoder, engine.Language
	return r
}

// printLine writes text on one line: a new line or paragraph in it becomes a
// space, so that line N is file N.
func printLine(w io.Writer, text string) error {
	_, err := fmt.Fprintln(w, strings.NewReplacer("\n\n", " ", "\n", " ").Replace(text))
	return err
}

// writeArrays writes what --features and --logits ask for. Sound too short for
// the network has no scores, and the vocabulary gives their width then.
func (t *transcribe) writeArrays(samples []float32, stream *inference.Stream, vocabulary int) error {
	if t.features != "" {
		if err := writeNPY(t.features, mel.Compute(samples), mel.Bins); err != nil {
			return err
		}
	}
	if t.logits != "" {
		rows, width := stream.Logits()
		if len(rows) == 0 {
			width = vocabulary
		}
		return writeNPY(t.logits, rows, width)
	}
	return nil
}
