package ngram

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/ulikunitz/xz"
)

// IsARPA reports whether a file's name is that of an ARPA file, which Convert
// makes a model of: .arpa, .arpa.gz or .arpa.xz, in any case of letters.
func IsARPA(path string) bool {
	name := strings.ToLower(path)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".xz")
	return strings.HasSuffix(name, ".arpa")
}

const (
	gzipMagic = "\x1f\x8b"
	xzMagic   = "\xfd7zXZ\x00"

	// largestDictionary is how much memory unpacking may take: four times what
	// xz -9 asks for.
	largestDictionary = 256 << 20
)

// A source is an ARPA file, packed or not.
type source struct {
	ctx  context.Context
	file *os.File
	size int64        // bytes, packed
	read atomic.Int64 // bytes read so far
}

// A sourceError is an error of the file itself, not of what it holds.
type sourceError struct{ error }

// openSource opens a file and tells its size.
func openSource(ctx context.Context, path string) (*source, error) {
	file, size, err := openFile(path)
	if err != nil {
		return nil, err
	}
	return &source{ctx: ctx, file: file, size: int64(size)}, nil
}

// Read reads the file as it is, until the context ends.
func (s *source) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, sourceError{err}
	}
	n, err := s.file.Read(b)
	s.read.Add(int64(n))
	if err != nil && err != io.EOF {
		err = sourceError{err}
	}
	return n, err
}

// fraction is how much of the file has been read, 0 to 1.
func (s *source) fraction() float64 {
	return min(1, float64(s.read.Load())/float64(max(1, s.size)))
}

// text calls use with what the file holds, unpacked. Unpacking goes on while
// use works, and has ended when text returns.
func (s *source) text(use func(r io.Reader, packed bool) error) error {
	raw := bufio.NewReaderSize(s, longestLine)
	unpack, err := unpacker(raw)
	if err != nil {
		return err
	}
	if unpack == nil {
		return use(raw, false)
	}
	r, w := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = w.CloseWithError(unpack(w)) // never fails
	}()
	err = use(r, true)
	_ = r.CloseWithError(io.ErrClosedPipe) // never fails
	<-done
	return err
}

// unpacker returns what unpacks r to a writer, nil if it is not packed.
func unpacker(r *bufio.Reader) (func(w io.Writer) error, error) {
	first, _ := r.Peek(64) // an error comes again with the next read
	var open func() (io.Reader, error)
	switch {
	case bytes.HasPrefix(first, []byte(gzipMagic)):
		open = func() (io.Reader, error) { return gzip.NewReader(r) }
	case bytes.HasPrefix(first, []byte(xzMagic)):
		if n := dictionary(first); n > largestDictionary {
			return nil, fmt.Errorf("unpacking it takes %d MB of memory; unpack it with xz -d first", n>>20)
		}
		open = func() (io.Reader, error) { return xz.NewReader(r) }
	default:
		return nil, nil
	}
	return func(w io.Writer) error {
		unpacked, err := open()
		if err == nil {
			_, err = io.CopyBuffer(w, unpacked, make([]byte, longestLine))
		}
		if errors.Is(err, io.EOF) { // while a header was read
			err = io.ErrUnexpectedEOF
		}
		return err
	}, nil
}

// dictionary returns the memory that the first block of an .xz file asks for,
// or 0 if it is not to be found at once (the .xz file format, section 3.1).
func dictionary(b []byte) uint64 {
	const block, flags, filters = 12, 13, 14
	if len(b) < filters || b[block] == 0 {
		return 0
	}
	rest := b[filters:]
	for _, present := range []byte{0x40, 0x80} { // packed size, unpacked size
		if b[flags]&present == 0 {
			continue
		}
		end := bytes.IndexFunc(rest, func(r rune) bool { return r < 0x80 })
		rest = rest[end+1:]
	}
	if len(rest) < 3 || rest[0] != 0x21 || rest[2] > 40 { // LZMA2
		return 0
	}
	return uint64(2|rest[2]&1) << (rest[2]/2 + 11)
}

// describe turns an error of reading a packed text into a sentence.
func describe(err error, packed bool) error {
	var file sourceError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &file):
		return unreadable(file.error)
	case packed && errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the packed file is cut short; copy the file again")
	case packed:
		return fmt.Errorf("the packed file is damaged (%s); copy the file again", oneLine(err))
	}
	return unreadable(err)
}

// oneLine is an error's text without line breaks.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
