package capture

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"errors"
	"log"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func load(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A FLAC file carries the MD5 of its samples, as 16-bit integers here.
func TestReadFLAC(t *testing.T) {
	files, err := filepath.Glob("../testdata/speech/*.flac")
	if err != nil || len(files) == 0 {
		t.Fatal("no speech", err)
	}
	for _, path := range files {
		file := load(t, path)
		audio, err := Read(bytes.NewReader(file))
		if err != nil {
			t.Fatal(path, err)
		}
		pcm := make([]byte, 0, 2*len(audio.Samples))
		for _, s := range audio.Samples {
			pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(s*32768)))
		}
		if sum := md5.Sum(pcm); !bytes.Equal(sum[:], file[26:42]) {
			t.Errorf("%s: MD5 %x, want %x", path, sum, file[26:42])
		}
	}
}

func TestReadFLACShort(t *testing.T) {
	file := load(t, "../testdata/speech/03_dictated_bf_isabella.flac")
	whole, err := Read(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	all := seconds(uint64(len(whole.Samples)), SampleRate)

	half, err := Read(bytes.NewReader(file[:len(file)/2]))
	short, ok := errors.AsType[*TruncatedError](err)
	if !ok || short.Damaged || short.Heard+short.Missing != all || short.Heard < time.Second {
		t.Fatalf("error %v (%+v)", err, short)
	}
	if got := seconds(uint64(len(half.Samples)), SampleRate); got != short.Heard {
		t.Errorf("%v of samples, but heard %v", got, short.Heard)
	}

	hurt := bytes.Clone(file)
	hurt[len(hurt)/2] ^= 0x10
	part, err := Read(bytes.NewReader(hurt))
	short, ok = errors.AsType[*TruncatedError](err)
	if !ok || !short.Damaged || len(part.Samples) != len(half.Samples) {
		t.Errorf("error %v (%+v)", err, short)
	}
}

// The FLAC decoder logs about files of some rates; nobody may see that.
func TestReadFLACSilent(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	file := load(t, "testdata/tone_24k.flac")
	if audio, err := Read(bytes.NewReader(file)); err != nil || audio.Rate != 24000 || audio.Channels != 2 || len(audio.Samples) != 1600 {
		t.Errorf("%v", err)
	}
	if logged.Len() > 0 {
		t.Errorf("logged %q", logged.String())
	}
	if log.Writer() != &logged {
		t.Error("the logger was not given back")
	}
}

func TestReadMP3(t *testing.T) {
	flac, err := Read(bytes.NewReader(load(t, "../testdata/speech/03_dictated_bf_isabella.flac")))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		rate, channels int
		length         int // samples longer than the original, at most
		start          int // samples late
	}{
		"vbr_16k_mono":       {16000, 1, 0, 0},
		"cbr_44k_stereo_id3": {44100, 2, 1, 0},       // rounded up twice
		"plain_16k_mono":     {16000, 1, 2304, 1105}, // says nothing about what encoding added
	} {
		t.Run(name, func(t *testing.T) {
			audio, err := Read(bytes.NewReader(load(t, "testdata/"+name+".mp3")))
			if err != nil {
				t.Fatal(err)
			}
			if audio.Rate != test.rate || audio.Channels != test.channels {
				t.Errorf("%d Hz, %d channels", audio.Rate, audio.Channels)
			}
			if over := len(audio.Samples) - len(flac.Samples); over < 0 || over > test.length {
				t.Errorf("%d samples longer than the original", over)
			}
			if c := correlation(flac.Samples, audio.Samples[test.start:]); c < 0.99 {
				t.Errorf("correlation %.4f with the original", c)
			}
		})
	}
}

func TestReadMP3Short(t *testing.T) {
	file := load(t, "testdata/vbr_16k_mono.mp3")
	audio, err := Read(bytes.NewReader(file[:len(file)/2]))
	short, ok := errors.AsType[*TruncatedError](err)
	if !ok || short.Damaged || short.Missing < time.Second || len(audio.Samples) < 16000 {
		t.Errorf("error %v", err)
	}
}

// correlation of two signals over the shorter's length.
func correlation(a, b []float32) float64 {
	n := min(len(a), len(b))
	var ab, aa, bb float64
	for i := range n {
		x, y := float64(a[i]), float64(b[i])
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb)
}
