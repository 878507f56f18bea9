package cli

import (
	"fermata/app/spoken"
	"fermata/inference"
)

// record is what --json prints of a file. Times are seconds, confidences and
// posteriors 0 to 1. Model, device and precision are absent where there is no
// model, in decode's.
type record struct {
	File          string  `json:"file"`
	Duration      float64 `json:"duration"`
	Model         string  `json:"model,omitempty"`
	Device        string  `json:"device,omitempty"`
	Precision     string  `json:"precision,omitempty"`
	Decoder       string  `json:"decoder"`
	LanguageModel string  `json:"language_model"` // "" without one
	Text          string  `json:"text"`
	Raw           string  `json:"raw"`
	Tokens        []token `json:"tokens"`
	Words         []word  `json:"words"`
	// Alternatives are there when --nbest asks for them, the best reading first.
	Alternatives []alternative `json:"alternatives,omitzero"`
}

type token struct {
	ID         int     `json:"id"`
	Piece      string  `json:"piece"`
	Start      float64 `json:"start"`
	End        float64 `json:"end"`
	Confidence float64 `json:"confidence"`
}

type word struct {
	Text       string  `json:"text"`
	Start      float64 `json:"start"`
	End        float64 `json:"end"`
	Confidence float64 `json:"confidence"`
}

type alternative struct {
	Raw       string  `json:"raw"`
	Text      string  `json:"text"`
	Score     float64 `json:"score"`
	Posterior float64 `json:"posterior"`
}

func newRecord(file string, t inference.Transcript, alternatives bool) record {
	r := record{
		File:     file,
		Duration: float64(t.Samples) / inference.SampleRate,
		Text:     spoken.Write(t.Raw),
		Raw:      t.Raw,
		Tokens:   make([]token, len(t.Tokens)), // never null
		Words:    make([]word, len(t.Words)),
	}
	for i, tok := range t.Tokens {
		r.Tokens[i] = token(tok)
	}
	for i, w := range t.Words {
		r.Words[i] = word(w)
	}
	if alternatives {
		r.Alternatives = make([]alternative, 0, len(t.Alternatives))
	}
	for _, a := range t.Alternatives {
		r.Alternatives = append(r.Alternatives, alternative{a.Raw, spoken.Write(a.Raw), a.Score, a.Posterior})
	}
	return r
}
