package lasr_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"fermata/models/lasr"
)

// asNobody runs f with a file system identity that has no rights, even if the test
// runs as root.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		const nobody = 65534
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0); errno != 0 {
			t.Errorf("setfsuid: %v", errno)
			return
		}
		f()
	}()
	<-done
}

func TestCachedInAFolderThatIsReadOnly(t *testing.T) {
	dir, err := os.MkdirTemp("", "readonly")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	c := open(t, files(t, "c"))
	graph := cached(t, c, dir)
	for _, d := range []string{dir, filepath.Dir(graph)} {
		if err := os.Chmod(d, 0o555); err != nil {
			t.Fatal(err)
		}
	}
	inMemory := open(t, files(t, "a"))
	asNobody(t, func() {
		_, err := inMemory.Cached(context.Background(), dir, lasr.FP32)
		want := dir + ": the model's graph cannot be stored there (permission denied); make the folder writable or set XDG_CACHE_HOME to another folder"
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if again, err := c.Cached(context.Background(), dir, lasr.FP32); err != nil || again != graph {
			t.Errorf("an entry that is there: %q, %v", again, err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestStoreErrorOnAFullDisk(t *testing.T) {
	full := &os.PathError{Op: "write", Path: "/x/y", Err: syscall.ENOSPC}
	err := &lasr.StoreError{Dir: "/cache", Need: 421 << 20, Err: full}
	want := "/cache: the disk is full and the model's graph needs 422 MB; free space there or set XDG_CACHE_HOME to another folder"
	if err.Error() != want || !errors.Is(err, syscall.ENOSPC) {
		t.Error(err)
	}
	// A real device that is full: the graph's writes fail there as on a full disk.
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink("/dev/full", filepath.Join(dir, lasr.DataFile)); err != nil {
		t.Fatal(err)
	}
	if err := open(t, os.DirFS("testdata/a")).Build(dir, lasr.FP32); !errors.Is(err, syscall.ENOSPC) || strings.Contains(err.Error(), "\n") {
		t.Errorf("Build: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}
