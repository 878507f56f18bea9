package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// The format tags of WAV that are read, and the one that says "see the GUID".
const (
	tagInteger    = 1
	tagFloat      = 3
	tagALaw       = 6
	tagMuLaw      = 7
	tagExtensible = 0xfffe
)

// refused are the other tags that people meet, by name.
var refused = map[uint16]string{
	0x02: "Microsoft ADPCM", 0x11: "IMA ADPCM", 0x22: "TrueSpeech", 0x31: "GSM 6.10",
	0x50: "MPEG", 0x55: "MP3", 0xff: "AAC", 0x160: "Windows Media", 0x161: "Windows Media", 0x1600: "AAC",
}

// guidTail is what all sub-formats of WAVE_FORMAT_EXTENSIBLE end with that are
// a plain format tag (mmreg.h, KSDATAFORMAT_SUBTYPE_WAVEFORMATEX).
const guidTail = "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"

var errWAVFormat = errors.New("has a header that contradicts itself; convert it again to WAV")

// wavFormat is the "fmt " chunk, checked.
type wavFormat struct {
	rate, channels int
	frame          int // bytes, all channels
	decode         func(dst []float32, src []byte)
}

// parseWAVFormat reads the chunk, of which body holds the first 40 bytes at
// most. Valid bits need no care: fewer than the container has stand at its top.
func parseWAVFormat(body []byte) (*wavFormat, error) {
	if len(body) < 16 {
		return nil, errWAVFormat
	}
	tag := binary.LittleEndian.Uint16(body)
	channels := int(binary.LittleEndian.Uint16(body[2:]))
	rate := binary.LittleEndian.Uint32(body[4:])
	frame := int(binary.LittleEndian.Uint16(body[12:]))
	bits := int(binary.LittleEndian.Uint16(body[14:]))
	if tag == tagExtensible {
		if len(body) < 40 || string(body[26:40]) != guidTail {
			return nil, errors.New("has a WAV sub-format that is not read; convert it to 16-bit WAV or FLAC")
		}
		tag = binary.LittleEndian.Uint16(body[24:])
	}
	if name, ok := refused[tag]; ok {
		return nil, fmt.Errorf("is WAV with %s inside, which is not read; convert it to 16-bit WAV or FLAC", name)
	}
	if channels == 0 || frame%channels != 0 || bits == 0 || bits > 8*frame/channels {
		return nil, errWAVFormat
	}
	decode := wavDecoder(tag, frame/channels)
	if decode == nil {
		return nil, fmt.Errorf("is WAV of format %#x with %d bits, which is not read; convert it to 16-bit WAV or FLAC", tag, bits)
	}
	return &wavFormat{rate: int(rate), channels: channels, frame: frame, decode: decode}, nil
}

// wavDecoder is how samples of that many bytes become numbers, nil if unknown.
// len(dst) samples are taken from src.
func wavDecoder(tag uint16, bytes int) func(dst []float32, src []byte) {
	le := binary.LittleEndian
	var one func(b []byte) float32
	switch [2]int{int(tag), bytes} {
	case [2]int{tagInteger, 1}:
		one = func(b []byte) float32 { return (float32(b[0]) - 128) / 128 }
	case [2]int{tagInteger, 2}:
		one = func(b []byte) float32 { return float32(int16(le.Uint16(b))) / 32768 }
	case [2]int{tagInteger, 3}:
		one = func(b []byte) float32 {
			return float32(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)>>8) / 8388608
		}
	case [2]int{tagInteger, 4}:
		one = func(b []byte) float32 { return float32(int32(le.Uint32(b))) / 2147483648 }
	case [2]int{tagFloat, 4}:
		one = func(b []byte) float32 { return math.Float32frombits(le.Uint32(b)) }
	case [2]int{tagFloat, 8}:
		one = func(b []byte) float32 { return float32(math.Float64frombits(le.Uint64(b))) }
	case [2]int{tagALaw, 1}:
		one = func(b []byte) float32 { return aLaw(b[0]) }
	case [2]int{tagMuLaw, 1}:
		one = func(b []byte) float32 { return muLaw(b[0]) }
	default:
		return nil
	}
	return func(dst []float32, src []byte) {
		for i := range dst {
			dst[i] = one(src[i*bytes:])
		}
	}
}

// aLaw and muLaw are the companding of telephones (ITU-T G.711), as numbers
// of 16 bits over 32768.
func aLaw(b byte) float32 {
	b ^= 0x55
	x := int(b&0x0f)<<4 + 8
	if exponent := b >> 4 & 7; exponent > 0 {
		x = (x + 0x100) << (exponent - 1)
	}
	if b&0x80 == 0 {
		x = -x
	}
	return float32(x) / 32768
}

func muLaw(b byte) float32 {
	b = ^b
	x := (int(b&0x0f)<<3+0x84)<<(b>>4&7) - 0x84
	if b&0x80 != 0 {
		x = -x
	}
	return float32(x) / 32768
}
