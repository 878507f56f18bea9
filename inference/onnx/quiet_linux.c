#include "probe_linux.h"

#include <stdio.h>

int fermataQuiet(void) {
	FILE *nowhere = fopen("/dev/null", "we");
	if (!nowhere)
		return 1;
	fflush(stdout);
	stdout = nowhere; // glibc allows it: both are variables
	stderr = nowhere;
	return 0;
}
