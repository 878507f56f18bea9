package random

import (
	"os"
	"testing"

	"fermata/models/lasr"
)

func TestMedASRHasItsParameters(t *testing.T) {
	parameters := 0
	for _, p := range MedASR.parts() {
		parameters += p.length()
	}
	// With BatchNorm's running mean and variance, as the hub counts google/medasr.
	if parameters != 105282816 {
		t.Errorf("%d parameters", parameters)
	}
}

func TestWriteIsACheckpointAndDeterministic(t *testing.T) {
	size := Size{Hidden: 24, Layers: 2, Heads: 2, Intermediate: 40, Channels: 16, Kernel: 7, Vocab: 30}
	var hashes []string
	for range 2 {
		dir := t.TempDir()
		if err := Write(dir, size); err != nil {
			t.Fatal(err)
		}
		c, err := lasr.Open(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(c.Pieces()); n != size.Vocab {
			t.Errorf("%d pieces", n)
		}
		hash, err := c.Hash()
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, hash)
	}
	if hashes[0] != hashes[1] {
		t.Error("two runs differ")
	}
}
