package onnx

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// fetch is what to do about a library that cannot be used.
const fetch = "run `make runtime` in Fermata's source, which fetches the right one, or set " + environment + " to its path"

// check returns nil if the file at path is the pinned library to the byte.
// It must come before dlopen, in which a truncated library ends the process
// with SIGBUS and another version may crash at the end.
func check(path string, p pin) error {
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: ONNX Runtime's library is not there; %s", path, fetch)
	case err != nil:
		return fmt.Errorf("%s: ONNX Runtime's library cannot be read (%w); make it readable", path, cause(err))
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("%s: ONNX Runtime's library cannot be read (%w); copy it again", path, cause(err))
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: is not a file; %s", path, fetch)
	}
	if info.Size() == p.size {
		sum := sha256.New()
		if _, err := io.Copy(sum, file); err != nil {
			return fmt.Errorf("%s: ONNX Runtime's library cannot be read (%w); copy it again", path, cause(err))
		}
		if hex.EncodeToString(sum.Sum(nil)) == p.sha256 {
			return nil
		}
	}
	return fmt.Errorf("%s: %s; %s", path, wrong(file, info.Size(), p), fetch)
}

// wrong says what is wrong with a library that is not the pinned one.
func wrong(file io.ReaderAt, size int64, p pin) string {
	version, whole := elfVersion(file)
	switch {
	case size == 0:
		return "is empty"
	case !binary(file):
		return "is not a library"
	case version != "" && version != p.version:
		return fmt.Sprintf("is ONNX Runtime %s, Fermata needs %s", version, p.version)
	case whole && version == "":
		return fmt.Sprintf("is a library, but not ONNX Runtime %s", p.version)
	case size < p.size && version == "":
		return fmt.Sprintf("is cut short (%d of %d bytes)", size, p.size)
	case size == p.size:
		return fmt.Sprintf("is damaged, its contents are not those of ONNX Runtime %s", p.version)
	default:
		return fmt.Sprintf("is not the build of ONNX Runtime %s that Fermata is tested with", p.version)
	}
}

// binary reports whether the file begins as a library of some system does.
func binary(file io.ReaderAt) bool {
	head := make([]byte, 4)
	n, _ := file.ReadAt(head, 0)
	for _, magic := range []string{elf.ELFMAG, "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "MZ"} {
		if bytes.HasPrefix(head[:n], []byte(magic)) {
			return true
		}
	}
	return false
}

// elfVersion returns the version a Linux build of ONNX Runtime gives its
// symbols, "VERS_1.30.0", without the prefix. whole says that the file is an
// ELF library with all its sections, even if it is none of ONNX Runtime.
func elfVersion(file io.ReaderAt) (version string, whole bool) {
	f, err := elf.NewFile(file)
	if err != nil {
		return "", false
	}
	defer func() { _ = f.Close() }()
	versions, err := f.DynamicVersions()
	if err != nil {
		return "", f.Type == elf.ET_DYN || f.Type == elf.ET_EXEC
	}
	for _, v := range versions {
		if rest, ok := strings.CutPrefix(v.Name, "VERS_"); ok {
			return rest, true
		}
	}
	return "", true
}
