package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"fermata/app"
)

// The names of Fermata's own colours.
const (
	colorReady     fyne.ThemeColorName = "fermataReady"     // mark of the state, low level
	colorHold      fyne.ThemeColorName = "fermataHold"      // the button to hold
	colorOpening   fyne.ThemeColorName = "fermataOpening"   // the button while the microphone opens
	colorListening fyne.ThemeColorName = "fermataListening" // the button while it listens
	colorFinishing fyne.ThemeColorName = "fermataFinishing" // the button while the text is made
	colorOnHold    fyne.ThemeColorName = "fermataOnHold"    // words on any of these
	colorLoud      fyne.ThemeColorName = "fermataLoud"      // level: nearly too loud
	colorClip      fyne.ThemeColorName = "fermataClip"      // level: too loud
	colorUnlit     fyne.ThemeColorName = "fermataUnlit"     // level: a cell that is off
	colorRibbon    fyne.ThemeColorName = "fermataRibbon"    // behind the demonstration's ribbon
	colorOnRibbon  fyne.ThemeColorName = "fermataOnRibbon"
	colorAlarm     fyne.ThemeColorName = "fermataAlarm" // behind an error
	colorOnAlarm   fyne.ThemeColorName = "fermataOnAlarm"
	colorPreview   fyne.ThemeColorName = "fermataPreview" // behind what is being spoken
	colorTold      fyne.ThemeColorName = "fermataTold"    // behind a hint
	colorOnTold    fyne.ThemeColorName = "fermataOnTold"
)

// palette has every colour of the window: [0] light, [1] dark. Words on their
// ground have a contrast of at least 4.5 to 1 (WCAG 2.2, level AA), which a
// test measures. The dark one is for a reading room: low, and without blue.
var palette = map[fyne.ThemeColorName][2]uint32{
	theme.ColorNameBackground:          {0xf2f5f7ff, 0x14181cff},
	theme.ColorNameForeground:          {0x1b2630ff, 0xdde3e8ff},
	theme.ColorNamePlaceHolder:         {0x576673ff, 0x97a4afff},
	theme.ColorNameInputBackground:     {0xffffffff, 0x1b2126ff},
	theme.ColorNameInputBorder:         {0xcfd8deff, 0x303a43ff},
	theme.ColorNamePrimary:             {0x0f6c85ff, 0x55b3caff},
	theme.ColorNameForegroundOnPrimary: {0xffffffff, 0x08222aff},
	theme.ColorNameHyperlink:           {0x0f6c85ff, 0x55b3caff},
	theme.ColorNameFocus:               {0x0f6c8540, 0x55b3ca50},
	theme.ColorNameSelection:           {0x0f6c8540, 0x55b3ca55},
	theme.ColorNameButton:              {0xe3e9edff, 0x283138ff},
	theme.ColorNameHover:               {0x1b263014, 0xffffff14},
	theme.ColorNamePressed:             {0x1b263026, 0xffffff26},
	theme.ColorNameDisabled:            {0x9caab5ff, 0x55616cff},
	theme.ColorNameDisabledButton:      {0xebeff2ff, 0x1f262cff},
	theme.ColorNameSeparator:           {0xdce3e8ff, 0x2a333bff},
	theme.ColorNameScrollBar:           {0x57667380, 0x97a4af80},
	theme.ColorNameScrollBarBackground: {0x00000000, 0x00000000},
	theme.ColorNameShadow:              {0x1b263030, 0x00000080},
	theme.ColorNameOverlayBackground:   {0xffffffff, 0x1f262cff},
	theme.ColorNameMenuBackground:      {0xffffffff, 0x232b32ff},
	theme.ColorNameHeaderBackground:    {0xe9eef1ff, 0x1b2126ff},
	theme.ColorNameError:               {0xb3261eff, 0xf2938cff},
	theme.ColorNameWarning:             {0x8a5a00ff, 0xe3b565ff},
	theme.ColorNameSuccess:             {0x23744aff, 0x6fc294ff},
	colorReady:                         {0x2b8257ff, 0x57b07fff},
	colorHold:                          {0x0f6c85ff, 0x1a6d83ff},
	colorOpening:                       {0x8f5a06ff, 0x8a5a0cff},
	colorListening:                     {0xc22f2aff, 0xb93a34ff},
	colorFinishing:                     {0x4a5f78ff, 0x45586eff},
	colorOnHold:                        {0xffffffff, 0xffffffff},
	colorLoud:                          {0xd29922ff, 0xd9a63aff},
	colorClip:                          {0xc22f2aff, 0xe0564eff},
	colorUnlit:                         {0xd9e1e6ff, 0x2a333bff},
	colorRibbon:                        {0xfdf0cfff, 0x3a2f14ff},
	colorOnRibbon:                      {0x5f4300ff, 0xf0d393ff},
	colorAlarm:                         {0xfbe5e3ff, 0x40211fff},
	colorOnAlarm:                       {0x85180fff, 0xf7b9b3ff},
	colorPreview:                       {0xe9eef1ff, 0x1b2126ff},
	colorTold:                          {0xdfeef3ff, 0x1b343dff},
	colorOnTold:                        {0x0b4a5cff, 0xa9dbe8ff},
}

var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:           14,
	theme.SizeNameCaptionText:    12,
	theme.SizeNameSubHeadingText: 18,
	theme.SizeNameInputRadius:    8,
	theme.SizeNameButtonRadius:   8,
	theme.SizeNameInlineIcon:     18,
	theme.SizeNamePadding:        4,
}

// look is Fermata's theme. The variant is forced where the user chose one.
type look struct {
	fyne.Theme
	chosen string // "light", "dark", or "" for what the desktop has
	text   float32
}

// lookFrom is the theme of that name in the settings.
func lookFrom(chosen string) look {
	return look{Theme: theme.DefaultTheme(), chosen: chosen, text: sizes[theme.SizeNameText]}
}

// larger is the same theme for the note: text to be read while thinking of
// something else.
func (l look) larger() look {
	l.text = 18
	return l
}

// Color is the colour of that name, or Fyne's own where we have none.
func (l look) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch l.chosen {
	case "light":
		variant = theme.VariantLight
	case "dark":
		variant = theme.VariantDark
	}
	pair, ok := palette[name]
	if !ok {
		return l.Theme.Color(name, variant)
	}
	c := pair[0]
	if variant == theme.VariantDark {
		c = pair[1]
	}
	return color.NRGBA{R: uint8(c >> 24), G: uint8(c >> 16), B: uint8(c >> 8), A: uint8(c)}
}

// Size is the size of that name, in Fyne's own pixels.
func (l look) Size(name fyne.ThemeSizeName) float32 {
	if name == theme.SizeNameText {
		return l.text
	}
	if size, ok := sizes[name]; ok {
		return size
	}
	return l.Theme.Size(name)
}

// stageColors are those of the mark in the state line and of the button.
var stageColors = map[app.Stage]struct{ mark, button fyne.ThemeColorName }{
	app.Loading:   {colorLoud, colorHold},
	app.Ready:     {colorReady, colorHold},
	app.Opening:   {colorLoud, colorOpening},
	app.Listening: {colorClip, colorListening},
	app.Finishing: {theme.ColorNamePrimary, colorFinishing},
	app.Failed:    {theme.ColorNameError, colorHold},
}

// ink is a colour as a widget is to show it now.
func ink(w interface{ Theme() fyne.Theme }, name fyne.ThemeColorName) color.Color {
	return w.Theme().Color(name, fyne.CurrentApp().Settings().ThemeVariant())
}
