// Package onnx is the acoustic model as an ONNX Runtime session. In most
// cases call [Start] once with the path [Library] gives, then [Load] for each
// model, and at the end [Model.Close] and [Stop], in this order.
//
// It refuses a library that is not the pinned one to the byte, and graphs
// that are none of the exports of MedASR it knows by their inputs. Nothing is
// printed: what ONNX Runtime has to say comes as an error.
package onnx

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// runtimeState is what the process has of ONNX Runtime, which is one for all.
var runtimeState struct {
	sync.Mutex
	library string // "" when stopped
	models  int    // open ones
	links   func() // removes what was made for loading

	cuda        string // the folder of the CUDA provider
	cudaChecked bool
	cudaError   error
}

// Start loads ONNX Runtime's library from a file and makes its environment,
// of which a process has one. Before anything of it is loaded the file is
// compared with the pinned size and sha256. Starting once more with the same
// library does nothing; with another it is an error. Safe for concurrent use.
//
// The CUDA provider, which is not part of that library, is taken from the
// folder that FERMATA_CUDA names, or else from that of the library; what may
// be wrong with it is said by [Load].
func Start(library string) error { return StartWithCUDA(library, "") }

// StartWithCUDA is [Start] with a folder of the CUDA provider; "" is that of
// Start.
func StartWithCUDA(library, folder string) error {
	path, err := filepath.Abs(library)
	if err != nil {
		return fmt.Errorf("%s: no such path can be (%w); give another", library, err)
	}
	runtimeState.Lock()
	defer runtimeState.Unlock()
	switch runtimeState.library {
	case "":
	case path:
		return nil
	default:
		return fmt.Errorf("%s: ONNX Runtime is already loaded from %s; start Fermata again", path, runtimeState.library)
	}
	p, err := here()
	if err != nil {
		return err
	}
	if err := check(path, p); err != nil {
		return err
	}
	// The npm builds carry telemetry that opens its session file as soon as the
	// environment is made; this variable keeps it from starting at all.
	if err := os.Setenv("ORT_DISABLE_TELEMETRY", "1"); err != nil {
		return fmt.Errorf("ONNX Runtime: its telemetry cannot be turned off (%w); start Fermata again", err)
	}
	cuda := cudaFolder(folder, path)
	from, remove, err := linked(path, cuda)
	if err != nil {
		return fmt.Errorf("%s: a folder for links to it cannot be made (%w); free space in the folder for temporary files", cuda, cause(err))
	}
	ort.SetSharedLibraryPath(from)
	if err := ort.InitializeEnvironment(ort.WithLogLevelFatal()); err != nil {
		remove()
		return fmt.Errorf("%s: ONNX Runtime does not start (%s); it needs glibc 2.28 or newer", path, oneLine(err))
	}
	// On Windows the official builds report to their maker unless told not to.
	if err := ort.DisableTelemetry(); err != nil {
		remove()
		return errors.Join(err, ort.DestroyEnvironment())
	}
	runtimeState.library, runtimeState.links = path, remove
	runtimeState.cuda, runtimeState.cudaChecked = cuda, false
	return nil
}

// Stop destroys the environment and unloads the library. Every model must be
// closed before, because sessions point into the environment; if one is not,
// Stop does nothing and says so. Stopping what was not started does nothing.
// Safe for concurrent use.
func Stop() error {
	runtimeState.Lock()
	defer runtimeState.Unlock()
	switch {
	case runtimeState.library == "":
		return nil
	case runtimeState.models > 0:
		return fmt.Errorf("ONNX Runtime: %d models are still open; close them first", runtimeState.models)
	}
	runtimeState.library = ""
	defer runtimeState.links()
	return ort.DestroyEnvironment()
}

// opened counts a model that is about to be opened; it refuses when ONNX
// Runtime is not started.
func opened() error {
	runtimeState.Lock()
	defer runtimeState.Unlock()
	if runtimeState.library == "" {
		return errors.New("ONNX Runtime: is not started; call Start first")
	}
	runtimeState.models++
	return nil
}

func closed() {
	runtimeState.Lock()
	defer runtimeState.Unlock()
	runtimeState.models--
}

// oneLine returns an error of ONNX Runtime, which may have many lines, as one
// of bounded length.
func oneLine(err error) string {
	const most = 300
	s := strings.ToValidUTF8(strings.Join(strings.Fields(err.Error()), " "), "?")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
