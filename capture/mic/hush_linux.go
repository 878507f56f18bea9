package mic

/*
#cgo LDFLAGS: -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

// ALSA, JACK and PortAudio write about every device that they do not find to C's
// stderr. Only that is turned away, not file descriptor 2: what Go writes is
// not touched. glibc's stderr is a variable that may be set; musl's is not.
static FILE *loud, *quiet;

static void hush(void) {
#ifdef __GLIBC__
	if (!quiet) quiet = fopen("/dev/null", "we");
	if (!quiet) return;
	loud = stderr;
	stderr = quiet;
#endif
}

static void speak(void) {
#ifdef __GLIBC__
	if (!loud) return;
	stderr = loud;
	loud = NULL;
#endif
}

// PortAudio 19.6 aborts the process where ALSA neither has a card nor knows any
// device by name. The functions are looked up because PortAudio brings ALSA
// along, and another PortAudio may do without.
static int any_devices(void) {
	int (*update)(void) = dlsym(RTLD_DEFAULT, "snd_config_update");
	int (*next_card)(int *) = dlsym(RTLD_DEFAULT, "snd_card_next");
	int (*search)(void *, const char *, void **) = dlsym(RTLD_DEFAULT, "snd_config_search");
	void *(*first)(void *) = dlsym(RTLD_DEFAULT, "snd_config_iterator_first");
	void *(*end)(void *) = dlsym(RTLD_DEFAULT, "snd_config_iterator_end");
	void **root = dlsym(RTLD_DEFAULT, "snd_config");
	if (!update || !next_card || !search || !first || !end || !root) return 1;
	int card = -1;
	if (next_card(&card) == 0 && card >= 0) return 1;
	void *names;
	if (update() < 0 || !*root || search(*root, "pcm", &names) < 0) return 0;
	return first(names) != end(names);
}
*/
import "C"

import "sync"

var hushing struct {
	sync.Mutex
	calls int
}

// hush turns C's standard error away until the function that it returns has
// been called, and so have those of all other calls.
func hush() (undo func()) {
	hushing.Lock()
	defer hushing.Unlock()
	if hushing.calls == 0 {
		C.hush()
	}
	hushing.calls++
	return func() {
		hushing.Lock()
		defer hushing.Unlock()
		if hushing.calls--; hushing.calls == 0 {
			C.speak()
		}
	}
}

// anyDevices reports whether PortAudio may be started.
func anyDevices() bool { return C.any_devices() != 0 }
