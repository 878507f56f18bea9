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

// decoderWords and precisionWords are what there is to choose from, by what the
// settings keep.
var (
	decoderWords   = []Choice{{"", wordAutomatic}, {"beam", wordWithLM}, {"greedy", wordWithoutLM}}
	precisionWords = []Choice{{"", wordFull}, {"int8", wordEightBit}}
)

// choosing is the settings' dialog.
type choosing struct {
	window     *Window
	microphone *widget.Select
	model      *widget.SelectEntry
	key        *widget.Select
	theme      *widget.Select
	decoder    *widget.Select
	precision  *widget.Select
	device     *widget.Select
	tryCard    *widget.Button
	preview    *widget.Check
	refresh    *widget.Button
	told       *aside
	form       *fyne.Container

	microphones, models, devices []Choice
}

func (w *Window) onSettings() {
	if !w.free() {
		return
	}
	c := newChoosing(w)
	w.screen.choosing = c
	room := w.win.Canvas().Size().Height - sheetFrame
	w.open(wordSettings, wordSave, wordCancel, fit(c.form, room), 560, c.onDone)
	c.look()
}

func newChoosing(w *Window) *choosing {
	c := &choosing{
		window:     w,
		microphone: widget.NewSelect(nil, nil),
		model:      widget.NewSelectEntry(nil),
		key:        widget.NewSelect(nil, nil),
		theme:      selection(themeWords, w.settings.Theme),
		decoder:    selection(decoderWords, w.settings.Decoder),
		precision:  selection(precisionWords, w.settings.Precision),
		device:     widget.NewSelect(nil, nil),
		preview:    widget.NewCheck(wordPreviewOn, nil),
		told:       newAside(""),
	}
	c.refresh = widget.NewButtonWithIcon("", theme.ViewRefreshIcon(), c.look)
	c.tryCard = widget.NewButton(wordTryCard, c.onTryCard)
	c.onCards(nil)
	c.preview.SetChecked(!w.settings.NoPreview)
	for _, key := range keyNames {
		c.key.Options = append(c.key.Options, keyWord(key))
	}
	c.key.SetSelected(keyWord(w.key.name))
	c.model.SetPlaceHolder(wordModelPlace)
	c.form = container.NewVBox(
		widget.NewForm(
			widget.NewFormItem(wordMicrophone, container.NewBorder(nil, nil, nil, c.refresh, c.microphone)),
			widget.NewFormItem(wordModel, c.model),
			hinted(wordDecoder, c.decoder, wordDecoderHint),
			hinted(wordPrecision, c.precision, wordEightHint),
			hinted(wordDevice, container.NewBorder(nil, nil, nil, c.tryCard, c.device), wordDeviceHint),
			widget.NewFormItem(wordKey, c.key),
			widget.NewFormItem(wordPreview, c.preview),
			widget.NewFormItem(wordTheme, c.theme),
		), c.told,
	)
	return c
}

func selection(choices []Choice, id string) *widget.Select {
	s := widget.NewSelect(names(choices), nil)
	s.SetSelected(nameOf(choices, id))
	return s
}

func hinted(name string, field fyne.CanvasObject, hint string) *widget.FormItem {
	return widget.NewFormItem(name, container.New(column{gap: -8}, field, newAside(hint)))
}

// look asks for the microphones and models that there are, and then for graphics
// cards, whose drivers may be slow to answer.
func (c *choosing) look() {
	c.told.say(wordLooking)
	c.refresh.Disable()
	c.window.beside(func() func() {
		devices, err := c.window.parts.Microphones()
		models := c.window.parts.Models()
		return func() {
			c.onFound(devices, models, err)
			c.lookForCards()
		}
	})
}

func (c *choosing) lookForCards() {
	c.window.beside(func() func() {
		cards := c.window.parts.Cards()
		return func() { c.onCards(cards) }
	})
}

func (c *choosing) onFound(devices []capture.Device, models []Choice, err error) {
	c.refresh.Enable()
	switch {
	case err != nil:
		c.told.say(sentence(err.Error()))
	case len(devices) == 0:
		c.told.say(wordNoMic)
	default:
		c.told.say(computeWords(c.window.status))
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

// onCards shows what can compute. Without a card there is none to try.
func (c *choosing) onCards(cards []Choice) {
	chosen := c.window.settings.Device
	if c.devices != nil { // keep what was chosen meanwhile
		chosen = idOf(c.devices, c.device.Selected)
	}
	c.devices = deviceChoices(cards, chosen)
	c.device.SetOptions(names(c.devices))
	c.device.SetSelected(nameOf(c.devices, chosen))
	if len(cards) > 0 {
		c.tryCard.Enable()
	} else {
		c.tryCard.Disable()
	}
}

func (c *choosing) onTryCard() {
	c.tryCard.Disable()
	c.told.say(wordTrying)
	c.window.desk.TryCard()
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
	settings.Decoder = idOf(decoderWords, c.decoder.Selected)
	settings.Precision = idOf(precisionWords, c.precision.Selected)
	settings.Device = idOf(c.devices, c.device.Selected)
	settings.NoPreview = !c.preview.Checked
	return settings
}

func (c *choosing) onDone(save bool) {
	c.window.focusNote()
	if save {
		c.window.use(c.chosen())
	}
}
