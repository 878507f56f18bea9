package cli

import (
	"errors"
	"io/fs"
	"syscall"
)

// fileError turns what the system says of a file into what is wrong and what
// to do, without the path: the caller's line begins with it.
func fileError(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file; check the name")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("may not be opened; check its permissions")
	case errors.Is(err, syscall.ENOSPC):
		return errors.New("the disk is full; free some space")
	case errors.Is(err, syscall.EROFS):
		return errors.New("lies on a disk that cannot be written; choose another place")
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
