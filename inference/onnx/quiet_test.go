package onnx

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// alone reports whether this is the process that [elsewhere] started.
func alone(t *testing.T) bool { return os.Getenv("FERMATA_TEST_ALONE") == t.Name() }

// elsewhere runs the same test in a process of its own, with these variables, and
// returns what it printed.
func elsewhere(t *testing.T, environment ...string) (stdout string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.v", "-test.run=^"+t.Name()+"$")
	cmd.Env = append(append(os.Environ(), "FERMATA_TEST_ALONE="+t.Name()), environment...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil || errs.Len() > 0 {
		t.Errorf("%v: %s%s", err, out.String(), errs.String())
	}
	return out.String()
}

// Dawn, Vulkan's loader and drivers warn on the standard output and error of
// the process. What a command prints must be its own.
func TestNothingIsPrinted(t *testing.T) {
	if alone(t) {
		cardWorks(t)
		icd(t, brokenICDs(t)["no library"].file)
		restart(t)
		dawnFails(t)
		return
	}
	for line := range strings.Lines(elsewhere(t)) {
		if !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") && line != "PASS\n" {
			t.Errorf("it printed %q", line)
		}
	}
}
