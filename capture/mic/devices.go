package mic

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gordonklaus/portaudio"

	"fermata/capture"
)

var errSystem = errors.New("microphone: the sound system does not answer; restart the computer")

// Devices lists the microphones that are there now, none being no error. It
// takes 3 s at most.
func Devices() ([]capture.Device, error) {
	type answer struct {
		devices []capture.Device
		err     error
	}
	answers := make(chan answer, 1)
	quit := make(chan struct{})
	go func() {
		defer hush()()
		if !system.take(quit) {
			return
		}
		defer system.leave()
		devices, err := system.devices()
		answers <- answer{devices, err}
	}()
	select {
	case a := <-answers:
		return a.devices, a.err
	case <-time.After(FirstBlock):
		close(quit)
		return nil, errSystem
	}
}

func (l *library) devices() ([]capture.Device, error) {
	if err := l.restart(); err != nil {
		if errors.Is(err, ErrNoMicrophone) {
			return nil, nil
		}
		return nil, err
	}
	inputs, err := inputs()
	if err != nil {
		return nil, err
	}
	preferred, _ := portaudio.DefaultInputDevice() // nil if there is none
	var devices []capture.Device
	for _, in := range inputs {
		devices = append(devices, capture.Device{
			ID:      in.id,
			Name:    displayName(in.info),
			Default: in.info == preferred,
			Rate:    int(in.info.DefaultSampleRate),
		})
	}
	return devices, nil
}

// input is a device that can be recorded from.
type input struct {
	id   string
	info *portaudio.DeviceInfo
}

// inputs lists them. The IDs say the kind of system and the name, and count
// those of the same name, but leave out ALSA's numbers, which change with what
// else is plugged in.
func inputs() ([]input, error) {
	all, err := portaudio.Devices()
	if err != nil {
		return nil, fmt.Errorf("microphone: the sound system gives no list (%w); restart the computer", err)
	}
	var list []input
	seen := map[string]int{}
	for _, device := range all {
		if device.MaxInputChannels == 0 || isConverter(device) {
			continue
		}
		id := device.HostApi.Name + "/" + plainName(device.Name)
		if seen[id]++; seen[id] > 1 {
			id = fmt.Sprintf("%s#%d", id, seen[id])
		}
		list = append(list, input{id, device})
	}
	return list, nil
}

// converters are ALSA's own, which it lists like devices: each is the default
// device over again, or a way to one of its loudspeakers.
var converters = []string{
	"sysdefault", "front", "rear", "center_lfe", "side", "surround", "iec958", "spdif", "hdmi", "dmix", "modem", "phoneline",
	"samplerate", "speex", "lavrate", "upmix", "vdownmix", "oss", "a52", "usbstream", "null",
}

func isConverter(device *portaudio.DeviceInfo) bool {
	return device.HostApi.Type == portaudio.ALSA &&
		slices.ContainsFunc(converters, func(c string) bool { return strings.HasPrefix(device.Name, c) })
}

var alsaNumber = regexp.MustCompile(` \(hw:[^)]*\)$`)

func plainName(name string) string {
	return strings.Join(strings.Fields(alsaNumber.ReplaceAllString(name, "")), " ")
}

// displayName is what people read: ALSA's own word for what the system prefers
// is no name.
func displayName(device *portaudio.DeviceInfo) string {
	if name := plainName(device.Name); name != "default" {
		return name
	}
	return Name("")
}

// Name is what people read for a device's ID, whether it is there or not.
func Name(id string) string {
	_, name, _ := strings.Cut(id, "/")
	if name == "" || name == "default" {
		return "the system's microphone"
	}
	return name
}
