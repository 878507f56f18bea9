package mic

import (
	"fmt"
	"slices"
	"time"

	"github.com/gordonklaus/portaudio"

	"fermata/capture"
)

// library is PortAudio, of which a process has one. It may be called by one
// goroutine at a time, save for what concerns a single stream.
type library struct {
	turn    chan struct{} // full while somebody calls
	ready   bool
	streams int // open, also those that hang
}

var system = &library{turn: make(chan struct{}, 1)}

// take waits for the turn, or for quit.
func (l *library) take(quit <-chan struct{}) bool {
	select {
	case l.turn <- struct{}{}:
		return true
	case <-quit:
		return false
	}
}

func (l *library) leave() { <-l.turn }

// start makes PortAudio look for devices if it has not yet. It never looks
// again by itself.
func (l *library) start() error {
	if l.ready {
		return nil
	}
	if !anyDevices() {
		return ErrNoMicrophone
	}
	if err := portaudio.Initialize(); err != nil {
		return fmt.Errorf("microphone: the sound system does not start (%w); restart the computer", err)
	}
	l.ready = true
	return nil
}

// restart looks for devices again, so that what was plugged in since is found.
// While something records, which would be cut off, it does nothing.
func (l *library) restart() error {
	if l.ready && l.streams == 0 {
		_ = portaudio.Terminate() // nothing is open, so nothing can be lost
		l.ready = false
	}
	return l.start()
}

// stream is an open device.
type stream struct {
	*portaudio.Stream
	name           string
	rate, channels int
	buffer         []float32 // where Read puts a block, channels interleaved
}

func (s *stream) refused(err error) error { return refused(s.name, err) }

func refused(name string, err error) error {
	return fmt.Errorf("%s: cannot be opened (%w); close the program that uses it, or choose another microphone", name, err)
}

// open opens the device with that ID. What PortAudio knows of devices may be
// old, so a device that is missing or does not open is looked for again.
func (l *library) open(id string) (*stream, error) {
	known := l.ready
	if err := l.start(); err != nil {
		return nil, err
	}
	s, err := l.tryOpen(id)
	if err == nil || !known || l.streams > 0 {
		return s, err
	}
	if err := l.restart(); err != nil {
		return nil, err
	}
	return l.tryOpen(id)
}

func (l *library) tryOpen(id string) (*stream, error) {
	device, err := find(id)
	if err != nil {
		return nil, err
	}
	s := &stream{name: displayName(device)}
	for _, try := range attempts(device) {
		s.rate, s.channels = try.rate, try.channels
		if err = s.open(device); err == nil {
			l.streams++
			return s, nil
		}
	}
	return nil, s.refused(err)
}

// attempt is a way to open a device.
type attempt struct{ rate, channels int }

// attempts are in the order in which they cost least afterwards. PortAudio
// neither resamples nor mixes, and a device may refuse both.
func attempts(device *portaudio.DeviceInfo) []attempt {
	own := int(device.DefaultSampleRate)
	var list []attempt
	for _, rate := range []int{capture.SampleRate, own, 48000, 44100} {
		for _, channels := range []int{1, 2, device.MaxInputChannels} {
			try := attempt{rate, channels}
			if channels <= device.MaxInputChannels && !slices.Contains(list, try) {
				list = append(list, try)
			}
		}
	}
	return list
}

// latency is how much the device may hold for a reader that is late.
const latency = 120 * time.Millisecond

func (s *stream) open(device *portaudio.DeviceInfo) (err error) {
	frames := s.rate / blocksPerSecond
	s.buffer = make([]float32, frames*s.channels)
	s.Stream, err = portaudio.OpenStream(portaudio.StreamParameters{
		Input:           portaudio.StreamDeviceParameters{Device: device, Channels: s.channels, Latency: latency},
		SampleRate:      float64(s.rate),
		FramesPerBuffer: frames,
	}, s.buffer)
	return err
}

// close gives the device back. A device that hangs in Abort is not waited for
// by anybody but the goroutine that reads it.
func (l *library) close(s *stream) {
	_ = s.Abort() // Stop would wait for a device that delivers nothing
	l.turn <- struct{}{}
	defer l.leave()
	_ = s.Close()
	l.streams--
}

// find returns the device with that ID as PortAudio knows it.
func find(id string) (*portaudio.DeviceInfo, error) {
	if id == "" {
		device, err := portaudio.DefaultInputDevice()
		if err != nil || device.MaxInputChannels == 0 {
			return nil, ErrNoMicrophone
		}
		return device, nil
	}
	inputs, err := inputs()
	if err != nil {
		return nil, err
	}
	for _, in := range inputs {
		if in.id == id {
			return in.info, nil
		}
	}
	return nil, fmt.Errorf("%s: is not there; plug it in, or choose another microphone", Name(id))
}
