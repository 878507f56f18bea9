package onnx

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
)

// environment names the variable that says where the library is.
const environment = "FERMATA_ONNXRUNTIME"

// Library returns the path of ONNX Runtime's library, to be given to [Start]:
// that of the environment variable FERMATA_ONNXRUNTIME if it is set, else the
// first that exists beside the executable, in the folder runtime beside it,
// and in fermata/runtime under the user's data folder. It does not look into
// the file. Without one the error says where it was looked for.
func Library() (string, error) {
	if named := os.Getenv(environment); named != "" {
		return named, nil
	}
	p, err := here()
	if err != nil {
		return "", err
	}
	var folders []string
	if exe, err := os.Executable(); err == nil {
		if target, err := filepath.EvalSymlinks(exe); err == nil {
			exe = target
		}
		folders = append(folders, filepath.Dir(exe), filepath.Join(filepath.Dir(exe), "runtime"))
	}
	return find(p.name, append(folders, filepath.Join(xdg.DataHome, "fermata", "runtime")))
}

// find returns the first file of that name in folders.
func find(name string, folders []string) (string, error) {
	for _, folder := range folders {
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s: ONNX Runtime's library was not found in %s; run `make runtime` in Fermata's source, which fetches it, or set %s to its path",
		name, strings.Join(folders, " or "), environment)
}
