package capture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"time"
)

// Audio is a recording, made ready to be recognised.
type Audio struct {
	// Samples are mono float32 at [SampleRate], nominally in [-1, 1]: what a
	// file of floating-point numbers holds beyond is left as it is, and
	// resampling may go beyond by a little. A file of 16-bit integers, mono
	// and at SampleRate, gives exactly s/32768.
	Samples  []float32
	Rate     int // hertz, of the file
	Channels int // of the file; they are averaged
}

// longest is how much sound [Read] takes. Some formats write hours of silence
// in a few bytes, so memory has to be bounded by time and not by the file.
const longest = 6 * time.Hour

// The errors of Read about files without sound.
var (
	ErrEmpty     = errors.New("is empty; record or copy it again")
	ErrText      = errors.New("is text, not sound; name a WAV, FLAC or MP3 file")
	ErrUnknown   = errors.New("has no header that says how its sound is stored; convert it to WAV or FLAC")
	ErrNoSamples = errors.New("has a header but no sound after it; record or copy it again")
	ErrTooLong   = fmt.Errorf("is longer than %.0f hours; cut it into parts", longest.Hours())
)

// TruncatedError says that a recording ends early. The Audio that comes with
// it holds everything before that.
type TruncatedError struct {
	Heard   time.Duration // how much there is
	Missing time.Duration // how much more the header promised; 0 if it did not say
	Damaged bool          // there is more, but it cannot be read
}

func (e *TruncatedError) Error() string {
	const rest = "; what is there was used, copy the file again for the rest"
	switch {
	case e.Damaged:
		return fmt.Sprintf("is damaged after %.1f s", e.Heard.Seconds()) + rest
	case e.Missing >= 50*time.Millisecond:
		return fmt.Sprintf("ends %.1f s before its header says", e.Missing.Seconds()) + rest
	case e.Missing > 0:
		return "ends less than 0.1 s before its header says" + rest
	default:
		return "ends in the middle of a block" + rest
	}
}

// Read takes a whole recording from r: WAV (integers of 8 to 32 bits, floats
// of 32 and 64 bits, A-law, mu-law), FLAC or MP3, told apart by their content,
// of any rate from 1 kHz to 1 MHz and of up to 64 channels. The memory it takes
// is bounded by the sound that is really there.
//
// If the recording ends before its header says or is damaged on the way, Read
// returns what came before, together with a [TruncatedError]. With any other
// error there is no Audio. Every error is a sentence without its subject: put
// the file's name before it.
func Read(r io.Reader) (*Audio, error) {
	in := &faulty{r: r}
	audio, err := read(bufio.NewReaderSize(in, peek))
	var truncated *TruncatedError
	switch {
	case in.err != nil:
		return nil, fmt.Errorf("cannot be read to its end: %w; copy it to this computer first", in.err)
	case errors.As(err, &truncated) && len(audio.Samples) == 0:
		return nil, ErrNoSamples
	case err == nil && len(audio.Samples) == 0:
		return nil, ErrNoSamples
	}
	return audio, err
}

// peek is how much of a file is looked at to tell what it is.
const peek = 4096

func read(r *bufio.Reader) (*Audio, error) {
	if err := skipID3(r); err != nil {
		return nil, err
	}
	head, _ := r.Peek(peek)
	decode, err := sniff(head)
	if err != nil {
		return nil, err
	}
	return decode(r)
}

// faulty remembers the error of a reader that is not the end of its data, so
// that a failing disk is not taken for a damaged file.
type faulty struct {
	r   io.Reader
	err error
}

func (f *faulty) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
		if p, ok := errors.AsType[*fs.PathError](err); ok {
			f.err = p.Err // the name is the caller's to tell
		}
	}
	return n, err
}

// seconds is how long frames last at rate, at most what a Duration can hold.
func seconds(frames uint64, rate int) time.Duration {
	s := float64(frames) / float64(rate) * float64(time.Second)
	return time.Duration(math.Min(s, math.MaxInt64/2))
}
