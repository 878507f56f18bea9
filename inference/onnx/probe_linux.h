#ifndef FERMATA_PROBE_H
#define FERMATA_PROBE_H

#include <stdint.h>

// A card is what a driver says of one of its devices. Texts end in a zero.
struct card {
	int32_t kind; // VkPhysicalDeviceType: 1 in the processor, 2 of its own, 3 virtual, 4 software
	uint32_t vendor; // as on the PCI bus
	uint32_t driverVersion; // as the vendor numbers them
	uint32_t lanes; // of a subgroup, 0 if it is not known
	int64_t memory; // bytes of the greatest heap of its own
	char name[256], driver[256], driverInfo[256];
};

// Both fill in at most so many cards and return NULL, or a reason why there
// are none. They load drivers and leave them loaded, and a broken driver may
// end the process or never return: only a child process calls them.
const char *fermataVulkan(struct card *cards, int most, int *count);
const char *fermataCUDA(struct card *cards, int most, int *count);

// fermataQuiet sends what C code prints on stdout and stderr to nowhere. The
// file descriptors, on which Go prints, stay as they are. 0 if it worked.
int fermataQuiet(void);

#endif
