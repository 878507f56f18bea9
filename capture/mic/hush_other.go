//go:build !linux

package mic

// hush has nothing to do: the other systems' sound libraries do not write.
func hush() (undo func()) { return func() {} }

// anyDevices reports whether PortAudio may be started.
func anyDevices() bool { return true }
