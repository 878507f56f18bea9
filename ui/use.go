package ui

import "fermata/app"

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
