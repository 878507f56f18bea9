package capture

import (
	"bytes"
	"errors"
	"math"
	"testing"
)

// sound checks what Read promises of whatever file.
func sound(t *testing.T, file []byte) {
	audio, err := Read(bytes.NewReader(file))
	_, short := errors.AsType[*TruncatedError](err)
	switch {
	case (audio != nil) != (err == nil || short):
		t.Fatalf("%v with error %v", audio != nil, err)
	case err != nil && bytes.ContainsAny([]byte(err.Error()), "\n\r"):
		t.Fatalf("error of two lines: %q", err)
	case audio == nil:
		return
	case len(audio.Samples) == 0:
		t.Fatal("no samples and no error")
	}
	for i, x := range audio.Samples {
		if v := float64(x); math.IsNaN(v) || math.Abs(v) > 2*loudest {
			t.Fatalf("sample %d is %v", i, x)
		}
	}
}

func FuzzWAV(f *testing.F) {
	two := plain(16, le16(100, -100))
	f.Add(two.bytes())
	f.Add(extensible(plain(24, []byte{1, 2, 3}), 1, 20).bytes())
	f.Add(with(plain(32, le32(0.5)), func(w *wav) { w.tag, w.rate = 3, 44101 }).bytes())
	f.Add(with(two, func(w *wav) { w.size, w.channels, w.before = 1<<32-1, 2, chunk("LIST", []byte("a")) }).bytes())
	f.Add(with(two, func(w *wav) {
		w.id, w.size, w.before = "RF64", 1<<32-1, chunk("ds64", bytes.Repeat([]byte{0xff}, 28))
	}).bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 12 {
			copy(file, "RIFF")
			copy(file[8:], "WAVE")
		}
		sound(t, file)
	})
}

func FuzzRead(f *testing.F) {
	f.Add(load(f, "testdata/tone_24k.flac"))
	f.Add(load(f, "testdata/vbr_16k_mono.mp3")[:1000])
	f.Add(load(f, "testdata/cbr_44k_stereo_id3.mp3")[:1000])
	f.Add(plain(8, []byte{1, 2, 3}).bytes())
	f.Fuzz(sound)
}
