package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"fermata/app"
)

// Every word that the window says is in this file; phrases.go puts them
// together. The rules:
// say what is, then what to do; whole sentences end in a full stop; no word
// that only a programmer knows; a button says what it does. The sentences of
// errors come from where they happened and are shown as they are.

const (
	wordName        = "Fermata"
	wordPlaceholder = "Hold %s, speak, let go: the text appears here.\nYou can type and correct at any time."

	wordCopy     = "Copy note"
	wordCopied   = "Copied"
	wordNewNote  = "New note"
	wordSettings = "Settings"
	wordUndo     = "Undo"
	wordRedo     = "Redo"
	wordCut      = "Cut"
	wordCopyPart = "Copy"
	wordPaste    = "Paste"
	wordAll      = "Select all"
	wordRetry    = "Try again"
	wordDiscard  = "Discard %s"
	wordDismiss  = "Dismiss"
	wordClose    = "Close"
	wordCancel   = "Cancel"
	wordKeep     = "Keep the note"

	wordDemo      = "Demonstration model: not for clinical use. It makes many mistakes."
	wordDemoHow   = "Get a real one"
	wordDemoTitle = "A real model"
	wordDemoText  = `The model that comes with Fermata shows how dictating works and recognises little.

For real work use MedASR. Google publishes it as google/medasr on Hugging Face, free under the terms of its Health AI Developer Foundations.

1. Accept the terms there and download the model's files into one folder.
2. Give that folder under Settings, Model.

Fermata prepares it once; nothing is sent anywhere.`

	wordKept          = "Speech that was not recognised is kept."
	wordNothingToCopy = "The note is empty: there is nothing to copy."
	wordClipboardSlow = "clipboard: it does not answer; copy once more"

	wordDiscardTitle = "Discard speech?"
	wordDiscardText  = "The oldest speech that could not be recognised, %s, will be gone and cannot be brought back. What was spoken after it is kept and tried again."
	wordDiscardYes   = "Discard it"
	wordDiscardNo    = "Keep it"

	wordNewTitle   = "Start a new note?"
	wordNewText    = "The note has %s that %s not been copied. Undo brings %s back."
	wordNewCopied  = "The note has been copied. Undo brings it back."
	wordNewBusy    = "A dictation is not finished yet, and its text belongs in this note. Start the new note when it has come."
	wordCloseTitle = "Close Fermata?"
	wordCloseText  = "The note has %s that %s not been copied and will be gone."
	wordCloseBusy  = "A dictation is not finished yet; its text would be lost."
	wordCloseKept  = "Speech that was not recognised yet would be lost."

	wordMicrophone   = "Microphone"
	wordModel        = "Model"
	wordDevice       = "Computes on"
	wordDeviceHint   = "Automatic uses the graphics card once its answers agree with the processor's and it is faster."
	wordProcessor    = "Processor only"
	wordMissingCard  = "%s (not there)"
	wordTryCard      = "Try the card again"
	wordTrying       = "The graphics card is being checked."
	wordKey          = "Key to hold"
	wordTheme        = "Appearance"
	wordDecoder      = "Decoder"
	wordAutomatic    = "Automatic"
	wordWithLM       = "With a language model"
	wordWithoutLM    = "Without"
	wordDecoderHint  = "Automatic uses the language model in the model's folder, if there is one."
	wordPrecision    = "Precision"
	wordFull         = "Full"
	wordEightBit     = "8-bit"
	wordEightHint    = "8-bit: about twice as fast, but not verified on MedASR's own weights."
	wordPreview      = "Preview"
	wordPreviewOn    = "Show a preview while you speak"
	wordLight        = "Light"
	wordDark         = "Dark"
	wordSystem       = "As the desktop"
	wordDefaultMic   = "As the system chooses"
	wordRefresh      = "Look again"
	wordLooking      = "Looking for microphones …"
	wordNoMic        = "No microphone was found. Connect one and look again."
	wordMissingMic   = "%s (not connected)"
	wordDemoModel    = "Demonstration model"
	wordModelPlace   = "or the path of a model's folder"
	wordSave         = "Save"
	wordUnknown      = "–"
	wordPreviewPanel = "What is being spoken"
	wordLevel        = "Loudness of the voice"
	wordRightCtrl    = "right Ctrl"
	wordMenuKey      = "Menu"
	wordCloseAnyway  = "Close and lose it"
)

// stageWords are what the window calls each stage: in the state line, in the
// title, and on the button to hold with the line below it, where %s is the key.
var stageWords = map[app.Stage]struct{ state, title, button, below string }{
	app.Loading:   {"Loading model", "loading model", "Hold to talk", "The model is still being loaded; speech is kept until then"},
	app.Ready:     {"Ready", "ready", "Hold to talk", "or hold %s"},
	app.Opening:   {"Opening microphone", "opening microphone", "Opening microphone", "Wait a moment before you speak"},
	app.Listening: {"Listening", "listening", "Listening", "Let go when you have finished"},
	app.Finishing: {"Finishing", "finishing", "Finishing", "The text is on its way; you may hold again"},
	app.Failed:    {"Error", "error", "Hold to talk", "or hold %s"},
}

// title is what the taskbar shows. Others wait for these very words.
func title(s app.Stage) string { return wordName + " – " + stageWords[s].title }

// keyWord is what people call a key.
func keyWord(key fyne.KeyName) string {
	switch key {
	case desktop.KeyControlRight:
		return wordRightCtrl
	case desktop.KeyMenu:
		return wordMenuKey
	}
	return string(key)
}
