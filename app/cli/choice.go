package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fermata/inference"
	"fermata/inference/ctc"
	"fermata/models/lasr"
)

// The ways to make text of scores.
const (
	greedy = "greedy"
	beam   = "beam"
)

// A Choice is what a user asks to recognise with.
type Choice struct {
	Model     string            // its folder or name, "" for the demonstration model
	Device    string            // "cpu", the ID of a card, "gpu" for the best one, or "": a card that was checked and is faster, else the CPU
	Windows   inference.Options // Window and Stride; the rest is for Load to fill in
	Precision lasr.Precision
	Decoder   string          // "greedy", "beam", or "": beam where the model's folder has a language model, else greedy
	LM        string          // path of a language model, "" for the one in the model's folder
	Beam      ctc.BeamOptions // for a beam search
	NBest     int             // alternatives wanted
	// Progress, which may be nil, hears what is being done before the model is
	// ready, and how far it is, from 0 to 1, or less than 0 where that is not
	// known.
	Progress func(what string, fraction float64)
	// Notice, which may be nil, hears what has to be told while the model
	// recognises: that the CPU goes on for a card that failed. From any goroutine.
	Notice func(sentence string)
}

// modelFlags say which model, and in which numbers.
type modelFlags struct {
	deviceFlag
	model, precision string
	strict           bool // the precision was named
}

func (m *modelFlags) add(cmd *cobra.Command, parts Parts) {
	f := cmd.Flags()
	f.StringVar(&m.model, "model", "", "`DIR` of the model, or its name (default: the demonstration model)")
	m.deviceFlag.add(cmd, parts)
	f.StringVar(&m.precision, "precision", string(lasr.FP32), "fp32, or int8: quicker, smaller, a little less exact")
}

func (m *modelFlags) check(cmd *cobra.Command) error {
	if err := m.deviceFlag.check(cmd); err != nil {
		return err
	}
	m.strict = cmd.Flags().Changed("precision")
	return oneOf(cmd, "precision", m.precision, string(lasr.FP32), string(lasr.Int8))
}

// windowFlags say how a recording is cut.
type windowFlags struct{ window, stride seconds }

func (w *windowFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	w.window, w.stride = 20, 2
	f.Var(&w.window, "window", "length of a recognition window; 0 takes the file in a single pass")
	f.Var(&w.stride, "stride", "overlap on either side of a window")
}

func (w *windowFlags) options() inference.Options {
	return inference.Options{Window: w.window.samples(), Stride: w.stride.samples()}
}

func (w *windowFlags) check(cmd *cobra.Command) error {
	if err := w.options().Check(); err != nil {
		return wrongUsage(cmd, err.Error())
	}
	return nil
}

// decoderFlags say how scores become text.
type decoderFlags struct {
	decoder, lm string
	beam        ctc.BeamOptions
	nbest       int
}

// ofBeam are the flags that mean nothing without a beam search, so that each
// of them asks for one. Not every command has --nbest.
var ofBeam = []string{"lm", "beam", "alpha", "beta", "nbest"}

func (d *decoderFlags) add(cmd *cobra.Command, whenUnset string) {
	f := cmd.Flags()
	d.beam = ctc.GoogleBeam()
	f.StringVar(&d.decoder, "decoder", "", "greedy, or beam: search with a language model (default: "+whenUnset+")")
	f.StringVar(&d.lm, "lm", "", "language model `FILE`: .kenlm, .arpa, .arpa.gz or .arpa.xz; this and the next flags ask for beam")
	f.IntVar(&d.beam.Width, "beam", d.beam.Width, "how many readings the search keeps")
	f.Float64Var(&d.beam.Alpha, "alpha", d.beam.Alpha, "weight of the language model")
	f.Float64Var(&d.beam.Beta, "beta", d.beam.Beta, "reward for each piece")
}

// addNBest is for commands that print readings.
func (d *decoderFlags) addNBest(cmd *cobra.Command) {
	cmd.Flags().IntVar(&d.nbest, "nbest", 0, "also put the `N` best readings of the search into the JSON")
}

// check refuses what cannot go together, and chooses beam where a flag asks
// for it.
func (d *decoderFlags) check(cmd *cobra.Command) error {
	if d.decoder != "" || cmd.Flags().Changed("decoder") {
		if err := oneOf(cmd, "decoder", d.decoder, greedy, beam); err != nil {
			return err
		}
	}
	for _, flag := range ofBeam {
		if !cmd.Flags().Changed(flag) {
			continue
		}
		if d.decoder == greedy {
			return wrongUsage(cmd, fmt.Sprintf("--%s and --decoder greedy cannot go together; leave one away", flag))
		}
		d.decoder = beam
	}
	if err := d.beam.Check(); err != nil {
		return wrongUsage(cmd, err.Error())
	}
	if d.nbest < 0 || d.nbest > d.beam.Width {
		return wrongUsage(cmd, fmt.Sprintf("--nbest cannot be %d, only 0 to %d, the readings that --beam keeps", d.nbest, d.beam.Width))
	}
	if cmd.Flags().Changed("lm") && d.lm == "" {
		return wrongUsage(cmd, "--lm needs the name of a file")
	}
	return nil
}

// oneOf refuses a flag's value that is not known.
func oneOf(cmd *cobra.Command, flag, value string, known ...string) error {
	if slices.Contains(known, value) {
		return nil
	}
	return wrongUsage(cmd, fmt.Sprintf("--%s cannot be %q, only %s", flag, value, strings.Join(known, " or ")))
}

// firstOf runs the checks until one fails.
func firstOf[T any](subject T, checks ...func(T) error) error {
	for _, check := range checks {
		if err := check(subject); err != nil {
			return err
		}
	}
	return nil
}
