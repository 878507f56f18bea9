package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"fermata/app"
	"fermata/capture"
)

// themeWords are the themes to choose from, by what the settings keep.
var themeWords = []Choice{{"", wordSystem}, {"light", wordLight}, {"dark", wordDark}}

// choosing is the settings' dialog.
type choosing struct {
	window     *Window
	microphone *widget.Select
	model      *widget.SelectEntry
	key        *widget.Select
	theme      *widget.Select
	refresh    *widget.Button
	told       *widget.Label
	form       fyne.CanvasObject

	microphones, models []Choice
}

func (w *Window) onSettings() {
	if !w.free() {
		return
	}
	c := newChoosing(w)
	w.screen.choosing = c
	w.open(wordSettings, wordSave, wordCancel, c.form, 520, c.onDone)
	c.look()
}

func newChoosing(w *Window) *choosing {
	c := &choosing{
		window:     w,
		microphone: widget.NewSelect(nil, nil),
		model:      widget.NewSelectEntry(nil),
		key:        widget.NewSelect(nil, nil),
		theme:      widget.NewSelect(names(themeWords), nil),
		told:       widget.NewLabel(""),
	}
	c.refresh = widget.NewButtonWithIcon("", theme.ViewRefreshIcon(), c.look)
	c.theme.SetSelected(nameOf(themeWords, w.settings.Theme))
	for _, key := range keyNames {
		c.key.Options = append(c.key.Options, keyWord(key))
	}
	c.key.SetSelected(keyWord(w.key.name))
	c.model.SetPlaceHolder(wordModelPlace)
	c.told.Wrapping = fyne.TextWrapWord
	c.told.Importance = widget.LowImportance
	c.form = container.NewVBox(
		widget.NewForm(
			widget.NewFormItem(wordMicrophone, container.NewBorder(nil, nil, nil, c.refresh, c.microphone)),
			widget.NewFormItem(wordModel, c.model),
			widget.NewFormItem(wordKey, c.key),
			widget.NewFormItem(wordTheme, c.theme),
		), c.told,
	)
	return c
}

// look asks for the microphones and models that there are.
func (c *choosing) look() {
	c.told.SetText(wordLooking)
	c.refresh.Disable()
	c.window.beside(func() func() {
		devices, err := c.window.parts.Microphones()
		models := c.window.parts.Models()
		return func() { c.onFound(devices, models, err) }
	})
}

func (c *choosing) onFound(devices []capture.Device, models []Choice, err error) {
	c.refresh.Enable()
	switch {
	case err != nil:
		c.told.SetText(sentence(err.Error()))
	case len(devices) == 0:
		c.told.SetText(wordNoMic)
	default:
		c.told.SetText("")
	}
	settings := c.window.settings
	c.microphones = microphoneChoices(devices, settings.Microphone)
	c.microphone.SetOptions(names(c.microphones))
	c.microphone.SetSelected(nameOf(c.microphones, settings.Microphone))
	c.models = modelChoices(models)
	c.model.SetOptions(names(c.models))
	if c.model.Text == "" {
		c.model.SetText(nameOf(c.models, settings.Model))
	}
}

// chosen are the settings as the dialog shows them.
func (c *choosing) chosen() app.Settings {
	settings := c.window.settings
	if c.microphones != nil {
		settings.Microphone = idOf(c.microphones, c.microphone.Selected)
		settings.Model = idOf(c.models, c.model.Text)
	}
	for _, key := range keyNames {
		if keyWord(key) == c.key.Selected {
			settings.Key = string(key)
		}
	}
	settings.Theme = idOf(themeWords, c.theme.Selected)
	return settings
}

func (c *choosing) onDone(save bool) {
	c.window.focusNote()
	if save {
		c.window.use(c.chosen())
	}
}

// use takes new settings up at once and saves them.
func (w *Window) use(settings app.Settings) {
	w.settings = settings
	w.key.name = keyFrom(settings.Key)
	w.app.Settings().SetTheme(lookFrom(settings.Theme))
	w.screen.wear(settings.Theme)
	w.screen.placeholder(w.key)
	w.desk.Apply(settings)
	w.beside(func() func() {
		err := w.parts.SaveSettings(settings)
		return func() {
			if err != nil {
				w.complain(sentence(err.Error()))
			}
		}
	})
}
