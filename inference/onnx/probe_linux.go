package onnx

// #cgo LDFLAGS: -ldl
// #include "probe_linux.h"
import "C"

import (
	"context"
	"errors"
	"time"
)

// probeLimit is how long drivers may take. Asking Mesa or SwiftShader takes 20
// to 50 ms, NVIDIA's driver up to two seconds if it must wake the card.
const probeLimit = 3 * time.Second

// probeHere asks within this process.
func probeHere(kind string) probe {
	const most = 16
	var found [most]C.struct_card
	var n C.int
	var reason *C.char
	if kind == kindCUDA {
		reason = C.fermataCUDA(&found[0], most, &n)
	} else {
		reason = C.fermataVulkan(&found[0], most, &n)
	}
	p := probe{Reason: C.GoString(reason)}
	for _, c := range found[:n] {
		p.Cards = append(p.Cards, card{
			Name:          C.GoString(&c.name[0]),
			Driver:        C.GoString(&c.driver[0]),
			DriverInfo:    C.GoString(&c.driverInfo[0]),
			Kind:          int32(c.kind),
			Vendor:        uint32(c.vendor),
			DriverVersion: uint32(c.driverVersion),
			Memory:        int64(c.memory),
			Lanes:         int(c.lanes),
		})
	}
	return p
}

// ask asks in a process of its own.
func ask(kind string) probe {
	ctx, cancel := context.WithTimeout(context.Background(), probeLimit)
	defer cancel()
	var p probe
	switch err := apart(ctx, &p, kind); {
	case errors.Is(err, context.DeadlineExceeded):
		p.Reason = "the graphics driver did not answer in three seconds"
	case errors.Is(err, errDied):
		p.Reason = "the graphics driver crashed when it was asked for cards"
	case err != nil:
		p.Reason = "the graphics driver could not be asked"
	}
	return p
}
