package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"fermata/app/spoken"
	"fermata/inference"
	"fermata/inference/ctc"
	"fermata/models/lasr"
)

// decode is one call of the command: its flags and its parts.
type decode struct {
	decoderFlags
	logits, tokens string
	raw, json      bool

	parts Parts
	stdio Stdio
}

func decodeCommand(parts Parts, stdio Stdio) *cobra.Command {
	d := &decode{parts: parts, stdio: stdio}
	cmd := &cobra.Command{
		Use:   "decode --logits F.npy --tokens FILE [flags]",
		Short: "Make text of a network's scores",
		Long: "Decodes scores that a network gave before, of any program: a NumPy array of float16,\n" +
			"float32 or float64, [T,vocabulary] or [1,T,vocabulary], a row for every 40 ms. They may\n" +
			"be logits or log-probabilities, which decode alike; probabilities are refused.",
		Example: "  fermata transcribe --model ~/medasr --logits scores.npy visit.wav\n" +
			"  fermata decode --logits scores.npy --tokens ~/medasr/tokenizer.json\n" +
			"  fermata decode --logits scores.npy --tokens ~/medasr/tokenizer.json --lm ~/medasr/lm_6.kenlm --nbest 8 --json",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return d.run(cmd) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&d.logits, "logits", "", "the scores, `F.npy`")
	f.StringVar(&d.tokens, "tokens", "", "the pieces, `FILE`: tokenizer.json, or tokens.txt with a piece and its number on a line")
	d.add(cmd, "greedy")
	d.addNBest(cmd)
	f.BoolVar(&d.raw, "raw", false, "print the model's own text, with its marks")
	f.BoolVar(&d.json, "json", false, "print a JSON object as transcribe does")
	return cmd
}

func (d *decode) run(cmd *cobra.Command) error {
	if err := d.check(cmd); err != nil {
		return err
	}
	pieces, err := readPieces(d.tokens)
	if err != nil {
		return fmt.Errorf("%s: %w", d.tokens, err)
	}
	vocabulary, err := ctc.NewVocabulary(pieces)
	if err != nil {
		return fmt.Errorf("%s: %w", d.tokens, err)
	}
	s, err := readScores(d.logits)
	if err != nil {
		return fmt.Errorf("%s: %w", d.logits, err)
	}
	if s.width > len(pieces) {
		return fmt.Errorf("%s: has rows of %d scores but %s only %d pieces; give the pieces of the same model", d.logits, s.width, filepath.Base(d.tokens), len(pieces))
	}
	t, err := d.decode(cmd.Context(), s, vocabulary)
	if err != nil {
		return err
	}
	return d.print(t)
}

func (d *decode) check(cmd *cobra.Command) error {
	switch {
	case d.logits == "":
		return wrongUsage(cmd, "--logits is needed")
	case d.tokens == "":
		return wrongUsage(cmd, "--tokens is needed")
	case d.raw && d.json:
		return wrongUsage(cmd, "--raw and --json cannot go together; the JSON has both texts")
	}
	if err := d.decoderFlags.check(cmd); err != nil {
		return err
	}
	if d.decoder == "" {
		d.decoder = greedy
	}
	return nil
}

func (d *decode) decode(ctx context.Context, s scores, vocabulary *ctc.Vocabulary) (inference.Transcript, error) {
	var how inference.Decoder
	if d.decoder == beam {
		how = inference.Decoder{Beam: &d.beam, NBest: d.nbest}
	}
	if d.lm != "" {
		language, closeLanguage, err := openLanguage(ctx, d.parts, d.stdio, d.lm, vocabulary)
		if err != nil {
			return inference.Transcript{}, err
		}
		defer func() { _ = closeLanguage() }()
		how.Language = language
	}
	return inference.Decode(vocabulary, how, s.values, s.width)
}

func (d *decode) print(t inference.Transcript) error {
	switch {
	case d.json:
		r := newRecord(d.logits, t, d.nbest > 0)
		r.Decoder, r.LanguageModel = d.decoder, d.lm
		return json.NewEncoder(d.stdio.Out).Encode(r)
	case d.raw:
		return printLine(d.stdio.Out, t.Raw)
	default:
		return printLine(d.stdio.Out, spoken.Write(t.Raw))
	}
}

// tokensLimit bounds a file of pieces; MedASR's have 52 KB and 7 KB.
const tokensLimit = 64 << 20

// readPieces reads the pieces of a tokenizer.json or tokens.txt, told apart by
// how they begin.
func readPieces(name string) ([]string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fileError(err)
	}
	if !info.Mode().IsRegular() || info.Size() > tokensLimit {
		return nil, errors.New("is not a list of pieces; name tokenizer.json or tokens.txt")
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fileError(err)
	}
	read, called := lasr.ReadTokens, "tokens.txt: "
	if strings.HasPrefix(strings.TrimSpace(string(b[:min(len(b), 100)])), "{") {
		read, called = lasr.ReadTokenizer, "tokenizer.json: "
	}
	pieces, err := read(b)
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), called)) // the caller says which file
	}
	return pieces, nil
}
