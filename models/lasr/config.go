package lasr

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"strings"
)

// melBins is the number of features in a frame: LasrFeatureExtractor's.
const melBins = 128

// config is what of config.json shapes the network, checked. The defaults of
// what the file leaves out are LasrEncoderConfig's and LasrCTCConfig's.
type config struct {
	Hidden, Layers, Heads, KVHeads, HeadDim int
	Intermediate                            int
	Kernel                                  int // of the depthwise convolution
	Channels, SubKernel, SubStride          int // of the sub-sampler
	Vocab                                   int
	Eps                                     float64
	FFResidual, ConvResidual                [2]float64
	Theta                                   float64
	AttentionBias, ConvBias                 bool
}

type rope struct {
	Type    string   `json:"rope_type"`
	OldType string   `json:"type"`
	Theta   *float64 `json:"rope_theta"`
}

type encoderJSON struct {
	ModelType    string    `json:"model_type"`
	Hidden       int       `json:"hidden_size"`
	Layers       int       `json:"num_hidden_layers"`
	Heads        int       `json:"num_attention_heads"`
	KVHeads      *int      `json:"num_key_value_heads"`
	HeadDim      *int      `json:"head_dim"`
	Intermediate int       `json:"intermediate_size"`
	Act          string    `json:"hidden_act"`
	AttBias      bool      `json:"attention_bias"`
	ConvBias     bool      `json:"convolution_bias"`
	Kernel       int       `json:"conv_kernel_size"`
	Channels     int       `json:"subsampling_conv_channels"`
	SubKernel    int       `json:"subsampling_conv_kernel_size"`
	SubStride    int       `json:"subsampling_conv_stride"`
	Mel          int       `json:"num_mel_bins"`
	Eps          float64   `json:"layer_norm_eps"`
	FF           []float64 `json:"feed_forward_residual_weights"`
	Conv         []float64 `json:"conv_residual_weights"`
	Rope         *rope     `json:"rope_parameters"`
	Scaling      *rope     `json:"rope_scaling"`
	Theta        *float64  `json:"rope_theta"`
}

type configJSON struct {
	ModelType string      `json:"model_type"`
	Vocab     int         `json:"vocab_size"`
	Pad       int         `json:"pad_token_id"`
	Encoder   encoderJSON `json:"encoder_config"`
}

func readConfig(fsys fs.FS) (config, error) {
	b, err := readSmall(fsys, "config.json")
	if err != nil {
		return config{}, err
	}
	return parseConfig(b)
}

// wrong is the error for a value of config.json that is not supported.
func wrong(format string, args ...any) error {
	return fmt.Errorf("config.json: %s; Fermata reads checkpoints of LasrForCTC such as google/medasr", fmt.Sprintf(format, args...))
}

func parseConfig(b []byte) (config, error) {
	j := configJSON{Vocab: 512, Encoder: encoderJSON{
		ModelType: "lasr_encoder", Hidden: 512, Layers: 17, Heads: 8, Intermediate: 2048, Act: "silu",
		Kernel: 32, Channels: 256, SubKernel: 5, SubStride: 2, Mel: melBins, Eps: 1e-6,
		FF: []float64{1.5, 0.5}, Conv: []float64{2, 1},
	}}
	if err := json.Unmarshal(b, &j); err != nil {
		return config{}, fmt.Errorf("config.json: cannot be understood (%s); copy the model folder again", oneLine(err))
	}
	if err := j.refuse(); err != nil {
		return config{}, err
	}
	return j.config()
}

// refuse names what the network cannot be built for.
func (j *configJSON) refuse() error {
	e := &j.Encoder
	switch {
	case j.ModelType == "lasr_encoder":
		return wrong("is an encoder without its CTC head (model_type lasr_encoder), which cannot write text")
	case j.ModelType != "lasr_ctc":
		return wrong("model_type is %q, not lasr_ctc", j.ModelType)
	case e.ModelType != "lasr_encoder":
		return wrong("encoder_config.model_type is %q, not lasr_encoder", e.ModelType)
	case j.Pad != 0:
		return wrong("pad_token_id is %d, not 0", j.Pad)
	case e.Act != "silu":
		return wrong("hidden_act is %q, not silu", e.Act)
	case e.Mel != melBins:
		return wrong("num_mel_bins is %d, not %d", e.Mel, melBins)
	}
	for _, r := range []*rope{e.Rope, e.Scaling} {
		if r == nil {
			continue
		}
		for _, t := range []string{r.Type, r.OldType} {
			if t != "" && t != "default" {
				return wrong("rope_type is %q, not default", t)
			}
		}
	}
	return nil
}

func (j *configJSON) config() (config, error) {
	e := &j.Encoder
	c := config{
		Hidden: e.Hidden, Layers: e.Layers, Heads: e.Heads, KVHeads: e.Heads,
		Intermediate: e.Intermediate, Kernel: e.Kernel, Channels: e.Channels,
		SubKernel: e.SubKernel, SubStride: e.SubStride, Vocab: j.Vocab, Eps: e.Eps, Theta: 10000,
		AttentionBias: e.AttBias, ConvBias: e.ConvBias,
	}
	if e.KVHeads != nil {
		c.KVHeads = *e.KVHeads
	}
	if e.Theta != nil {
		c.Theta = *e.Theta
	}
	if e.Rope != nil && e.Rope.Theta != nil {
		c.Theta = *e.Rope.Theta
	}
	if err := c.bounds(); err != nil {
		return config{}, err
	}
	c.HeadDim = c.Hidden / c.Heads
	if e.HeadDim != nil {
		c.HeadDim = *e.HeadDim
	}
	if c.HeadDim < 2 || c.HeadDim%2 != 0 || c.HeadDim > maxSize {
		return config{}, wrong("head_dim is %d, not a small even number", c.HeadDim)
	}
	if len(e.FF) != 2 || len(e.Conv) != 2 {
		return config{}, wrong("the residual weights are not pairs")
	}
	c.FFResidual, c.ConvResidual = [2]float64(e.FF), [2]float64(e.Conv)
	return c, nil
}

// maxSize bounds every size, so that products of three fit in 63 bits.
const maxSize = 1 << 20

func (c *config) bounds() error {
	for _, v := range []struct {
		name       string
		value, max int
	}{
		{"hidden_size", c.Hidden, maxSize},
		{"num_hidden_layers", c.Layers, 1024},
		{"num_attention_heads", c.Heads, maxSize},
		{"num_key_value_heads", c.KVHeads, maxSize},
		{"intermediate_size", c.Intermediate, maxSize},
		{"conv_kernel_size", c.Kernel, 1 << 16},
		{"subsampling_conv_channels", c.Channels, maxSize},
		{"subsampling_conv_kernel_size", c.SubKernel, 1 << 16},
		{"subsampling_conv_stride", c.SubStride, 1 << 16},
		{"vocab_size", c.Vocab, maxSize},
	} {
		if v.value < 1 || v.value > v.max {
			return wrong("%s is %d, not between 1 and %d", v.name, v.value, v.max)
		}
	}
	if c.Heads%c.KVHeads != 0 {
		return wrong("num_key_value_heads is %d, which does not divide the %d heads", c.KVHeads, c.Heads)
	}
	if !(c.Eps >= 0 && c.Eps < 1) {
		return wrong("layer_norm_eps is %g", c.Eps)
	}
	if !(c.Theta > 0) || c.Theta > math.MaxFloat32 {
		return wrong("rope_theta is %g", c.Theta)
	}
	return nil
}

// oneLine is an error's text without line breaks.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
