package lasr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Cached returns the path of the checkpoint's graph in p below cacheDir, in a
// folder named by [Checkpoint.Hash] and p, and builds it first if it is not there
// or is damaged. Int8 for a processor with other instructions is another graph. It
// appears whole or not at all: it is built in a folder beside, synced and renamed.
// Processes may do so at the same time. An entry that is there needs no right to
// write. The weights are read once and then again whenever one of their files is
// another than the one that was read. When ctx ends Cached returns its error; what is
// wrong with cacheDir is a [*StoreError].
func (c *Checkpoint) Cached(ctx context.Context, cacheDir string, p Precision) (graph string, err error) {
	if err := p.check(); err != nil {
		return "", err
	}
	hash, err := c.knownHash(ctx, cacheDir)
	if err != nil {
		return "", err
	}
	net := c.network(p)
	entry := filepath.Join(cacheDir, hash+"-"+net.numeral.String())
	graph = filepath.Join(entry, GraphFile)
	if net.whole(entry) {
		return graph, nil
	}
	if err := c.fill(ctx, cacheDir, entry, net); err != nil {
		return "", net.storeError(cacheDir, err)
	}
	return graph, nil
}

// whole reports whether an entry is what Build would write, as far as the graph's
// bytes and the size of its data tell.
func (n *network) whole(entry string) bool {
	_, size := n.layout()
	info, err := os.Stat(filepath.Join(entry, DataFile))
	if err != nil || !info.Mode().IsRegular() || info.Size() != size {
		return false
	}
	want := n.model(DataFile)
	f, err := os.Open(filepath.Join(entry, GraphFile))
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	got, err := io.ReadAll(io.LimitReader(f, int64(len(want))+1))
	return err == nil && bytes.Equal(got, want)
}

// building is how the folders begin in which entries are built.
const building = ".building-"

// fill builds the entry beside its place and renames it there.
func (c *Checkpoint) fill(ctx context.Context, cacheDir, entry string, net *network) error {
	if err := os.MkdirAll(cacheDir, 0o700); err != nil {
		return err
	}
	sweep(cacheDir)
	dir, err := os.MkdirTemp(cacheDir, building+"*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := c.build(ctx, dir, net); err != nil {
		return err
	}
	if err := syncDir(dir); err != nil {
		return err
	}
	if err := publish(dir, entry); err != nil {
		return err
	}
	return syncDir(cacheDir)
}

// publish moves what was built to its place. If another process was faster, or a
// damaged entry lies there, each file replaces the one there: both are of the same
// content, so whoever has the old one open loses nothing.
func publish(dir, entry string) error {
	if os.Rename(dir, entry) == nil {
		return nil
	}
	for _, name := range []string{DataFile, GraphFile} {
		if err := os.Rename(filepath.Join(dir, name), filepath.Join(entry, name)); err != nil {
			return err
		}
	}
	return syncDir(entry)
}

// sweep removes what a process left that was killed while it was building.
func sweep(cacheDir string) {
	left, _ := filepath.Glob(filepath.Join(cacheDir, building+"*"))
	for _, dir := range left {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.RemoveAll(dir)
		}
	}
}

// A StoreError says why a graph could not be kept in the cache folder Dir, as
// distinct from what is wrong with the checkpoint itself.
type StoreError struct {
	Dir  string
	Need int64 // bytes the graph takes
	Err  error
}

// Unwrap returns the cause.
func (e *StoreError) Unwrap() error { return e.Err }

// Error is one line that says what to do.
func (e *StoreError) Error() string {
	switch {
	case errors.Is(e.Err, syscall.ENOSPC), errors.Is(e.Err, syscall.EDQUOT):
		return fmt.Sprintf("%s: the disk is full and the model's graph needs %d MB; free space there or set XDG_CACHE_HOME to another folder", e.Dir, e.Need>>20+1)
	case errors.Is(e.Err, fs.ErrPermission), errors.Is(e.Err, syscall.EROFS):
		return fmt.Sprintf("%s: the model's graph cannot be stored there (%s); make the folder writable or set XDG_CACHE_HOME to another folder", e.Dir, syscallReason(e.Err))
	}
	return fmt.Sprintf("%s: the model's graph cannot be stored there (%s); set XDG_CACHE_HOME to another folder", e.Dir, syscallReason(e.Err))
}

// storeError tells errors of the cache folder from those of the checkpoint, which
// already are one line.
func (n *network) storeError(cacheDir string, err error) error {
	var file *fs.PathError
	var link *os.LinkError
	if !errors.As(err, &file) && !errors.As(err, &link) {
		return err
	}
	_, size := n.layout()
	return &StoreError{Dir: cacheDir, Need: size, Err: err}
}

// syscallReason is the innermost reason of an error of the file system.
func syscallReason(err error) error {
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return reasonOf(err)
}
