package capture

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadRefuses(t *testing.T) {
	const convert = ", which is not read; convert it to WAV or FLAC"
	raw := make([]byte, 5000)
	for i := range raw {
		raw[i] = byte(i * i >> 3)
	}
	for name, test := range map[string]struct{ file, want string }{
		"empty":      {"", ErrEmpty.Error()},
		"text":       {"# Notes\nThe patient – a 61-year-old – says…\n", ErrText.Error()},
		"long text":  {strings.Repeat("größer ", 2000), ErrText.Error()},
		"raw":        {string(raw), ErrUnknown.Error()},
		"zeros":      {string(make([]byte, 9000)), ErrUnknown.Error()},
		"two bytes":  {"\x00\x01", ErrUnknown.Error()},
		"Opus":       {"OggS\x00\x02" + string(make([]byte, 22)) + "\x01\x13OpusHead", "is Ogg (Vorbis or Opus)" + convert},
		"M4A":        {"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00", "is M4A or MP4 (AAC)" + convert},
		"WebM":       {"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01", "is WebM or Matroska" + convert},
		"AIFF":       {"FORM\x00\x00\x10\x00AIFFCOMM", "is AIFF" + convert},
		"AAC":        {"\xff\xf1\x50\x80\x02\x1f\xfc", "is AAC" + convert},
		"only ID3":   {"ID3\x04\x00\x00\x7f\x7f\x7f\x7f", ErrNoSamples.Error()},
		"ID3, text":  {"ID3\x04\x00\x00\x00\x00\x00\x02xxhello there", ErrText.Error()},
		"FLAC magic": {"fLaC", errDamaged.Error()},
		"MP3 2.5":    {string(mp3Frames(0xe3, 3)), errMP3Slow.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			audio, err := Read(strings.NewReader(test.file))
			if audio != nil || err == nil || err.Error() != test.want {
				t.Errorf("error %q, want %q", err, test.want)
			}
		})
	}
}

// mp3Frames is silent frames of 32 kbit/s mono, MPEG-2.5 at 11025 Hz for 0xe3.
func mp3Frames(second byte, n int) []byte {
	head := []byte{0xff, second, 0x40, 0xc0}
	h, ok := parseMP3Header(head)
	if !ok {
		panic("no header")
	}
	return bytes.Repeat(append(head, make([]byte, h.size-4)...), n)
}

// A disk that fails is not a damaged file.
func TestReadFails(t *testing.T) {
	broken := &fs.PathError{Op: "read", Path: "/secret/name.wav", Err: errors.New("input/output error")}
	file := plain(16, le16(1, 2, 3)).bytes()
	_, err := Read(io.MultiReader(bytes.NewReader(file[:46]), iotest.ErrReader(broken)))
	const want = "cannot be read to its end: input/output error; copy it to this computer first"
	if err == nil || err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

// Sound comes in pieces of any size, as from a pipe.
func TestReadPieces(t *testing.T) {
	file := plain(16, le16(1, 2, 3, 4, 5)).bytes()
	audio, err := Read(iotest.OneByteReader(bytes.NewReader(file)))
	if err != nil || len(audio.Samples) != 5 {
		t.Fatalf("%v, %v", audio, err)
	}
}

func TestTruncatedError(t *testing.T) {
	const rest = "; what is there was used, copy the file again for the rest"
	for want, err := range map[string]*TruncatedError{
		"ends 1.2 s before its header says":           {Missing: 1_200_000_000},
		"ends less than 0.1 s before its header says": {Missing: 1000},
		"ends in the middle of a block":               {},
		"is damaged after 3.5 s":                      {Damaged: true, Heard: 3_500_000_000, Missing: 1},
		"ends 4611686018.4 s before its header says":  {Missing: seconds(1<<63, 1000)},
	} {
		if got := err.Error(); got != want+rest {
			t.Errorf("error %q, want %q", got, want+rest)
		}
	}
}
