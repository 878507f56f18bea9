package capture

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"

	"github.com/hajimehoshi/go-mp3"
)

// readMP3 reads MPEG-1 and MPEG-2 layer 3, of constant or variable bit rate.
func readMP3(r *bufio.Reader) (*Audio, error) {
	info, err := readMP3Info(r)
	if err != nil {
		return nil, err
	}
	var d *mp3.Decoder
	if err := guard(func() (err error) { d, err = mp3.NewDecoder(r); return err }); err != nil {
		return nil, errDamaged
	}
	c, err := newCollector(d.SampleRate(), 2) // the decoder doubles mono
	if err != nil {
		return nil, err
	}
	c.audio.Channels = info.channels
	c.skip = info.delay
	if info.samples > 0 {
		c.limit = min(c.limit, info.samples)
	}
	damaged, err := decodeMP3(d, c, info.samples)
	switch {
	case err != nil:
		return nil, err
	case damaged || c.frames < info.samples:
		return c.short(missing(info.samples, c.frames), damaged)
	}
	return c.finish(), nil
}

// decodeMP3 gives everything to c, up to the number of samples that were
// promised, if they were.
func decodeMP3(d *mp3.Decoder, c *collector, promised uint64) (damaged bool, err error) {
	bytes := make([]byte, 1152*4)
	samples := make([]float32, 1152*2)
	for promised == 0 || c.frames < promised {
		var n int
		failed := guard(func() (err error) { n, err = io.ReadFull(d, bytes); return err })
		n /= 4
		if promised > 0 {
			n = int(min(uint64(n), promised-c.frames+c.skip))
		}
		wavPCM16(samples[:2*n], bytes)
		if err := c.add(samples[:2*n]); err != nil {
			return false, err
		}
		if failed != nil {
			return !errors.Is(failed, io.EOF) && !errors.Is(failed, io.ErrUnexpectedEOF), nil
		}
	}
	return false, nil
}

var wavPCM16 = wavDecoder(tagInteger, 2)

// mp3Header is the four bytes before a frame (ISO 11172-3, §2.4.2.3; 13818-3).
type mp3Header struct {
	size     int // bytes of the frame
	side     int // bytes of the side information behind the header
	samples  int // a channel
	rate     int
	channels int
}

var (
	mp3Rates = [4]int{44100, 48000, 32000, 0}
	mp3Kbits = [2][16]int{
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},     // MPEG-2
		{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}, // MPEG-1
	}
)

// parseMP3Header reads a frame's header; ok says whether it is one of layer 3.
func parseMP3Header(b []byte) (h mp3Header, ok bool) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe6 != 0xe2 {
		return h, false
	}
	version := b[1] >> 3 & 3 // 3 is MPEG-1, 2 is MPEG-2, 0 is 2.5
	first := int(version & 1)
	mono := b[3]>>6 == 3
	h.rate = mp3Rates[b[2]>>2&3]
	kbits := mp3Kbits[first][b[2]>>4]
	if version == 1 || h.rate == 0 || kbits == 0 {
		return h, false
	}
	h.samples, h.side, h.channels = 1152, 32, 2
	switch version {
	case 0:
		h.rate /= 4
	case 2:
		h.rate /= 2
	}
	if first == 0 {
		h.samples, h.side = 576, 17
	}
	if mono {
		h.side, h.channels = 17-8*(1-first), 1
	}
	h.size = h.samples/8*1000*kbits/h.rate + int(b[2]>>1&1)
	return h, true
}

// isMP3 reports whether head begins with a frame, and then with another one.
func isMP3(head []byte) bool {
	h, ok := parseMP3Header(head)
	if !ok || h.size >= len(head) {
		return ok
	}
	_, ok = parseMP3Header(head[h.size:])
	return ok
}

// mp3Info is what the first frame tells of the whole file. The samples are
// known if it is the silent one that encoders put there for this.
type mp3Info struct {
	channels int
	delay    uint64 // samples to drop at the beginning
	samples  uint64 // that follow then; 0 if not known
}

var errMP3Slow = errors.New("is MP3 of 12 kHz or less (MPEG 2.5), which is not read; convert it to WAV or FLAC")

// readMP3Info passes over the frame that holds the Xing or Info header, with
// LAME's numbers of the samples that encoding has added in front and behind.
func readMP3Info(r *bufio.Reader) (info mp3Info, err error) {
	head, _ := r.Peek(4)
	h, ok := parseMP3Header(head)
	switch {
	case !ok:
		return info, errDamaged
	case h.rate < SampleRate:
		return info, errMP3Slow
	}
	info.channels = h.channels
	frame, err := r.Peek(h.size)
	tag := 4 + h.side
	if err != nil || len(frame) < tag+12 {
		return info, nil
	}
	if name := string(frame[tag : tag+4]); name != "Xing" && name != "Info" {
		return info, nil
	}
	const hasFrames = 1
	if binary.BigEndian.Uint32(frame[tag+4:])&hasFrames != 0 {
		info.samples = uint64(binary.BigEndian.Uint32(frame[tag+8:])) * uint64(h.samples)
	}
	if lame := tag + 120; len(frame) >= lame+24 {
		info.trim(frame[lame+21:])
	}
	_, err = r.Discard(h.size)
	return info, err
}

// trim takes off what encoding has added: two numbers of 12 bits.
func (i *mp3Info) trim(b []byte) {
	const decoder = 529 // the delay of every layer 3 decoder
	delay := uint64(b[0])<<4 | uint64(b[1])>>4
	padding := uint64(b[1]&15)<<8 | uint64(b[2])
	if added := delay + max(padding, decoder); delay > 0 && added < i.samples {
		i.delay = delay + decoder
		i.samples -= added
	}
}
