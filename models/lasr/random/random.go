// Package random makes checkpoints of random weights for benchmarks: [Write] with
// [MedASR] gives one of MedASR's exact size (421 MB), on which speed and memory
// can be measured without Google's weights. What such a network writes
// is noise. It refuses sizes that make no network only in so far as lasr.Open
// then refuses the result.
package random

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// A Size is what distinguishes one network from another; the rest is MedASR's.
type Size struct {
	Hidden, Layers, Heads, Intermediate int
	Channels                            int // of the sub-sampler
	Kernel                              int // of the depthwise convolution
	Vocab                               int // at least 5
}

// MedASR is the size of google/medasr: 105,265,408 parameters.
var MedASR = Size{Hidden: 512, Layers: 17, Heads: 8, Intermediate: 2048, Channels: 256, Kernel: 32, Vocab: 512}

// Write writes config.json, tokenizer.json, preprocessor_config.json and
// model.safetensors (F32) into dir, which must be there. The same size gives the
// same bytes. Weights are streamed; little memory is needed.
func Write(dir string, s Size) error {
	for name, v := range map[string]any{
		"config.json":              s.config(),
		"tokenizer.json":           s.tokenizer(),
		"preprocessor_config.json": map[string]any{"feature_extractor_type": "LasrFeatureExtractor", "sampling_rate": 16000, "feature_size": 128, "n_fft": 512, "hop_length": 160, "win_length": 400},
	} {
		b, err := json.MarshalIndent(v, "", " ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), append(b, '\n'), 0o644); err != nil {
			return err
		}
	}
	f, err := os.Create(filepath.Join(dir, "model.safetensors"))
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = s.weights(w)
	if err == nil {
		err = w.Flush()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// config is config.json; transformers wants a decimal point in what it reads as float.
func (s Size) config() any {
	return map[string]any{
		"model_type": "lasr_ctc", "architectures": []string{"LasrForCTC"}, "vocab_size": s.Vocab, "pad_token_id": 0,
		"encoder_config": map[string]any{
			"model_type": "lasr_encoder", "hidden_size": s.Hidden, "num_hidden_layers": s.Layers, "num_attention_heads": s.Heads,
			"intermediate_size": s.Intermediate, "subsampling_conv_channels": s.Channels, "conv_kernel_size": s.Kernel,
			"subsampling_conv_kernel_size": 5, "subsampling_conv_stride": 2, "num_mel_bins": 128, "hidden_act": "silu",
			"layer_norm_eps": 1e-6, "feed_forward_residual_weights": json.RawMessage("[1.5, 0.5]"), "conv_residual_weights": json.RawMessage("[2.0, 1.0]"),
			"rope_parameters": map[string]any{"rope_type": "default", "rope_theta": json.RawMessage("10000.0")},
		},
	}
}

// tokenizer is a vocabulary of the right length: ▁ and numbers.
func (s Size) tokenizer() any {
	vocab := [][2]any{{"<epsilon>", 0}, {"<s>", 0}, {"</s>", 0}, {"<unk>", 0}, {"▁", -2}}
	for id := len(vocab); id < s.Vocab; id++ {
		vocab = append(vocab, [2]any{fmt.Sprintf("▁%d", id), -3})
	}
	return map[string]any{"version": "1.0", "added_tokens": []any{}, "model": map[string]any{"type": "Unigram", "unk_id": 3, "vocab": vocab}}
}

// A part is one tensor of the checkpoint and how its values are drawn:
// mean + spread·(a normal number).
type part struct {
	name         string
	shape        []int
	mean, spread float64
}

func (p part) length() int {
	n := 1
	for _, d := range p.shape {
		n *= d
	}
	return n
}

// parts lists LasrForCTC's tensors. Matrices have a spread of 1/√(inputs).
func (s Size) parts() []part {
	var all []part
	matrix := func(name string, shape ...int) {
		p := part{name: name + ".weight", shape: shape}
		p.spread = 1 / math.Sqrt(float64(p.length()/shape[0]))
		all = append(all, p)
	}
	vector := func(name string, n int, mean, spread float64) { all = append(all, part{name, []int{n}, mean, spread}) }
	biased := func(name string, shape ...int) {
		matrix(name, shape...)
		vector(name+".bias", shape[0], 0, 0.1)
	}
	h := s.Hidden
	biased("encoder.subsampler.dense_0", h, 128)
	biased("encoder.subsampler.conv_0", h, h, 5)
	biased("encoder.subsampler.conv_1", s.Channels, h, 5)
	biased("encoder.subsampler.dense_1", h, s.Channels)
	for i := range s.Layers {
		p := fmt.Sprintf("encoder.layers.%d.", i)
		for _, n := range []string{"norm_feed_forward1", "norm_self_att", "norm_conv", "norm_feed_forward2", "norm_out"} {
			vector(p+n+".weight", h, 1, 0.1)
		}
		for _, f := range []string{"feed_forward1", "feed_forward2"} {
			matrix(p+f+".linear1", s.Intermediate, h)
			matrix(p+f+".linear2", h, s.Intermediate)
		}
		for _, a := range []string{"q", "k", "v", "o"} {
			matrix(p+"self_attn."+a+"_proj", h, h)
		}
		matrix(p+"conv.pointwise_conv1", 2*h, h, 1)
		matrix(p+"conv.depthwise_conv", h, 1, s.Kernel)
		matrix(p+"conv.pointwise_conv2", h, h, 1)
		vector(p+"conv.norm.weight", h, 1, 0.1)
		vector(p+"conv.norm.bias", h, 0, 0.1)
		vector(p+"conv.norm.running_mean", h, 0, 0.1)
		vector(p+"conv.norm.running_var", h, 1, 0.1)
	}
	vector("encoder.out_norm.weight", h, 1, 0.1)
	biased("ctc_head", s.Vocab, h, 1)
	return all
}

// weights writes the safetensors file.
func (s Size) weights(w io.Writer) error {
	header := map[string]any{"__metadata__": map[string]string{"format": "pt"}}
	at := 0
	for _, p := range s.parts() {
		end := at + 4*p.length()
		header[p.name] = map[string]any{"dtype": "F32", "shape": p.shape, "data_offsets": []int{at, end}}
		at = end
	}
	b, err := json.Marshal(header)
	if err != nil {
		return err
	}
	for len(b)%8 != 0 {
		b = append(b, ' ')
	}
	if err := binary.Write(w, binary.LittleEndian, uint64(len(b))); err != nil {
		return err
	}
	if _, err := w.Write(b); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range s.parts() {
		if err := p.write(w, r); err != nil {
			return err
		}
	}
	return nil
}

func (p part) write(w io.Writer, r *rand.Rand) error {
	var b [4]byte
	for range p.length() {
		x := p.mean + p.spread*max(-4, min(4, r.NormFloat64()))
		binary.LittleEndian.PutUint32(b[:], math.Float32bits(float32(x)))
		if _, err := w.Write(b[:]); err != nil {
			return err
		}
	}
	return nil
}
