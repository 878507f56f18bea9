package onnx

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// cudaEnvironment names the folder of the CUDA provider.
const cudaEnvironment = "FERMATA_CUDA"

// The CUDA provider is two files of ONNX Runtime's GPU release, in its folder
// lib, or of the wheel onnxruntime-gpu, in its folder onnxruntime/capi.
const (
	cudaProvider   = "libonnxruntime_providers_cuda.so"
	sharedProvider = "libonnxruntime_providers_shared.so"
)

// cudaFolder is where the provider should be: the folder that is named, or
// else that of the library.
func cudaFolder(named, library string) string {
	if named == "" {
		named = os.Getenv(cudaEnvironment)
	}
	if named == "" {
		named = filepath.Dir(library)
	}
	if path, err := filepath.Abs(named); err == nil {
		return path
	}
	return named
}

// checkCUDA says what is wrong with the provider in a folder, as far as it can
// be known without loading it: one of another version ends the process with
// the first call.
func checkCUDA(folder string) error {
	for _, name := range []string{cudaProvider, sharedProvider} {
		if err := checkProvider(folder, name); err != nil {
			return err
		}
	}
	return nil
}

// linked returns the path from which the library is to be loaded: ONNX Runtime
// takes its providers from its own folder, so that where the CUDA provider
// lies elsewhere, a folder of links brings them together. It is removed by
// remove.
func linked(library, folder string) (path string, remove func(), err error) {
	nothing := func() {}
	if folder == filepath.Dir(library) || !there(folder) {
		return library, nothing, nil
	}
	dir, err := os.MkdirTemp("", "fermata-cuda-*")
	if err != nil {
		return "", nothing, err
	}
	remove = func() { _ = os.RemoveAll(dir) }
	path = filepath.Join(dir, filepath.Base(library))
	err = os.Symlink(library, path)
	for _, name := range []string{cudaProvider, sharedProvider} {
		err = errors.Join(err, os.Symlink(filepath.Join(folder, name), filepath.Join(dir, name)))
	}
	if err != nil {
		remove()
		return "", nothing, err
	}
	return path, remove, nil
}

// there reports whether a folder has the provider's two files.
func there(folder string) bool {
	for _, name := range []string{cudaProvider, sharedProvider} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			return false
		}
	}
	return true
}

func checkProvider(folder, name string) error {
	path := filepath.Join(folder, name)
	const act = "put there the one of ONNX Runtime's GPU release " + Version + ", or name its folder in " + cudaEnvironment
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: the CUDA provider is not there; %s", path, act)
	case err != nil:
		return fmt.Errorf("%s: the CUDA provider cannot be read (%w); make it readable", path, cause(err))
	}
	defer func() { _ = file.Close() }()
	if wrong := wrongProvider(file, name); wrong != "" {
		return fmt.Errorf("%s: %s; %s", path, wrong, act)
	}
	return nil
}

// wrongProvider returns what is wrong with a file of the provider, "" if
// nothing is. The smaller file has no version in it, and no need of one: it
// keeps one pointer.
func wrongProvider(file *os.File, name string) string {
	f, err := elf.NewFile(file)
	if err != nil {
		return "is not a library, or is cut short"
	}
	defer func() { _ = f.Close() }()
	for _, s := range f.Sections {
		if info, err := file.Stat(); err != nil || s.Type != elf.SHT_NOBITS && int64(s.Offset+s.FileSize) > info.Size() {
			return "is cut short"
		}
	}
	entry := map[string]string{cudaProvider: "GetProvider", sharedProvider: "Provider_GetHost"}[name]
	if !exports(f, entry) || f.Machine != machine() {
		return "is not ONNX Runtime's provider for this computer"
	}
	if name == sharedProvider {
		return ""
	}
	switch version := providerVersion(f); version {
	case Version:
		return ""
	case "":
		return "is of an unknown version of ONNX Runtime, Fermata needs " + Version
	default:
		return fmt.Sprintf("is of ONNX Runtime %s, Fermata needs %s", version, Version)
	}
}

func machine() elf.Machine {
	if self, err := elf.Open("/proc/self/exe"); err == nil {
		defer func() { _ = self.Close() }()
		return self.Machine
	}
	return elf.EM_NONE
}

func exports(f *elf.File, symbol string) bool {
	symbols, err := f.DynamicSymbols()
	if err != nil {
		return false
	}
	for _, s := range symbols {
		if s.Name == symbol && s.Section != elf.SHN_UNDEF {
			return true
		}
	}
	return false
}

// versionText is a version as a C string.
var versionText = regexp.MustCompile(`\x00[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\x00`)

// providerVersion returns the version the CUDA provider was built as: the only
// string of that form among its constants (26 MB in 1.30.0), "" if there is
// none.
func providerVersion(f *elf.File) string {
	const most = 256 << 20
	constants := f.Section(".rodata")
	if constants == nil || constants.Size > most {
		return ""
	}
	data, err := constants.Data()
	if err != nil {
		return ""
	}
	if bytes.Contains(data, []byte("\x00"+Version+"\x00")) { // ten times faster
		return Version
	}
	return string(bytes.Trim(versionText.Find(data), "\x00"))
}
