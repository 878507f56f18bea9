// Command peer is sherpa-onnx as a worker of the benchmark: its own ONNX Runtime, its
// own features, its own greedy decoding, with its defaults and as many threads as
// Fermata.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	sherpa "github.com/k2-fsa/sherpa-onnx-go-linux"

	"fermata/bench/speech"
	"fermata/bench/worker"
	"fermata/capture"
)

func main() {
	root := flag.String("root", ".", "the repository")
	model := flag.String("model", "", "model.onnx or model.int8.onnx of export.py")
	tokens := flag.String("tokens", "", "tokens.txt of export.py")
	threads := flag.Int("threads", 2, "threads")
	flag.Parse()
	p := peer{root: *root}
	p.config.ModelConfig.MedAsr.Model = *model
	p.config.ModelConfig.Tokens = *tokens
	p.config.ModelConfig.NumThreads = *threads
	if err := worker.Serve(p.measure); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type peer struct {
	root       string
	config     sherpa.OfflineRecognizerConfig
	recognizer *sherpa.OfflineRecognizer
}

func (p *peer) measure(q worker.Request) (worker.Span, error) {
	if q.Op == "load" {
		return worker.Time(p.load)
	}
	samples, err := speech.Read(p.root, q.Seconds)
	if err != nil {
		return worker.Span{}, err
	}
	return worker.Time(func() error { return p.transcribe(samples) })
}

func (p *peer) load() error {
	p.recognizer = sherpa.NewOfflineRecognizer(&p.config)
	if p.recognizer == nil {
		return errors.New("sherpa-onnx cannot load the model")
	}
	return nil
}

// transcribe is one pass over everything: sherpa-onnx has no windows for this model.
func (p *peer) transcribe(samples []float32) error {
	stream := sherpa.NewOfflineStream(p.recognizer)
	defer sherpa.DeleteOfflineStream(stream)
	stream.AcceptWaveform(capture.SampleRate, samples)
	p.recognizer.Decode(stream)
	if stream.GetResult() == nil {
		return errors.New("sherpa-onnx gives no result")
	}
	return nil
}
