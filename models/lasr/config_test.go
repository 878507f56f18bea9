package lasr

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestParseConfig(t *testing.T) {
	c, err := parseConfig([]byte(`{"model_type":"lasr_ctc"}`))
	want := config{
		Hidden: 512, Layers: 17, Heads: 8, KVHeads: 8, HeadDim: 64, Intermediate: 2048, Kernel: 32, Channels: 256, SubKernel: 5, SubStride: 2,
		Vocab: 512, Eps: 1e-6, FFResidual: [2]float64{1.5, 0.5}, ConvResidual: [2]float64{2, 1}, Theta: 10000,
	}
	if err != nil || c != want {
		t.Errorf("%+v, %v", c, err)
	}
	for text, theta := range map[string]float64{
		`{"rope_theta":7}`:                          7,
		`{"rope_parameters":{"rope_theta":9}}`:      9,
		`{"rope_parameters":{},"rope_theta":7}`:     7,
		`{"rope_parameters":null,"head_dim":null}`:  10000,
		`{"rope_scaling":{"rope_type": "default"}}`: 10000,
	} {
		c, err := parseConfig([]byte(`{"model_type":"lasr_ctc","encoder_config":` + text + `}`))
		if err != nil || c.Theta != theta {
			t.Errorf("%s: theta %g, %v", text, c.Theta, err)
		}
	}
}

func TestParseConfigRefusesByName(t *testing.T) {
	encoder := func(s string) string { return `{"model_type":"lasr_ctc","encoder_config":{` + s + `}}` }
	for text, want := range map[string]string{
		``:                                 "cannot be understood",
		`[]`:                               "cannot be understood",
		`{}`:                               `model_type is ""`,
		`{"model_type":"whisper"}`:         `model_type is "whisper"`,
		`{"model_type":"lasr_encoder"}`:    "without its CTC head",
		encoder(`"model_type":"parakeet"`): `encoder_config.model_type is "parakeet"`,
		`{"model_type":"lasr_ctc","pad_token_id":3}`:      "pad_token_id is 3",
		`{"model_type":"lasr_ctc","vocab_size":0}`:        "vocab_size is 0",
		encoder(`"hidden_act":"relu"`):                    `hidden_act is "relu"`,
		encoder(`"num_mel_bins":80`):                      "num_mel_bins is 80",
		encoder(`"rope_parameters":{"rope_type":"yarn"}`): `rope_type is "yarn"`,
		encoder(`"rope_scaling":{"type":"linear"}`):       `rope_type is "linear"`,
		encoder(`"rope_theta":0`):                         "rope_theta is 0",
		encoder(`"num_hidden_layers":1000000000`):         "num_hidden_layers is 1000000000",
		encoder(`"hidden_size":-1`):                       "hidden_size is -1",
		encoder(`"hidden_size":48.5`):                     "cannot be understood",
		encoder(`"num_attention_heads":0`):                "num_attention_heads is 0",
		encoder(`"num_key_value_heads":3`):                "does not divide the 8 heads",
		encoder(`"head_dim":15`):                          "head_dim is 15",
		encoder(`"layer_norm_eps":-1`):                    "layer_norm_eps is -1",
		encoder(`"conv_residual_weights":[1]`):            "not pairs",
	} {
		_, err := parseConfig([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), "config.json: ") || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "; ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestExtractorInEitherFile(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"neither":      {"x", "", ""},
		"own":          {"preprocessor_config.json", `{"sampling_rate":16000,"n_fft":512}`, ""},
		"own other":    {"preprocessor_config.json", `{"sampling_rate":8000}`, "preprocessor_config.json: sampling_rate is 8000, not 16000; "},
		"nested":       {"processor_config.json", `{"feature_extractor":{"hop_length":160}}`, ""},
		"nested other": {"processor_config.json", `{"feature_extractor":{"hop_length":200}}`, "processor_config.json: hop_length is 200, not 160; "},
		"not JSON":     {"processor_config.json", `hello`, "processor_config.json: cannot be understood"},
		"window":       {"preprocessor_config.json", `{"win_length":512}`, "preprocessor_config.json: win_length is 512"},
		"bins":         {"preprocessor_config.json", `{"feature_size":80}`, "preprocessor_config.json: feature_size is 80"},
		"fft":          {"preprocessor_config.json", `{"n_fft":1024}`, "preprocessor_config.json: n_fft is 1024"},
	} {
		err := checkExtractor(fstest.MapFS{c.file: {Data: []byte(c.text)}})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzConfig(f *testing.F) {
	for _, name := range []string{"a", "b", "c"} {
		b, err := os.ReadFile("testdata/" + name + "/config.json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := parseConfig(b)
		if err == nil && c.Layers <= 8 && c.HeadDim <= 64 {
			describe(c, FP32.numeral())
			describe(c, Int8.numeral())
		}
	})
}
