package app

import (
	"context"
	"testing"
	"testing/synctest"
)

// TestWhatComputesIsTold follows a card that is adopted, fails, and is tried again
// while the model is in use, and hears no more of a model that is gone.
func TestWhatComputesIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := begin(talk(""), with(&counting{}))
		var tells []func(device, speed string)
		tries := 0
		s.parts.Load = func(context.Context, Settings, func(string, float64)) (*Loaded, error) {
			return &Loaded{
				Recognizer: &counting{}, Model: "m", Device: "CPU", Speed: "slow",
				OnDevice: func(tell func(device, speed string)) {
					tells = append(tells, tell)
					tell("CPU, 2 threads", "slow")
				},
				TryCard: func() { tries++ },
				Close:   func() error { s.closes++; return nil },
			}, nil
		}
		s.TryCard() // the model that there is has no card
		settings := DefaultSettings()
		for _, settings.Device = range []string{"Card 9", "Card 8"} {
			s.loads = append(s.loads, "")
			s.Apply(settings)
			synctest.Wait()
			for _, want := range [][2]string{
				{"CPU, 2 threads", "slow"},
				{"Card 9, checked, 4.1 times this CPU", "fast"},
				{"using the CPU: the graphics card failed", "slow"},
			} {
				tells[len(tells)-1](want[0], want[1])
				if len(tells) == 2 {
					tells[0]("Card 9 of yesterday", "")
				}
				synctest.Wait()
				if got := s.status(); got.Device != want[0] || got.Speed != want[1] || got.Stage != Ready {
					t.Errorf("%+v, want %q", got, want)
				}
			}
		}
		s.TryCard()
		synctest.Wait()
		if tries != 1 {
			t.Errorf("%d tries of the card", tries)
		}
		s.end(t)
		tells[1]("later than the end", "")
	})
}
