package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"fermata/app"
	"fermata/assets"
	"fermata/capture"
	"fermata/capture/mic"
	"fermata/models"
	"fermata/ui"
	_ "fermata/ui/locale"
)

// patience is how long a closed window waits for the text of what was said.
const patience = 30 * time.Second

// openWindow shows the window and returns when it is closed and everything it
// began has ended. It belongs on the process's main goroutine.
func openWindow(ctx context.Context) error {
	if err := checkDisplay(); err != nil {
		return err
	}
	settings, err := app.LoadSettings()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fermata:", err) // the defaults do
	}
	desk := app.New(app.Parts{
		Microphone:     func(id string) capture.Source { return mic.New(id) },
		MicrophoneName: mic.Name,
		Load:           loadModel,
	}, settings)
	return show(ctx, desk, settings)
}

func show(ctx context.Context, desk *app.Desk, settings app.Settings) error {
	fyneapp.SetMetadata(fyne.AppMetadata{
		ID: "io.fermata.Fermata", Name: "Fermata", Icon: assets.Icon,
		Migrations: map[string]bool{"fyneDo": true},
	})
	if cache, err := os.UserCacheDir(); err == nil {
		_ = os.MkdirAll(cache, 0o700) // Fyne complains where a new user has none yet
	}
	a := fyneapp.NewWithID("io.fermata.Fermata")
	window := ui.New(a, desk, ui.Parts{
		Microphones:  mic.Devices,
		Models:       modelChoices,
		Cards:        cardChoices,
		SaveSettings: app.Settings.Save,
	}, settings)

	dictating, giveUp := context.WithCancel(context.WithoutCancel(ctx))
	defer giveUp()
	ended := make(chan error, 1) // sent once, by the goroutine below
	go func() { ended <- desk.Run(dictating, window.Emit) }()
	quit := func() {
		window.Leave()
		a.Quit()
	}
	defer context.AfterFunc(ctx, func() { fyne.Do(quit) })()
	window.Show()
	a.Run()
	window.Leave() // also when it was Fyne's own menu that quit

	desk.Stop()
	time.AfterFunc(patience, giveUp)
	err := <-ended
	window.Wait()
	return stopped(err)
}

func modelChoices() []ui.Choice {
	var choices []ui.Choice
	for _, m := range models.List() {
		switch {
		case m.Demo:
			choices = append(choices, ui.Choice{Name: "Demonstration model"})
		case m.Problem == nil:
			choices = append(choices, ui.Choice{ID: m.Name, Name: m.Name})
		}
	}
	return choices
}
