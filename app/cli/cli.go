// Package cli is Fermata without a window. Most callers want [Run] with the
// process's arguments; it returns the exit code: 0, 1 when something failed,
// 2 for wrong usage.
//
// Every failure is one line on standard error, "fermata: <file or device>:
// <what is wrong and what to do>", and never a usage text or a stack trace.
// What was asked for is the only thing on standard output.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"fermata/capture"
	"fermata/inference"
	"fermata/inference/ctc"
	"fermata/inference/ngram"
	"fermata/models"
	"fermata/models/lasr"
)

// The exit codes of the command line.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// Version and Revision are set by the build.
var (
	Version  = "0.1.0"
	Revision = "unknown"
)

// Parts are the real things behind the commands; main supplies them.
type Parts struct {
	// Window opens the window and returns when it is closed.
	Window func(ctx context.Context) error
	// Load makes a recogniser as the user chose it. The engine is the caller's
	// to close.
	Load func(ctx context.Context, c Choice) (*Engine, error)
	// OpenLanguage opens a language model; what is not KenLM's binary is
	// converted first and kept. progress, which may be nil, hears how far that
	// is, from 0 to 1. The model is the caller's to close.
	OpenLanguage func(ctx context.Context, path string, progress func(fraction float64)) (*ngram.Model, error)
	// Cards lists the graphics cards that could compute, the best first. Where
	// there are none the error says why. nil is a system without.
	Cards func() ([]Device, error)
	// Microphones lists what can be recorded from.
	Microphones func() ([]capture.Device, error)
	// Models lists what can be loaded.
	Models func() []models.Info
	// Runtime says where the library lies that RuntimeName names.
	Runtime     func() (path string, err error)
	RuntimeName string
}

// An Engine is a recogniser with the parts and the names of what it is made of.
type Engine struct {
	Recognizer *inference.Recognizer
	Acoustic   inference.Acoustic // the recogniser's own: run one of the two at a time
	Vocabulary *ctc.Vocabulary
	Model      string
	Device     func() string // the ID of what computes now: "cpu", "webgpu:0"
	Precision  lasr.Precision
	Decoder    string // "greedy" or "beam", what the recogniser decodes with
	Language   string // path of the language model, "" without one
	Close      func() error
}

// Stdio is where a command reads and writes.
type Stdio struct {
	In       io.Reader
	Out, Err io.Writer
}

// Run runs one command line (without the program's name) and returns its exit
// code. It ends early when ctx does.
func Run(ctx context.Context, args []string, parts Parts, stdio Stdio) int {
	root := command(parts, stdio)
	root.SetArgs(args)
	root.SetIn(stdio.In)
	root.SetOut(stdio.Out)
	root.SetErr(stdio.Err)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		complain(stdio.Err, err)
		return exitUsage
	case errors.Is(err, errTold):
		return exitFailed
	case errors.Is(err, context.Canceled):
		complain(stdio.Err, errors.New("interrupted; run it again for the rest"))
		return exitFailed
	default:
		complain(stdio.Err, err)
		return exitFailed
	}
}

func command(parts Parts, stdio Stdio) *cobra.Command {
	root := &cobra.Command{
		Use:   "fermata",
		Short: "Dictation for clinicians, on this machine alone",
		Long: "Fermata writes down what you dictate: hold the key, speak, let go.\n" +
			"Without a command it opens its window. Nothing leaves this machine.",
		Args:          noArguments,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return parts.Window(cmd.Context()) },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return wrongUsage(cmd, err.Error()) })
	root.AddCommand(
		transcribeCommand(parts, stdio),
		decodeCommand(parts, stdio),
		evalCommand(parts, stdio),
		verifyCommand(parts, stdio),
		benchCommand(parts, stdio),
		devicesCommand(parts, stdio),
		modelsCommand(parts, stdio),
		versionCommand(parts, stdio),
	)
	return root
}

// errTold ends a command whose failures have been written out already.
var errTold = errors.New("told already")

// A usageError is a command line that cannot be meant.
type usageError struct{ sentence string }

func (e usageError) Error() string { return e.sentence }

func wrongUsage(cmd *cobra.Command, what string) error {
	name := cmd.Name()
	return usageError{fmt.Sprintf("%s: %s; see '%s --help'", name, what, cmd.CommandPath())}
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasParent() {
		return wrongUsage(cmd, fmt.Sprintf("takes no argument, and got %q", args[0]))
	}
	return wrongUsage(cmd, fmt.Sprintf("there is no command %q", args[0]))
}

// complain writes err as the one line that a failure gets.
func complain(w io.Writer, err error) {
	sentence := strings.Join(strings.Fields(err.Error()), " ")
	_, _ = fmt.Fprintf(w, "fermata: %s\n", strings.TrimPrefix(sentence, "fermata: "))
}
