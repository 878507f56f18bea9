package lasr

import (
	"io/fs"
	"syscall"
)

// fileIdentity is what tells a file from every other and from itself after a change:
// device, number, and the time of the last change of content or name.
func fileIdentity(info fs.FileInfo) (id [3]int64, ok bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return id, false
	}
	return [3]int64{int64(s.Dev), int64(s.Ino), s.Ctim.Nano()}, true
}
