package capture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"sync"

	"github.com/mewkiz/flac"
	"github.com/mewkiz/flac/frame"
)

var errDamaged = errors.New("is damaged at its beginning; copy the file again or convert it to WAV")

// readFLAC reads FLAC of any kind. What comes before damage is kept.
func readFLAC(r *bufio.Reader) (*Audio, error) {
	defer hush()()
	var stream *flac.Stream
	if err := guard(func() (err error) { stream, err = flac.New(r); return err }); err != nil {
		return nil, errDamaged
	}
	info := stream.Info
	c, err := newCollector(int(info.SampleRate), int(info.NChannels))
	if err != nil {
		return nil, err
	}
	var interleaved []float32
	for {
		block, err := nextFLAC(stream)
		switch {
		case errors.Is(err, io.EOF) && c.frames < info.NSamples:
			return c.short(info.NSamples-c.frames, false)
		case errors.Is(err, io.EOF):
			return c.finish(), nil
		case err != nil:
			return c.short(missing(info.NSamples, c.frames), !errors.Is(err, io.ErrUnexpectedEOF))
		}
		interleaved = appendFLAC(interleaved[:0], block)
		if err := c.add(interleaved); err != nil {
			return nil, err
		}
	}
}

func missing(promised, heard uint64) uint64 {
	return max(promised, heard) - heard
}

// nextFLAC decodes the next block of the stream.
func nextFLAC(stream *flac.Stream) (*frame.Frame, error) {
	var block *frame.Frame
	err := guard(func() (err error) {
		if block, err = stream.Next(); err != nil {
			return err
		}
		if block.BitsPerSample == 0 { // a block may leave it to the header
			block.BitsPerSample = stream.Info.BitsPerSample
		}
		return block.Parse()
	})
	if err != nil {
		return nil, err
	}
	if len(block.Subframes) != int(stream.Info.NChannels) || block.BitsPerSample != stream.Info.BitsPerSample {
		return nil, errDamaged
	}
	for _, channel := range block.Subframes {
		if len(channel.Samples) != int(block.BlockSize) {
			return nil, errDamaged
		}
	}
	return block, nil
}

// appendFLAC appends the block's samples, channels interleaved, full scale
// being 1.
func appendFLAC(dst []float32, block *frame.Frame) []float32 {
	scale := 1 / float32(uint64(1)<<(block.BitsPerSample-1))
	for i := range int(block.BlockSize) {
		for _, channel := range block.Subframes {
			dst = append(dst, float32(channel.Samples[i])*scale)
		}
	}
	return dst
}

// guard calls a decoder that was not written for hostile files, and makes an
// error of its panic.
func guard(decode func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the decoder gave up: %v", p)
		}
	}()
	return decode()
}

var hushed sync.Mutex

// hush silences the standard logger until the function it returns is called:
// the FLAC decoder logs a request to its authors for files of some rates, and
// the command line promises its standard error to be its own.
func hush() (undo func()) {
	hushed.Lock()
	before := log.Writer()
	log.SetOutput(io.Discard)
	return func() {
		log.SetOutput(before)
		hushed.Unlock()
	}
}
