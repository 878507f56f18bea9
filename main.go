// Fermata is a dictation app for clinicians: hold a key, speak, let go, and
// the finished text stands in your note. Without arguments it opens its
// window; "fermata transcribe" is the same recognition without one.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"fermata/app/cli"
	"fermata/capture/mic"
	"fermata/inference/onnx"
	"fermata/models"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends at once what waits for its input
	parts := cli.Parts{
		Window:       openWindow,
		Load:         loadEngine,
		OpenLanguage: openLanguage,
		Cards:        cards,
		Microphones:  mic.Devices,
		Models:       models.List,
		Runtime:      onnx.Library,
		RuntimeName:  "ONNX Runtime " + onnx.Version,
	}
	return cli.Run(ctx, os.Args[1:], parts, cli.Stdio{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}
