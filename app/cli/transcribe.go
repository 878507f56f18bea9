package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fermata/app/spoken"
	"fermata/capture"
	"fermata/inference"
	"fermata/inference/mel"
)

// transcribe is one call of the command: its flags and its parts.
type transcribe struct {
	model, decoder, device, precision string
	window, stride                    seconds
	raw, json                         bool
	features, logits                  string

	parts Parts
	stdio Stdio
}

func transcribeCommand(parts Parts, stdio Stdio) *cobra.Command {
	t := &transcribe{parts: parts, stdio: stdio, window: 20, stride: 2}
	cmd := &cobra.Command{
		Use:   "transcribe [flags] FILE…",
		Short: "Write down what is said in sound files",
		Long: "Writes the text of each FILE on a line of its own. A FILE is WAV, FLAC or MP3, of\n" +
			"any rate and any number of channels; - is standard input.",
		Example: "  fermata transcribe visit.wav\n" +
			"  fermata transcribe --model ~/medasr --json *.flac\n" +
			"  fermata transcribe --window 0 --logits scores.npy short.wav",
		Args: func(cmd *cobra.Command, args []string) error { return t.check(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error { return t.run(cmd, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&t.model, "model", "", "`DIR` of the model, or its name (default: the demonstration model)")
	f.Var(&t.window, "window", "length of a recognition window; 0 takes the file in a single pass")
	f.Var(&t.stride, "stride", "overlap on either side of a window")
	f.StringVar(&t.decoder, "decoder", "greedy", "how scores become text: greedy")
	f.StringVar(&t.device, "device", "cpu", "what computes: cpu")
	f.StringVar(&t.precision, "precision", "fp32", "precision of the weights: fp32")
	f.BoolVar(&t.raw, "raw", false, "print the model's own text, with its marks")
	f.BoolVar(&t.json, "json", false, "print one JSON object a file, with tokens, times and confidences")
	f.StringVar(&t.features, "features", "", "also write the features to `F.npy`, float32 [T,128]")
	f.StringVar(&t.logits, "logits", "", "also write the scores to `F.npy`, float32 [T',vocabulary]")
	return cmd
}

func (t *transcribe) check(cmd *cobra.Command, files []string) error {
	for _, choice := range []struct {
		flag, value string
		known       []string
	}{
		{"decoder", t.decoder, []string{"greedy"}},
		{"device", t.device, []string{"cpu"}},
		{"precision", t.precision, []string{"fp32"}},
	} {
		if !slices.Contains(choice.known, choice.value) {
			return wrongUsage(cmd, fmt.Sprintf("--%s cannot be %q, only %s", choice.flag, choice.value, strings.Join(choice.known, " or ")))
		}
	}
	switch {
	case len(files) == 0:
		return wrongUsage(cmd, "no FILE was given")
	case len(files) > 1 && (t.features != "" || t.logits != ""):
		return wrongUsage(cmd, "--features and --logits take a single FILE")
	case t.raw && t.json:
		return wrongUsage(cmd, "--raw and --json cannot go together; the JSON has both texts")
	}
	if err := t.options().Check(); err != nil {
		return wrongUsage(cmd, err.Error())
	}
	return nil
}

func (t *transcribe) options() inference.Options {
	return inference.Options{Window: t.window.samples(), Stride: t.stride.samples()}
}

// run recognises every file, one after the other. One that fails is told, and
// the next is taken.
func (t *transcribe) run(cmd *cobra.Command, files []string) error {
	engine, err := t.parts.Load(cmd.Context(), t.model, t.options())
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
	audio, short := t.read(name)
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
	if err := t.writeArrays(audio.Samples, stream, engine.Vocabulary); err != nil {
		return err
	}
	return short
}

// read returns the sound of a file, or of standard input for "-". With a
// truncated file it returns both what is there and the error that says so.
func (t *transcribe) read(name string) (*capture.Audio, error) {
	if name == "-" {
		return usable(capture.Read(t.stdio.In))
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fileError(err)
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, errors.New("is a folder; name the sound files in it")
	}
	return usable(capture.Read(file))
}

// usable drops the sound of an error that is not about a missing end.
func usable(audio *capture.Audio, err error) (*capture.Audio, error) {
	var truncated *capture.TruncatedError
	if err != nil && !errors.As(err, &truncated) {
		return nil, err
	}
	return audio, err
}

func (t *transcribe) print(engine *Engine, name string, transcript inference.Transcript) error {
	switch {
	case t.json:
		return json.NewEncoder(t.stdio.Out).Encode(newRecord(engine, name, t.precision, transcript))
	case t.raw:
		return printLine(t.stdio.Out, transcript.Raw)
	default:
		return printLine(t.stdio.Out, spoken.Write(transcript.Raw))
	}
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
