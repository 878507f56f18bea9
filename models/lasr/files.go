package lasr

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// smallLimit bounds every file that is read whole. The largest, tokenizer.json,
// has 52 KB in Google's checkpoint.
const smallLimit = 64 << 20

// reasonOf is err without the path and the operation, so that a sentence names its
// subject once.
func reasonOf(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// readSmall reads a file of bounded size. A missing one is fs.ErrNotExist.
func readSmall(fsys fs.FS, name string) ([]byte, error) {
	f, err := open(fsys, name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, smallLimit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be read (%w); copy the model folder again", name, reasonOf(err))
	}
	if len(b) > smallLimit {
		return nil, fmt.Errorf("%s: is larger than %d MB; copy the model folder again", name, smallLimit>>20)
	}
	return b, nil
}

func open(fsys fs.FS, name string) (fs.File, error) {
	f, err := fsys.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: %w; copy the whole model folder", name, errMissing)
	case err != nil:
		return nil, fmt.Errorf("%s: cannot be opened (%w); make it readable", name, reasonOf(err))
	}
	return f, nil
}

var errMissing = missing{}

// missing reads as words and still is fs.ErrNotExist.
type missing struct{}

func (missing) Error() string   { return "is missing from the model folder" }
func (missing) Is(t error) bool { return t == fs.ErrNotExist }
