package demo

import (
	"io"
	"io/fs"
	"testing"
)

func TestFSHoldsTheCheckpoint(t *testing.T) {
	for name, size := range map[string]int64{
		"model.safetensors": 14623408, "config.json": 0, "tokenizer.json": 0, "tokenizer_config.json": 0, "preprocessor_config.json": 0, "lm_6.kenlm": 0,
	} {
		f, err := FS().Open(name)
		if err != nil {
			t.Fatal(err)
		}
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode()&fs.ModeType != 0 || info.Size() == 0 || size != 0 && info.Size() != size {
			t.Errorf("%s: mode %v, %d bytes", name, info.Mode(), info.Size())
		}
		if _, ok := f.(io.ReaderAt); !ok {
			t.Errorf("%s: cannot be read at random", name)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}
