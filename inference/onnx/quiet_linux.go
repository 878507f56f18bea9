package onnx

// #include "probe_linux.h"
import "C"

import "sync"

// quieten ends what C libraries of this process print by stdio on its
// standard output and error: Dawn warns there, and so do Vulkan's loader and
// many drivers, at any time and without being asked. What Go prints, and what
// it prints of a crash, is not touched. It happens once, with the first card,
// and is not undone, because a driver's threads print when they like.
var quieten = sync.OnceFunc(func() { _ = C.fermataQuiet() }) // else they are heard
