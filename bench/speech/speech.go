// Package speech is what all contestants hear: a sentence of the repository's samples,
// said again and again.
package speech

import (
	"os"
	"path/filepath"

	"fermata/capture"
)

// Clip is the sample, from the root of the repository.
const Clip = "testdata/speech/12_long_plain.flac"

// Read returns so many seconds of it, mono at 16 kHz.
func Read(root string, seconds int) ([]float32, error) {
	f, err := os.Open(filepath.Join(root, Clip))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	audio, err := capture.Read(f)
	if err != nil {
		return nil, err
	}
	samples := make([]float32, seconds*capture.SampleRate)
	for at := 0; at < len(samples); {
		at += copy(samples[at:], audio.Samples)
	}
	return samples, nil
}
