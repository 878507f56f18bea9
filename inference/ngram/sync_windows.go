package ngram

import (
	"errors"

	"golang.org/x/sys/windows"
)

// syncDir does nothing: Windows cannot sync a folder, NTFS logs names by itself.
func syncDir(string) error { return nil }

// diskFull reports whether an error is for want of space.
func diskFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) ||
		errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED)
}
