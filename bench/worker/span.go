package worker

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A Span is how long something took, in milliseconds.
type Span struct{ Wall, CPU float64 }

// Time runs f and says how long it took.
func Time(f func() error) (Span, error) {
	cpu, wall := used(), time.Now()
	err := f()
	return Span{
		Wall: milliseconds(time.Since(wall)),
		CPU:  milliseconds(used() - cpu),
	}, err
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// used is the time that the process has spent on all cores.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // only on a bad pointer
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Memory returns what of the process is in memory now, and the most there was, in MB.
func Memory() (resident, peak float64, err error) {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		kB, _ := strconv.ParseFloat(f[1], 64)
		switch f[0] {
		case "VmRSS:":
			resident = kB / 1000
		case "VmHWM:":
			peak = kB / 1000
		}
	}
	if resident == 0 || peak == 0 {
		return 0, 0, errors.New("/proc/self/status: does not say how much memory is used")
	}
	return resident, peak, nil
}
