package main

import (
	"context"
	"fmt"
	"os"

	"fermata/bench/speech"
	"fermata/bench/worker"
	"fermata/inference"
	"fermata/inference/ctc"
	"fermata/inference/mel"
	"fermata/inference/onnx"
	"fermata/models/lasr"
)

// ours is Fermata as a worker.
type ours struct {
	place
	precision lasr.Precision
	threads   int
	profile   string

	model *onnx.Model
	whole *inference.Recognizer // one pass, as the peer does it
	live  *inference.Recognizer // Google's windows, as the app does it
}

// measure runs one request:
//
//	build     the graph into the cache
//	load      from the cache to ready
//	whole     samples to text, one pass
//	network   the same without features and decoding
//	streamed  what is left to do when the last sample has come
func (o *ours) measure(q worker.Request) (worker.Span, error) {
	ctx := context.Background()
	switch q.Op {
	case "build":
		return worker.Time(func() error { return o.build(ctx) })
	case "load":
		return worker.Time(func() error { return o.load(ctx) })
	case "close":
		return worker.Time(o.model.Close)
	}
	samples, err := speech.Read(o.root, q.Seconds)
	if err != nil {
		return worker.Span{}, err
	}
	switch q.Op {
	case "whole":
		return worker.Time(func() error {
			_, err := o.whole.Transcribe(ctx, samples)
			return err
		})
	case "network":
		features := mel.Compute(samples)
		return worker.Time(func() error {
			_, _, err := o.model.Logits(ctx, features)
			return err
		})
	case "streamed":
		return o.streamed(ctx, samples)
	}
	return worker.Span{}, fmt.Errorf("%q is nothing that is measured", q.Op)
}

// streamed is how long the text takes after the last sample: windows that were
// complete before have been recognised meanwhile.
func (o *ours) streamed(ctx context.Context, samples []float32) (worker.Span, error) {
	const block = inference.SampleRate / 10
	s := o.live.Stream()
	for len(samples) > 0 {
		n := min(block, len(samples))
		if err := s.Write(ctx, samples[:n]); err != nil {
			return worker.Span{}, err
		}
		samples = samples[n:]
	}
	return worker.Time(func() error {
		_, err := s.Finish(ctx)
		return err
	})
}

func (o *ours) checkpoint() (*lasr.Checkpoint, error) { return lasr.Open(os.DirFS(o.checkpointDir())) }

func (o *ours) build(ctx context.Context) error {
	c, err := o.checkpoint()
	if err != nil {
		return err
	}
	_, err = c.Cached(ctx, o.cacheDir(), o.precision)
	return err
}

func (o *ours) load(ctx context.Context) error {
	c, err := o.checkpoint()
	if err != nil {
		return err
	}
	graph, err := c.Cached(ctx, o.cacheDir(), o.precision)
	if err != nil {
		return err
	}
	if o.model, err = start(graph, onnx.Options{Threads: o.threads, Profile: o.profile}); err != nil {
		return err
	}
	return o.recognizers(c)
}

// start loads the model into ONNX Runtime, which it starts.
func start(graph string, options onnx.Options) (*onnx.Model, error) {
	library, err := onnx.Library()
	if err != nil {
		return nil, err
	}
	if err := onnx.Start(library); err != nil {
		return nil, err
	}
	return onnx.Load(graph, options)
}

func (o *ours) recognizers(c *lasr.Checkpoint) error {
	vocabulary, err := ctc.NewVocabulary(c.Pieces())
	if err != nil {
		return err
	}
	network := inference.Subsampling{}
	network.FramesPerRow, network.LeastFrames = c.Subsampling()
	if o.whole, err = inference.New(o.model, vocabulary, inference.Options{Network: network}); err != nil {
		return err
	}
	google := inference.GoogleWindows()
	google.Network = network
	o.live, err = inference.New(o.model, vocabulary, google)
	return err
}
