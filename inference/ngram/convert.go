package ngram

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"fermata/inference/ngram/internal/mapped"
	"fermata/inference/ngram/internal/probing"
)

// partial is how the names of unfinished files end.
const partial = ".partial"

// Convert makes a binary model out of an ARPA file, packed (.gz, .xz) or not:
// byte for byte what KenLM's build_binary makes of it, for orders above one.
// The memory it takes does not depend on the file; what it makes is about 20
// bytes for each n-gram on the disk, mapped while it is filled.
//
// progress may be nil; it is called on the same goroutine with how much of the
// file has been read, never less than before, from 0 to 1. The binary appears
// whole or not at all: it is written beside its place, synced and renamed. An
// error is one line that names the file and the line number but quotes no more
// than a word of it; if ctx ends, it is ctx's.
func Convert(ctx context.Context, arpa, binary string, progress func(fraction float64)) error {
	if progress == nil {
		progress = func(float64) {}
	}
	err := convert(ctx, arpa, binary, progress)
	var out outputError
	switch {
	case err == nil:
		progress(1)
		return nil
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return ctx.Err()
	case errors.As(err, &out):
		return fmt.Errorf("%s: %w", filepath.Dir(binary), out)
	}
	return fmt.Errorf("%s: %w", filepath.Base(arpa), err)
}

func convert(ctx context.Context, path, binary string, progress func(float64)) error {
	in, err := openSource(ctx, path)
	if err != nil {
		return err
	}
	defer func() { _ = in.file.Close() }() // only read
	stopped := func() error {
		progress(in.fraction())
		return ctx.Err()
	}
	return in.text(func(r io.Reader, packed bool) error {
		text := &arpa{lines: newLines(r, packed, stopped)}
		if err := text.header(); err != nil {
			return err
		}
		if err := text.believe(in.size, packed); err != nil {
			return err
		}
		return write(ctx, text, binary)
	})
}

// believe refuses counts that no file of that size can hold: an n-gram takes
// four bytes, and packing saves at most 99 of 100 as ARPA files go.
func (a *arpa) believe(size int64, packed bool) error {
	most := uint64(size) / 4
	if packed {
		most *= 100
	}
	for i, n := range a.counts {
		if n > most || (i == 0 && n > math.MaxUint32-1) {
			return fmt.Errorf("the header claims %d n-grams of order %d, more than there can be in %d bytes; copy the file again", n, i+1, size)
		}
	}
	return nil
}

// An outputError is about the file to be made.
type outputError struct {
	err  error
	need uint64 // bytes
}

func (e outputError) Unwrap() error { return e.err }

func (e outputError) Error() string {
	mb := e.need>>20 + 1
	switch {
	case diskFull(e.err):
		return fmt.Sprintf("the disk is full and the language model needs %d MB; free some space there", mb)
	case errors.Is(e.err, os.ErrPermission):
		return "the language model cannot be stored there; make the folder writable"
	case errors.Is(e.err, os.ErrNotExist):
		return "there is no such folder to store the language model in; make it"
	case errors.Is(e.err, mapped.ErrTooLarge):
		return fmt.Sprintf("the language model needs %d MB, more than a 32-bit program can use; use a 64-bit one", mb)
	}
	return fmt.Sprintf("the language model cannot be stored there (%s); choose another folder", oneLine(reason(e.err)))
}

// reason is the innermost error of the file system.
func reason(err error) error {
	var path *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// write makes the binary of a text whose header has been read.
func write(ctx context.Context, text *arpa, binary string) (err error) {
	header := probing.Header{Counts: text.counts, Multiplier: probing.Multiplier, Words: true}
	layout, err := header.Lay(probing.MaxSize)
	if err != nil {
		return err
	}
	sweep(binary)
	f, err := os.CreateTemp(filepath.Dir(binary), filepath.Base(binary)+".*"+partial)
	if err != nil {
		return outputError{err, layout.Words}
	}
	defer func() {
		if err != nil {
			_ = f.Close() // perhaps for the second time
			_ = os.Remove(f.Name())
		}
	}()
	if err := zero(ctx, f, layout.Words); err != nil {
		return err
	}
	if err := fill(f, text, header, layout); err != nil {
		return err
	}
	err = errors.Join(f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), binary)
	}
	if err == nil {
		err = syncDir(filepath.Dir(binary))
	}
	if err != nil {
		return outputError{err, layout.Words}
	}
	return nil
}

// sweep removes what a process left that was ended while it converted.
func sweep(binary string) {
	left, _ := filepath.Glob(binary + ".*" + partial)
	for _, name := range left {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(name)
		}
	}
}

// zero gives a file its size by writing all of it, so that a full disk shows
// here, as an error, and not later, as a fault on a page without a place.
func zero(ctx context.Context, w io.Writer, size uint64) error {
	block := make([]byte, 1<<20)
	for left := size; left > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(left, uint64(len(block)))
		if _, err := w.Write(block[:n]); err != nil {
			return outputError{err, size}
		}
		left -= n
	}
	return nil
}

// fill writes tables and words, and the header last.
func fill(f *os.File, text *arpa, header probing.Header, layout probing.Layout) error {
	bytes, err := mapped.Create(f, layout.Words)
	if err != nil {
		return outputError{err, layout.Words}
	}
	words := bufio.NewWriter(io.NewOffsetWriter(f, int64(layout.Words)))
	fault := mapped.Guard(bytes, func() {
		b := newBuilder(probing.Slice(bytes, header, layout), words)
		if err = b.build(text); err == nil {
			copy(bytes, header.Encode())
		}
	})
	if fault != nil {
		err = outputError{fault, layout.Words}
	}
	if err == nil {
		if flushed := errors.Join(words.Flush(), mapped.Flush(f, bytes)); flushed != nil {
			err = outputError{flushed, layout.Words}
		}
	}
	if closed := mapped.Close(bytes); err == nil && closed != nil {
		err = outputError{closed, layout.Words}
	}
	return err
}
