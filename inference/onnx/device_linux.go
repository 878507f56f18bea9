package onnx

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
)

// cards returns the cards of this computer, and why there are none.
func cards() ([]Device, error) {
	var cuda []Device
	var asking sync.WaitGroup
	if cudaMissing() == nil {
		asking.Go(func() { cuda = numbered(kindCUDA, ask(kindCUDA)) })
	}
	vulkan := ask(kindWebGPU)
	asking.Wait()
	return append(cuda, numbered(kindWebGPU, vulkan)...), noCard(vulkan)
}

// numbered returns the cards found as devices, in the order in which the
// runtime numbers them.
func numbered(kind string, p probe) []Device {
	var devices []Device
	for _, c := range p.Cards {
		devices = append(devices, c.device(kind))
	}
	if kind == kindWebGPU {
		rank(devices)
	}
	for i := range devices {
		devices[i].ID = kind + ":" + strconv.Itoa(i)
	}
	return devices
}

// noCard says why there is no card, and what to do.
func noCard(p probe) error {
	reason, act := p.Reason, "install or update the driver of your card, or use the CPU"
	switch {
	case reason == "" && len(p.Cards) == 0:
		reason = "Vulkan is installed and finds none"
	case strings.Contains(reason, "libvulkan.so.1 is not installed"):
		act = "install it (the package libvulkan1 on Debian and Ubuntu) and the driver of your card, or use the CPU"
	default:
		for _, name := range []string{"VK_DRIVER_FILES", "VK_ICD_FILENAMES"} {
			if file := os.Getenv(name); file != "" {
				reason += fmt.Sprintf(" (of those in %.200q, which %s names)", file, name)
				act = "correct or unset it, or use the CPU"
				break
			}
		}
	}
	return fmt.Errorf("%w: %s; %s", ErrNoCard, reason, act)
}

// processor is the CPU as the kernel describes it.
func processor() Device {
	d := Device{ID: kindCPU, Kind: kindCPU, Name: "CPU"}
	if name := field("/proc/cpuinfo", "model name"); name != "" {
		d.Name = name
	}
	d.Vendor = map[string]string{"GenuineIntel": "Intel", "AuthenticAMD": "AMD"}[field("/proc/cpuinfo", "vendor_id")]
	if kB, err := strconv.ParseInt(strings.TrimSuffix(field("/proc/meminfo", "MemTotal"), " kB"), 10, 64); err == nil {
		d.Memory = kB << 10
	}
	return d
}

// field returns the first value of that name in a file of lines "name: value".
func field(file, name string) string {
	raw, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(raw)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return words(value)
		}
	}
	return ""
}
