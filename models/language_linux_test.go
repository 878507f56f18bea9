package models

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestLanguageIsNoPipe wants an answer where opening would wait for somebody to
// write into the other end.
func TestLanguageIsNoPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "lm.arpa")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Language(context.Background(), pipe, t.TempDir(), nil); err == nil || !strings.HasPrefix(err.Error(), pipe+": is not a file; ") {
		t.Error(err)
	}
}
