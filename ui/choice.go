package ui

import (
	"fmt"
	"strings"

	"fermata/capture"
)

// A Choice is one of several models, microphones or themes.
type Choice struct {
	ID   string // what the settings keep
	Name string // what people read
}

// microphoneChoices are the microphones there are, what the system chooses,
// and the one in the settings even while it is not connected.
func microphoneChoices(devices []capture.Device, chosen string) []Choice {
	choices := []Choice{{"", wordDefaultMic}}
	found := chosen == ""
	for _, d := range devices {
		choices = append(choices, Choice{d.ID, unused(choices, d.Name)})
		found = found || d.ID == chosen
	}
	if !found {
		choices = append(choices, Choice{chosen, fmt.Sprintf(wordMissingMic, chosen)})
	}
	return choices
}

// deviceChoices are what can compute, and the card in the settings even while it is
// not there.
func deviceChoices(cards []Choice, chosen string) []Choice {
	choices := append([]Choice{{"", wordAutomatic}, {"cpu", wordProcessor}}, cards...)
	for _, c := range choices {
		if c.ID == chosen {
			return choices
		}
	}
	return append(choices, Choice{chosen, fmt.Sprintf(wordMissingCard, chosen)})
}

// modelChoices are the models there are, with the demonstration model, which
// the settings keep as nothing, where it is not among them.
func modelChoices(models []Choice) []Choice {
	for _, m := range models {
		if m.ID == "" {
			return models
		}
	}
	return append([]Choice{{"", wordDemoModel}}, models...)
}

// unused is name, numbered where another choice has it already.
func unused(choices []Choice, name string) string {
	free := name
	for n := 2; has(choices, free); n++ {
		free = fmt.Sprintf("%s (%d)", name, n)
	}
	return free
}

func has(choices []Choice, name string) bool {
	for _, c := range choices {
		if c.Name == name {
			return true
		}
	}
	return false
}

func names(choices []Choice) []string {
	var all []string
	for _, c := range choices {
		all = append(all, c.Name)
	}
	return all
}

// nameOf is what people read for id, or id itself, the path of a folder.
func nameOf(choices []Choice, id string) string {
	for _, c := range choices {
		if c.ID == id {
			return c.Name
		}
	}
	return id
}

// idOf is what the settings keep for name, or name itself.
func idOf(choices []Choice, name string) string {
	for _, c := range choices {
		if c.Name == name {
			return c.ID
		}
	}
	return strings.TrimSpace(name)
}
