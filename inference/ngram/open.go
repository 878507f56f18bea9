package ngram

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"fermata/inference/ngram/internal/mapped"
	"fermata/inference/ngram/internal/probing"
)

// A Model is an open language model. Its methods are safe for concurrent use,
// but for Close.
type Model struct {
	path   string
	name   string // of the file, for errors
	counts []uint64
	bytes  []byte // the mapped part of the file, read-only
	file   *probing.File
	bound  Word // how many words there are
	end    Word
	begin  State

	using  sync.RWMutex // held for reading by Guard, for writing by Close
	closed bool
}

// Open maps a KenLM binary file of the type "probing". Close the model once
// nothing uses it. An error is one line that names the file and says what to do;
// ARPA files and KenLM's other types are among them.
func Open(path string) (*Model, error) {
	m := &Model{path: path, name: filepath.Base(path)}
	if err := m.open(path); err != nil {
		return nil, fmt.Errorf("%s: %w", m.name, err)
	}
	return m, nil
}

func (m *Model) open(path string) error {
	file, size, err := openFile(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // only read
	header, layout, err := readHeader(file, size)
	if err != nil {
		return err
	}
	if m.bytes, err = mapped.Open(file, layout.Words); err != nil {
		if errors.Is(err, mapped.ErrTooLarge) {
			return errors.New("too large for a 32-bit program; use a 64-bit one")
		}
		return unreadable(err)
	}
	m.counts, m.file = header.Counts, probing.Slice(m.bytes, header, layout)
	if err := m.check(file, header, layout, size); err != nil {
		_ = mapped.Close(m.bytes) // the error that made it useless is the one to tell
		return err
	}
	return nil
}

// openFile opens a file and tells its size. What is no file is not opened, since
// opening a pipe would wait for somebody to write.
func openFile(path string) (*os.File, uint64, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, 0, errors.New("not a file; choose the language model's file itself")
	}
	if err != nil {
		return nil, 0, unreadable(err)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, unreadable(err)
	}
	if info, err = file.Stat(); err != nil {
		_ = file.Close() // only read
		return nil, 0, unreadable(err)
	}
	return file, uint64(info.Size()), nil
}

// unreadable says in our words that the system will not have it.
func unreadable(err error) error {
	var at *os.PathError
	switch {
	case errors.Is(err, os.ErrNotExist):
		return errors.New("there is no such file; choose another one")
	case errors.Is(err, os.ErrPermission):
		return errors.New("it may not be read by you; change its permissions")
	case errors.As(err, &at):
		err = at.Err // the path is named already
	}
	return fmt.Errorf("it cannot be read (%w); copy the file again", err)
}

func readHeader(file *os.File, size uint64) (h probing.Header, l probing.Layout, err error) {
	b := make([]byte, min(size, probing.MaxHeader))
	if _, err := file.ReadAt(b, 0); err != nil {
		return h, l, unreadable(err)
	}
	if h, err = probing.Parse(b); err != nil {
		return h, l, err
	}
	l, err = h.Lay(size)
	return h, l, err
}

// check reads the little that must be right for the scores to be.
func (m *Model) check(file *os.File, h probing.Header, l probing.Layout, size uint64) error {
	var version, bound uint32
	err := m.Guard(func() { version, bound = m.file.Version(), m.file.Bound() })
	switch {
	case err != nil:
		return unreadable(mapped.ErrFault)
	case version != 0:
		return fmt.Errorf("its vocabulary is of version %d, Fermata reads version 0; make the file again with KenLM's build_binary", version)
	case bound == 0 || uint64(bound) > h.Counts[0]+1:
		return fmt.Errorf("the vocabulary claims %d words and the header %d; copy the file again", bound, h.Counts[0])
	}
	if err := checkWords(file, h.Words, bound, l.Words, size); err != nil {
		return err
	}
	m.bound = Word(bound)
	m.end = m.Word("</s>")
	begin := m.Word("<s>")
	err = m.Guard(func() { m.begin = m.after(begin) })
	if err != nil {
		return unreadable(mapped.ErrFault)
	}
	return nil
}

// checkWords makes sure that the file ends with as many words as it has, <unk>
// first, and with nothing else. Counts that lie put the words elsewhere.
func checkWords(file *os.File, there bool, bound uint32, from, size uint64) error {
	if !there {
		if from != size {
			return fmt.Errorf("the file goes on for %d bytes after its tables; copy the file again", size-from)
		}
		return nil
	}
	tail := io.NewSectionReader(file, int64(from), int64(size-from))
	first := make([]byte, len(probing.Unknown)+1)
	if _, err := io.ReadFull(tail, first); err != nil || string(first) != probing.Unknown+"\x00" {
		return errors.New("the words are not where the header says, so it is wrong or the file is cut short; copy the file again")
	}
	words, last := uint64(1), byte(0)
	block := make([]byte, 64<<10)
	for {
		n, err := tail.Read(block)
		if n > 0 {
			words += uint64(bytes.Count(block[:n], []byte{0}))
			last = block[n-1]
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return unreadable(err)
		}
	}
	if last != 0 {
		return errors.New("the last of the words at its end is cut short; copy the file again")
	}
	if words != uint64(bound) {
		return fmt.Errorf("the file ends with %d words instead of %d; copy the file again", words, bound)
	}
	return nil
}
