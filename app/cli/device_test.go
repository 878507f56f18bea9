package cli

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"fermata/capture"
)

// twoCards are a computer's, the first of which was checked.
func twoCards() ([]Device, error) {
	return []Device{
		{ID: "webgpu:0", Name: "NVIDIA RTX A2000", Driver: "NVIDIA 550.54", Memory: 12 << 30, Verdict: "NVIDIA RTX A2000, checked, 4.1 times this CPU"},
		{ID: "webgpu:1", Name: "Radeon 780M"},
	}, nil
}

func noCards() ([]Device, error) {
	return nil, errors.New("no graphics card: there is no Vulkan driver; install the one of your card")
}

func TestDevices(t *testing.T) {
	microphones := func() ([]capture.Device, error) { return nil, nil }
	for _, c := range []struct {
		name  string
		cards func() ([]Device, error)
		lines []string // as people read them, with blanks made one
	}{
		{"two", twoCards, []string{
			"computes NVIDIA RTX A2000 webgpu:0 NVIDIA 550.54; 12.0 GB; NVIDIA RTX A2000, checked, 4.1 times this CPU",
			"computes Radeon 780M webgpu:1 not checked yet",
		}},
		{"none", noCards, []string{"no graphics card: there is no Vulkan driver; install the one of your card"}},
		{"a system without", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			parts := Parts{Microphones: microphones, Cards: c.cards}
			stdout, stderr, code := fermata(t, parts, "devices")
			if code != 0 || stderr != "" {
				t.Errorf("exit code %d, %q", code, stderr)
			}
			lines := strings.Split(strings.TrimSpace(stdout), "\n")
			if len(lines) != 2+len(c.lines) || !strings.Contains(lines[1], " threads") || !strings.HasSuffix(strings.TrimSpace(lines[1]), "cpu") {
				t.Fatalf("%q", lines)
			}
			for i, want := range c.lines {
				if got := strings.Join(strings.Fields(lines[2+i]), " "); got != want {
					t.Errorf("%q, want %q", got, want)
				}
			}
		})
	}
	stdout, _, code := fermata(t, Parts{Microphones: microphones, Cards: twoCards}, "devices", "--json")
	var list struct {
		Compute []map[string]any
		NoCard  *string `json:"no_card"`
	}
	if err := json.Unmarshal([]byte(stdout), &list); err != nil || code != 0 || len(list.Compute) != 3 || list.NoCard != nil {
		t.Fatal(err, stdout)
	}
	if c := list.Compute[0]; c["id"] != "cpu" || c["name"] == "" || c["verdict"] != nil {
		t.Errorf("%v", c)
	}
	if c := list.Compute[1]; c["id"] != "webgpu:0" || c["driver"] != "NVIDIA 550.54" || c["memory"] != float64(12<<30) || c["verdict"] == "" {
		t.Errorf("%v", c)
	}
	if c := list.Compute[2]; c["name"] != "Radeon 780M" || c["verdict"] != "not checked yet" {
		t.Errorf("%v", c)
	}
	stdout, _, _ = fermata(t, Parts{Microphones: microphones, Cards: noCards}, "devices", "--json")
	if err := json.Unmarshal([]byte(stdout), &list); err != nil || list.NoCard == nil || !strings.HasPrefix(*list.NoCard, "no graphics card") {
		t.Error(err, stdout)
	}
}

func TestDeviceThatIsNotThere(t *testing.T) {
	list := write(t, "list.tsv", "a.wav\tone\n")
	for _, args := range [][]string{
		{"transcribe", "--device", "GeForce 256", "x"},
		{"eval", "--device", "GeForce 256", list},
		{"verify", "--device", "GeForce 256", "x.npz"},
		{"bench", "--device", "GeForce 256"},
	} {
		wantFailure(t, Parts{Cards: twoCards}, 2, `--device cannot be "GeForce 256", only auto or cpu or gpu or webgpu:0 or webgpu:1`, args...)
		wantFailure(t, Parts{Cards: noCards}, 2, `--device cannot be "GeForce 256", only auto or cpu or gpu; see`, args...)
	}
	wantFailure(t, Parts{}, 2, `--device cannot be ""`, "transcribe", "--device", "", "x")
}
