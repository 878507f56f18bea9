package capture

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// Errors of WAV files whose chunks do not fit together.
var (
	errNoData   = errors.New("ends before its sound begins; copy the file again")
	errNoFormat = errors.New("has sound before the header that describes it; convert it again to WAV")
)

// wavFile is what the chunks before the sound have told.
type wavFile struct {
	riff   uint64 // size in the RIFF header, of all that follows it
	at     uint64 // bytes read
	ds64   uint64 // size of the sound in a file beyond 4 GiB (EBU Tech 3306)
	format *wavFormat
}

// readWAV reads RIFF WAVE, and RF64 and BW64, which are the same with 64-bit
// sizes. Chunks may come in any order as long as "fmt " comes before "data".
func readWAV(r *bufio.Reader) (*Audio, error) {
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, errNoData
	}
	switch string(head[:4]) {
	case "RIFF", "RF64", "BW64":
	default:
		return nil, ErrUnknown
	}
	w := &wavFile{riff: uint64(binary.LittleEndian.Uint32(head[4:])), at: 12}
	for {
		id, size, err := w.chunk(r)
		if err != nil {
			return nil, err
		}
		if id == "data" {
			return w.data(r, size)
		}
		if err := w.header(r, id, size); err != nil {
			return nil, err
		}
	}
}

// chunk reads the name and size of the next one.
func (w *wavFile) chunk(r *bufio.Reader) (string, uint64, error) {
	var b [8]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return "", 0, errNoData
	}
	w.at += 8
	return string(b[:4]), uint64(binary.LittleEndian.Uint32(b[4:])), nil
}

// header takes in a chunk that is not the sound, or passes over it.
func (w *wavFile) header(r *bufio.Reader, id string, size uint64) error {
	body := make([]byte, min(size, 40)) // of those that are needed, all that is needed
	if _, err := io.ReadFull(r, body); err != nil {
		return errNoData
	}
	padded := size + size%2
	if _, err := io.CopyN(io.Discard, r, int64(padded)-int64(len(body))); err != nil {
		return errNoData
	}
	w.at += padded
	var err error
	switch {
	case id == "fmt ":
		w.format, err = parseWAVFormat(body)
	case id == "ds64" && len(body) >= 16:
		w.ds64 = binary.LittleEndian.Uint64(body[8:])
	}
	return err
}

// data reads the sound itself.
func (w *wavFile) data(r *bufio.Reader, size uint64) (*Audio, error) {
	if w.format == nil {
		return nil, errNoFormat
	}
	f := w.format
	c, err := newCollector(f.rate, f.channels)
	if err != nil {
		return nil, err
	}
	size, known := w.dataSize(size)
	want := size / uint64(f.frame)
	bytes := make([]byte, 4096*f.frame)
	samples := make([]float32, 4096*f.channels)
	for !known || c.frames < want {
		block := bytes
		if known {
			block = bytes[:min(want-c.frames, 4096)*uint64(f.frame)]
		}
		n, err := io.ReadFull(r, block)
		frames := n / f.frame
		f.decode(samples[:frames*f.channels], block)
		if err := c.add(samples[:frames*f.channels]); err != nil {
			return nil, err
		}
		if err != nil {
			break
		}
	}
	if known && c.frames < want {
		return c.short(want-c.frames, false)
	}
	return c.finish(), nil
}

// dataSize is how many bytes of sound the file says it has, and whether it
// says so at all. Who writes into a pipe, or dies while recording, leaves the
// size at 0 or at the greatest number it could write: the sound goes on then
// until the file ends.
func (w *wavFile) dataSize(size uint64) (uint64, bool) {
	const slack = 1 << 16 // sox and others round the greatest number down
	switch {
	case size == 1<<32-1 && w.ds64 > 0:
		return w.ds64, true
	case size > 1<<32-slack, size > 1<<31-slack && size <= 1<<31:
		return 0, false
	case size == 0 && w.riff+8 <= w.at, size == 0 && w.riff == 1<<32-1:
		return 0, false
	}
	return size, true
}
