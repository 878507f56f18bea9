// The few declarations of Vulkan 1.1 that asking for cards takes, so that no
// header of it is needed to build. The layouts are those of vulkan_core.h.
#include "probe_linux.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PROPERTIES = 824, MOST_DEVICES = 16, TEXT = 256 };

struct application { int32_t type; const void *next; const char *name; uint32_t version; const char *engine; uint32_t engineVersion, api; };
struct create { int32_t type; const void *next; uint32_t flags; const struct application *application; uint32_t layers; const char *const *layerNames; uint32_t extensions; const char *const *extensionNames; };
struct driver { int32_t type; void *next; int32_t id; char name[TEXT], info[TEXT]; uint8_t conformance[4]; };
struct subgroup { int32_t type; void *next; uint32_t size, stages, operations, quad; };
struct properties { int32_t type; void *next; union { struct { uint32_t api, driver, vendor, device; int32_t kind; char name[TEXT]; } p; uint64_t room[PROPERTIES / 8 + 32]; } u; };
struct memory { uint32_t types; uint32_t type[32][2]; uint32_t heaps; struct { uint64_t size; uint32_t flags; } heap[16]; uint64_t room[32]; };

typedef void (*function)(void);
typedef function (*resolver)(void *, const char *);

static const char *describe(int32_t result) {
	switch (result) {
	case -1: // no memory; Vulkan's loader says so of a driver file that is no JSON, too
	case -3: return "the driver does not start";
	case -4: return "the card was lost";
	case -9: return "no driver is installed";
	}
	return "the driver refuses";
}

static int64_t ownMemory(const struct memory *m) {
	uint64_t most = 0;
	for (uint32_t i = 0; i < m->heaps && i < 16; i++)
		if ((m->heap[i].flags & 1) && m->heap[i].size > most) // VK_MEMORY_HEAP_DEVICE_LOCAL_BIT
			most = m->heap[i].size;
	return (int64_t)most;
}

static void ask(void *device, struct card *c, void (*more)(void *, struct properties *), void (*basic)(void *, void *), void (*heaps)(void *, struct memory *)) {
	struct driver d = {.type = 1000196000}; // VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES
	struct subgroup s = {.type = 1000094000, .next = &d}; // …_SUBGROUP_PROPERTIES
	struct properties p = {.type = 1000059001, .next = &s}; // …_PHYSICAL_DEVICE_PROPERTIES_2
	struct memory m = {0};
	if (more)
		more(device, &p);
	else
		basic(device, &p.u);
	heaps(device, &m);
	c->kind = p.u.p.kind;
	c->vendor = p.u.p.vendor;
	c->driverVersion = p.u.p.driver;
	c->memory = ownMemory(&m);
	c->lanes = s.size;
	memcpy(c->name, p.u.p.name, TEXT - 1);
	memcpy(c->driver, d.name, TEXT - 1);
	memcpy(c->driverInfo, d.info, TEXT - 1);
}

const char *fermataVulkan(struct card *cards, int most, int *count) {
	*count = 0;
	void *library = dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return "Vulkan's library libvulkan.so.1 is not installed";
	resolver resolve = (resolver)dlsym(library, "vkGetInstanceProcAddr");
	int32_t (*create)(const struct create *, const void *, void **) = resolve ? (void *)resolve(NULL, "vkCreateInstance") : NULL;
	if (!create)
		return "libvulkan.so.1 is not Vulkan's library";
	struct application application = {.name = "Fermata", .api = 1u << 22 | 1u << 12};
	struct create info = {.type = 1, .application = &application};
	void *instance = NULL;
	int32_t result = create(&info, NULL, &instance);
	if (result != 0)
		return describe(result);
	int32_t (*enumerate)(void *, uint32_t *, void **) = (void *)resolve(instance, "vkEnumeratePhysicalDevices");
	void (*basic)(void *, void *) = (void *)resolve(instance, "vkGetPhysicalDeviceProperties");
	void (*more)(void *, struct properties *) = (void *)resolve(instance, "vkGetPhysicalDeviceProperties2");
	void (*heaps)(void *, struct memory *) = (void *)resolve(instance, "vkGetPhysicalDeviceMemoryProperties");
	if (!enumerate || !basic || !heaps)
		return "Vulkan's library is not whole";
	void *devices[MOST_DEVICES];
	uint32_t found = MOST_DEVICES;
	result = enumerate(instance, &found, devices);
	if (result < 0)
		return describe(result);
	for (uint32_t i = 0; i < found && *count < most; i++)
		ask(devices[i], &cards[(*count)++], more, basic, heaps);
	return NULL; // the process that asks ends: nothing is freed
}

const char *fermataCUDA(struct card *cards, int most, int *count) {
	*count = 0;
	void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return "NVIDIA's driver library libcuda.so.1 is not installed";
	int (*start)(unsigned) = (void *)dlsym(library, "cuInit");
	int (*number)(int *) = (void *)dlsym(library, "cuDeviceGetCount");
	int (*version)(int *) = (void *)dlsym(library, "cuDriverGetVersion");
	int (*get)(int *, int) = (void *)dlsym(library, "cuDeviceGet");
	int (*name)(char *, int, int) = (void *)dlsym(library, "cuDeviceGetName");
	int (*memory)(size_t *, int) = (void *)dlsym(library, "cuDeviceTotalMem_v2");
	if (!start || !number || !version || !get || !name || !memory)
		return "libcuda.so.1 is not NVIDIA's driver library";
	int n = 0, v = 0;
	if (start(0) != 0 || number(&n) != 0)
		return "NVIDIA's driver does not start";
	(void)version(&v);
	for (int i = 0; i < n && *count < most; i++) {
		struct card *c = &cards[*count];
		int device = 0;
		size_t bytes = 0;
		if (get(&device, i) != 0 || name(c->name, TEXT - 1, device) != 0 || memory(&bytes, device) != 0)
			continue;
		c->kind = 2; // a card of its own
		c->vendor = 0x10de;
		c->memory = (int64_t)bytes;
		c->driverVersion = (uint32_t)v;
		(*count)++;
	}
	return NULL;
}
