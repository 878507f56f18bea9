package lasr

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
)

// extractor holds the settings of LasrFeatureExtractor that shape the features.
type extractor struct {
	Rate   *float64 `json:"sampling_rate"`
	Size   *float64 `json:"feature_size"`
	FFT    *float64 `json:"n_fft"`
	Hop    *float64 `json:"hop_length"`
	Window *float64 `json:"win_length"`
}

// checkExtractor reads the extractor's settings from whichever of the two files is
// there (transformers 5 writes either) and refuses features other than MedASR's.
func checkExtractor(fsys fs.FS) error {
	var own extractor
	var nested struct {
		Extractor extractor `json:"feature_extractor"`
	}
	for _, f := range []struct {
		name string
		into any
		got  *extractor
	}{
		{"preprocessor_config.json", &own, &own},
		{"processor_config.json", &nested, &nested.Extractor},
	} {
		b, err := readSmall(fsys, f.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, f.into); err != nil {
			return fmt.Errorf("%s: cannot be understood (%s); copy the model folder again", f.name, oneLine(err))
		}
		if err := f.got.check(f.name); err != nil {
			return err
		}
	}
	return nil
}

func (e *extractor) check(file string) error {
	for _, v := range []struct {
		name string
		got  *float64
		want float64
	}{
		{"sampling_rate", e.Rate, 16000},
		{"feature_size", e.Size, melBins},
		{"n_fft", e.FFT, 512},
		{"hop_length", e.Hop, 160},
		{"win_length", e.Window, 400},
	} {
		if v.got != nil && *v.got != v.want {
			return fmt.Errorf("%s: %s is %g, not %g; Fermata computes MedASR's features only", file, v.name, *v.got, v.want)
		}
	}
	return nil
}
