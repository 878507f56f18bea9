// Package locale gives a process without a language one that Fyne can read;
// import it for its effect. In a bare "C" locale Fyne writes to standard error
// from the initialisation of its own package, before main could do anything,
// also when no window is opened. This package is initialised before Fyne: it
// needs nothing but os, and Go takes packages that are ready in the order of
// their paths.
package locale

import "os"

func init() {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LANG"} {
		switch os.Getenv(name) {
		case "C", "POSIX", "C.UTF-8", "C.utf8":
			_ = os.Unsetenv(name)
		case "":
		default:
			return
		}
	}
	_ = os.Setenv("LANG", "en_US.UTF-8")
}
