package capture

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// decoder turns a file of one format into samples, as [Read] says.
type decoder func(r *bufio.Reader) (*Audio, error)

// formats are the ones that Read knows: by bytes at an offset.
var formats = []struct {
	offset int
	magic  string
	decode decoder // nil if it is refused by its name
	name   string
}{
	{8, "WAVE", readWAV, "WAV"},
	{0, "fLaC", readFLAC, "FLAC"},
	{0, "OggS", nil, "Ogg (Vorbis or Opus)"},
	{4, "ftyp", nil, "M4A or MP4 (AAC)"},
	{0, "\x1a\x45\xdf\xa3", nil, "WebM or Matroska"},
	{0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", nil, "Windows Media (WMA)"},
	{0, "FORM", nil, "AIFF"},
	{0, ".snd", nil, "AU"},
	{0, "caff", nil, "Core Audio (CAF)"},
	{0, "#!AMR", nil, "AMR"},
	{0, "riff\x2e\x91\xcf\x11", nil, "Wave64"},
	{0, "RIFX", nil, "big-endian WAV (RIFX)"},
	{0, "wvpk", nil, "WavPack"},
	{0, "MAC ", nil, "Monkey's Audio"},
	{0, "MThd", nil, "MIDI"},
	{8, "AVI ", nil, "AVI video"},
}

// sniff tells by the beginning of a file how to decode it, or why it cannot be.
func sniff(head []byte) (decoder, error) {
	if len(head) == 0 {
		return nil, ErrEmpty
	}
	for _, f := range formats {
		if len(head) < f.offset || !bytes.HasPrefix(head[f.offset:], []byte(f.magic)) {
			continue
		}
		if f.decode == nil {
			return nil, fmt.Errorf("is %s, which is not read; convert it to WAV or FLAC", f.name)
		}
		return f.decode, nil
	}
	switch {
	case isMP3(head):
		return readMP3, nil
	case isADTS(head):
		return nil, errors.New("is AAC, which is not read; convert it to WAV or FLAC")
	case isText(head):
		return nil, ErrText
	}
	return nil, ErrUnknown
}

// isText reports whether head is readable UTF-8. A character cut at the end of
// head does not count.
func isText(head []byte) bool {
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 {
			return i > 0 && len(head)-i < utf8.UTFMax && len(head) == peek
		}
		if !unicode.IsPrint(r) && !unicode.IsSpace(r) && r != '\ufeff' {
			return false
		}
		i += n
	}
	return true
}

// isADTS reports whether head is a frame of bare AAC (ISO 13818-7, ADTS).
func isADTS(head []byte) bool {
	return len(head) > 2 && head[0] == 0xff && head[1]&0xf6 == 0xf0
}

// skipID3 passes over the tags that may stand before MP3 and FLAC (ID3v2.4, §3.1).
func skipID3(r *bufio.Reader) error {
	for {
		b, err := r.Peek(10)
		if err != nil || string(b[:3]) != "ID3" {
			return nil // too short for a tag: sniff says what it is
		}
		size := int(b[6]&0x7f)<<21 | int(b[7]&0x7f)<<14 | int(b[8]&0x7f)<<7 | int(b[9]&0x7f)
		if _, err := r.Discard(10 + size); err != nil {
			return ErrNoSamples
		}
	}
}
