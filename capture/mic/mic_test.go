package mic

import (
	"errors"
	"math"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"fermata/capture"
	"fermata/capture/capturetest"
)

const speech = "../../testdata/speech/03_dictated_bf_isabella.flac"

func TestConformance(t *testing.T) {
	if onDesk(t) {
		capturetest.Run(t, New(""))
	}
}

// What is spoken is what arrives, also the second time.
func TestSpeech(t *testing.T) {
	if onDesk(t) {
		hearSpeech(t, 2)
	}
}

// A device that knows neither 16 kHz nor mono is resampled and averaged.
func TestSpeech48k(t *testing.T) {
	if onDesk(t, "LD_PRELOAD="+only48(t)) {
		hearSpeech(t, 1)
	}
}

func hearSpeech(t *testing.T, times int) {
	want := load(t)
	for range times {
		began := time.Now()
		r := start(New(""))
		r.heard(t)
		first := time.Since(began)
		tool(t, "paplay", "--device="+os.Getenv("SPEAKER"), speech)
		time.Sleep(300 * time.Millisecond) // until the end has come through
		began = time.Now()
		got := r.stop(t)
		stopped := time.Since(began)
		at, c := match(want, got)
		t.Logf("first block after %v, stopped after %v, %.2f s heard, speech at %.3f s, correlation %.5f",
			first.Round(time.Millisecond), stopped.Round(time.Millisecond), float64(len(got))/capture.SampleRate, float64(at)/capture.SampleRate, c)
		if c < 0.95 {
			t.Errorf("correlation %.4f with what was spoken", c)
		}
	}
}

func load(t *testing.T) []float32 {
	t.Helper()
	f, err := os.Open(speech)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	audio, err := capture.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return audio.Samples
}

// match finds where want begins in got, by its loudest eighth of a second, and
// how well all of it correlates there.
func match(want, got []float32) (at int, correlation float64) {
	const n = 2000
	loudest, most := 0, 0.0
	for i := 0; i+n <= len(want); i += n {
		if p := power(want[i : i+n]); p > most {
			loudest, most = i, p
		}
	}
	best := -1.0
	for i := 0; i+len(want) <= len(got); i++ {
		if c := correlate(want[loudest:loudest+n], got[i+loudest:]); c > best {
			at, best = i, c
		}
	}
	if best < 0 {
		return 0, 0
	}
	return at, correlate(want, got[at:])
}

func power(s []float32) (sum float64) {
	for _, x := range s {
		sum += float64(x) * float64(x)
	}
	return sum
}

// correlate a with as much of b.
func correlate(a, b []float32) float64 {
	sum, bb := 0.0, 0.0
	b = b[:len(a)]
	for i, x := range a {
		y := float64(b[i])
		sum += float64(x) * y
		bb += y * y
	}
	return sum / (math.Sqrt(power(a)*bb) + 1e-12)
}

// A microphone that is pulled out ends the recording with an error, and what
// came before is there. The next recording works.
func TestTakenAway(t *testing.T) {
	if !onDesk(t) {
		return
	}
	r := start(New(""))
	r.heard(t)
	tool(t, "paplay", "--device="+os.Getenv("SPEAKER"), speech)
	time.Sleep(300 * time.Millisecond) // until the end has come through
	began := time.Now()
	tool(t, "pactl", "unload-module", "module-null-sink")
	err := r.end(t)
	t.Logf("%q after %v", err, time.Since(began).Round(time.Millisecond))
	if err == nil || err.Error() != "the system's microphone: was taken away while recording; plug it in again" {
		t.Errorf("error %v", err)
	}
	if _, c := match(load(t), r.samples); c < 0.95 {
		t.Errorf("correlation %.4f with what was spoken before", c)
	}
	tool(t, "pactl", "load-module", "module-null-sink", "sink_name="+os.Getenv("SPEAKER"))
	next := start(New(""))
	next.heard(t)
	next.stop(t)
}

// A device that says nothing any more is given up, whether it recorded before
// or not, and works again when it has come to itself.
func TestFrozen(t *testing.T) {
	if !onDesk(t) {
		return
	}
	pid, err := strconv.Atoi(os.Getenv("PULSE_PID"))
	if err != nil {
		t.Fatal(err)
	}
	signal := func(s syscall.Signal) {
		if err := syscall.Kill(pid, s); err != nil {
			t.Fatal(err)
		}
	}
	const want = "the system's microphone: delivers no sound; check that it is plugged in, or choose another microphone"
	held, lost := start(New("")), start(New(""))
	held.heard(t)
	lost.heard(t)
	signal(syscall.SIGSTOP)
	time.Sleep(100 * time.Millisecond)
	if len(held.stop(t)) == 0 {
		t.Error("nothing heard before")
	}
	fresh := start(New(""))
	for name, r := range map[string]*record{"under way": lost, "fresh": fresh} {
		if err := r.end(t); err == nil || err.Error() != want {
			t.Errorf("%s: error %v", name, err)
		}
	}
	signal(syscall.SIGCONT)
	again := start(New(""))
	again.heard(t)
	again.stop(t)
}

// No microphone, then one that is plugged in while the program runs: here,
// another sound system's configuration.
func TestNone(t *testing.T) {
	if !onDesk(t, "DESK_NO_SOUND=1") {
		return
	}
	configs := map[string]string{
		"none opens":    "pcm.!default { type hw card 0 }\n",
		"none is named": "",
		"it is gone":    "pcm.gone { type hw card 7 }\n",
	}
	for name, config := range configs {
		if err := os.WriteFile(os.Getenv("ALSA_CONFIG_PATH"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		if devices, err := Devices(); err != nil || len(devices) > 0 {
			t.Errorf("%s: %v, %v", name, devices, err)
		}
		if err := start(New("")).end(t); !errors.Is(err, ErrNoMicrophone) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestPluggedIn(t *testing.T) {
	if !onDesk(t) {
		return
	}
	config := os.Getenv("ALSA_CONFIG_PATH")
	was, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const id = "ALSA/SpeechMike"
	write("pcm.other { type hw card 0 }\n")
	for device, want := range map[string]string{
		"": ErrNoMicrophone.Error(),
		id: "SpeechMike: is not there; plug it in, or choose another microphone",
	} {
		if err := start(New(device)).end(t); err == nil || err.Error() != want {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	write(string(was) + "pcm.SpeechMike { type pulse }\npcm.sysdefault { type pulse }\n")
	for _, device := range []string{id, ""} {
		r := start(New(device))
		r.heard(t)
		r.stop(t)
	}
	devices, err := Devices()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]capture.Device{
		id:             {ID: id, Name: "SpeechMike", Rate: 44100},
		"ALSA/default": {ID: "ALSA/default", Name: "the system's microphone", Rate: 44100, Default: true},
	}
	for _, d := range devices {
		if d != want[d.ID] {
			t.Errorf("device %+v, want %+v", d, want[d.ID])
		}
		delete(want, d.ID)
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
}

func TestName(t *testing.T) {
	for id, want := range map[string]string{
		"":                              "the system's microphone",
		"ALSA/default":                  "the system's microphone",
		"ALSA/SpeechMike: USB Audio#2":  "SpeechMike: USB Audio#2",
		"Core Audio/MacBook Microphone": "MacBook Microphone",
	} {
		if got := Name(id); got != want {
			t.Errorf("Name(%q) = %q, want %q", id, got, want)
		}
	}
	if got := plainName("USB Audio: - (hw:2,0)"); got != "USB Audio: -" {
		t.Errorf("plain name %q", got)
	}
}
