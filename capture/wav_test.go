package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"
)

// wav is a file of which a test changes one thing.
type wav struct {
	id, form       string
	riff, size     int64 // -1 is what is right
	tag            uint16
	channels, bits int
	rate           uint32
	frame          int // 0 is what is right
	extra          []byte
	before         []byte // chunks in front of the format
	sound          []byte
	after          []byte
}

func plain(bits int, sound []byte) wav {
	return wav{id: "RIFF", form: "WAVE", riff: -1, size: -1, tag: 1, channels: 1, bits: bits, rate: 16000, sound: sound}
}

func (w wav) bytes() []byte {
	le := binary.LittleEndian
	frame := w.frame
	if frame == 0 {
		frame = w.channels * ((w.bits + 7) / 8)
	}
	f := le.AppendUint16(nil, w.tag)
	f = le.AppendUint16(f, uint16(w.channels))
	f = le.AppendUint32(f, w.rate)
	f = le.AppendUint32(f, w.rate*uint32(frame))
	f = le.AppendUint16(f, uint16(frame))
	f = le.AppendUint16(f, uint16(w.bits))
	f = append(f, w.extra...)
	size := w.size
	if size < 0 {
		size = int64(len(w.sound))
	}
	body := append(bytes.Clone(w.before), chunk("fmt ", f)...)
	body = append(body, "data"...)
	body = le.AppendUint32(body, uint32(size))
	body = append(append(body, w.sound...), w.after...)
	riff := w.riff
	if riff < 0 {
		riff = int64(len(body)) + 4
	}
	head := le.AppendUint32([]byte(w.id), uint32(riff))
	return append(append(head, w.form...), body...)
}

func chunk(id string, body []byte) []byte {
	b := append([]byte(id), binary.LittleEndian.AppendUint32(nil, uint32(len(body)))...)
	b = append(b, body...)
	if len(body)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func extensible(w wav, tag uint16, valid int) wav {
	w.tag = tagExtensible
	w.extra = binary.LittleEndian.AppendUint16(nil, 22)
	w.extra = binary.LittleEndian.AppendUint16(w.extra, uint16(valid))
	w.extra = append(w.extra, 0, 0, 0, 0)
	w.extra = binary.LittleEndian.AppendUint16(w.extra, tag)
	w.extra = append(w.extra, guidTail...)
	return w
}

func with(w wav, change func(w *wav)) wav {
	change(&w)
	return w
}

func le16(v ...int16) (b []byte) {
	for _, x := range v {
		b = binary.LittleEndian.AppendUint16(b, uint16(x))
	}
	return b
}

func le32(v ...float32) (b []byte) {
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

func TestReadWAV(t *testing.T) {
	two := plain(16, le16(16384, -16384))
	half := []float32{0.5, -0.5}
	tests := map[string]struct {
		file wav
		want []float32
	}{
		"8 bits":            {plain(8, []byte{0, 128, 192, 255}), []float32{-1, 0, 0.5, 127.0 / 128}},
		"16 bits":           {plain(16, le16(-32768, 0, 1, 32767)), []float32{-1, 0, 1.0 / 32768, 32767.0 / 32768}},
		"24 bits":           {plain(24, []byte{0, 0, 0x80, 1, 0, 0, 0, 0, 0x40}), []float32{-1, 1.0 / 8388608, 0.5}},
		"32 bits":           {plain(32, []byte{0, 0, 0, 0x80, 0, 0, 0, 0x40}), []float32{-1, 0.5}},
		"float":             {with(plain(32, le32(0.1, -1.5)), func(w *wav) { w.tag = 3 }), []float32{0.1, -1.5}},
		"double":            {with(plain(64, []byte{0, 0, 0, 0, 0, 0, 0xe0, 0x3f}), func(w *wav) { w.tag = 3 }), []float32{0.5}},
		"A-law":             {with(plain(8, []byte{0xd5, 0x55, 0xaa, 0x2a}), func(w *wav) { w.tag = 6 }), []float32{8.0 / 32768, -8.0 / 32768, 32256.0 / 32768, -32256.0 / 32768}},
		"mu-law":            {with(plain(8, []byte{0xff, 0x80, 0x00}), func(w *wav) { w.tag = 7 }), []float32{0, 32124.0 / 32768, -32124.0 / 32768}},
		"stereo":            {with(plain(16, le16(16384, 0, -16384, -16384)), func(w *wav) { w.channels = 2 }), []float32{0.25, -0.5}},
		"extensible":        {extensible(two, 1, 16), half},
		"extensible float":  {extensible(plain(32, le32(0.5, -0.5)), 3, 32), half},
		"20 of 24 bits":     {extensible(plain(24, []byte{0, 0, 0x40, 0, 0, 0xc0}), 1, 20), half},
		"12 bits":           {plain(12, le16(16384, -16384)), half},
		"chunks before":     {with(two, func(w *wav) { w.before = append(chunk("LIST", []byte("odd")), chunk("JUNK", make([]byte, 99))...) }), half},
		"chunks after":      {with(two, func(w *wav) { w.after = chunk("LIST", []byte("INFO")) }), half},
		"size unknown":      {with(two, func(w *wav) { w.size, w.riff = 1<<32-1, 1<<32-1 }), half},
		"size from sox":     {with(two, func(w *wav) { w.size, w.riff = 0x7ffff000, 0x7ffff024 }), half},
		"size 0":            {with(two, func(w *wav) { w.size, w.riff = 0, 0 }), half},
		"size never filled": {with(two, func(w *wav) { w.size, w.riff = 0, 36 }), half},
		"half a frame":      {with(two, func(w *wav) { w.size, w.riff, w.sound = 0, 0, append(w.sound, 7) }), half},
		"RF64": {with(two, func(w *wav) {
			w.id, w.riff, w.size = "RF64", 1<<32-1, 1<<32-1
			w.before = chunk("ds64", append([]byte{0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0}, make([]byte, 12)...))
			w.after = []byte("more")
		}), half},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Read(bytes.NewReader(test.file.bytes()))
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got.Samples) != fmt.Sprint(test.want) {
				t.Errorf("got %v, want %v", got.Samples, test.want)
			}
			if got.Rate != 16000 || got.Channels != test.file.channels {
				t.Errorf("got %d Hz, %d channels", got.Rate, got.Channels)
			}
		})
	}
}

// Every 16-bit number is itself over 32768, to the bit, as Python's soundfile
// reads it.
func TestReadWAVExact(t *testing.T) {
	var all []int16
	for v := math.MinInt16; v <= math.MaxInt16; v++ {
		all = append(all, int16(v))
	}
	got, err := Read(bytes.NewReader(plain(16, le16(all...)).bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range all {
		if want := float32(v) / 32768; got.Samples[i] != want {
			t.Fatalf("%d became %v, want %v", v, got.Samples[i], want)
		}
	}
}

func TestReadWAVShort(t *testing.T) {
	file := plain(16, le16(make([]int16, 8000)...))
	file.size = 32000 + 2*1600
	got, err := Read(bytes.NewReader(file.bytes()))
	short, ok := errors.AsType[*TruncatedError](err)
	if !ok || short.Missing != 600*time.Millisecond || short.Heard != 500*time.Millisecond || short.Damaged {
		t.Fatalf("error %v (%+v)", err, short)
	}
	if len(got.Samples) != 8000 {
		t.Errorf("got %d samples, want 8000", len(got.Samples))
	}
	const want = "ends 0.6 s before its header says; what is there was used, copy the file again for the rest"
	if err.Error() != want {
		t.Errorf("error %q", err)
	}
}

func TestReadWAVRefuses(t *testing.T) {
	two := plain(16, le16(1, 2))
	tests := map[string]struct {
		file []byte
		want string
	}{
		"only RIFF":       {[]byte("RIFF\x24\x00\x00\x00WAVE"), errNoData.Error()},
		"no data chunk":   {two.bytes()[:36], errNoData.Error()},
		"no samples":      {plain(16, nil).bytes(), ErrNoSamples.Error()},
		"all missing":     {with(two, func(w *wav) { w.sound, w.size = nil, 100 }).bytes(), ErrNoSamples.Error()},
		"0 then LIST":     {with(plain(16, nil), func(w *wav) { w.after = chunk("LIST", []byte("INFO")) }).bytes(), ErrNoSamples.Error()},
		"data first":      {append([]byte("RIFF\xff\x00\x00\x00WAVEdata\x02\x00\x00\x00\x00\x00"), chunk("fmt ", make([]byte, 16))...), errNoFormat.Error()},
		"no channels":     {with(two, func(w *wav) { w.channels, w.frame = 0, 2 }).bytes(), errWAVFormat.Error()},
		"100 channels":    {with(two, func(w *wav) { w.channels = 100 }).bytes(), "says that it has 100 channels; convert it to one or two"},
		"no rate":         {with(two, func(w *wav) { w.rate = 0 }).bytes(), "says that it has 0 samples a second; convert it to 16000"},
		"mad rate":        {with(two, func(w *wav) { w.rate = 4000000000 }).bytes(), "says that it has 4000000000 samples a second; convert it to 16000"},
		"no bits":         {with(two, func(w *wav) { w.bits, w.frame = 0, 2 }).bytes(), errWAVFormat.Error()},
		"too many bits":   {with(two, func(w *wav) { w.bits, w.frame = 24, 2 }).bytes(), errWAVFormat.Error()},
		"ADPCM":           {with(two, func(w *wav) { w.tag, w.bits, w.frame = 0x11, 4, 1024 }).bytes(), "is WAV with IMA ADPCM inside, which is not read; convert it to 16-bit WAV or FLAC"},
		"strange tag":     {with(two, func(w *wav) { w.tag = 0x4242 }).bytes(), "is WAV of format 0x4242 with 16 bits, which is not read; convert it to 16-bit WAV or FLAC"},
		"strange GUID":    {with(extensible(two, 1, 16), func(w *wav) { w.extra[12] = 9 }).bytes(), "has a WAV sub-format that is not read; convert it to 16-bit WAV or FLAC"},
		"NaN":             {with(plain(32, le32(0, float32(math.NaN()))), func(w *wav) { w.tag = 3 }).bytes(), errNoNumbers.Error()},
		"infinity":        {with(plain(32, le32(0, float32(math.Inf(-1)))), func(w *wav) { w.tag = 3 }).bytes(), errNoNumbers.Error()},
		"short format":    {append([]byte("RIFF\xff\x00\x00\x00WAVE"), chunk("fmt ", make([]byte, 14))...), errWAVFormat.Error()},
		"RF64 but RIFF64": {append([]byte("RF65\xff\x00\x00\x00WAVE"), chunk("fmt ", make([]byte, 14))...), ErrUnknown.Error()},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Read(bytes.NewReader(test.file))
			if err == nil || err.Error() != test.want {
				t.Errorf("error %q, want %q", err, test.want)
			}
			if got != nil {
				t.Errorf("got %d samples beside the error", len(got.Samples))
			}
		})
	}
}
