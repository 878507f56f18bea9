package cli

import (
	"fermata/app/spoken"
	"fermata/inference"
)

// record is what --json prints of a file. Times are seconds, confidences 0 to 1.
type record struct {
	File      string  `json:"file"`
	Duration  float64 `json:"duration"`
	Model     string  `json:"model"`
	Device    string  `json:"device"`
	Precision string  `json:"precision"`
	Text      string  `json:"text"`
	Raw       string  `json:"raw"`
	Tokens    []token `json:"tokens"`
}

type token struct {
	ID         int     `json:"id"`
	Piece      string  `json:"piece"`
	Start      float64 `json:"start"`
	End        float64 `json:"end"`
	Confidence float64 `json:"confidence"`
}

func newRecord(engine *Engine, file, precision string, t inference.Transcript) record {
	r := record{
		File:      file,
		Duration:  float64(t.Samples) / inference.SampleRate,
		Model:     engine.Model,
		Device:    engine.Device,
		Precision: precision,
		Text:      spoken.Write(t.Raw),
		Raw:       t.Raw,
		Tokens:    make([]token, len(t.Tokens)), // never null
	}
	for i, tok := range t.Tokens {
		r.Tokens[i] = token(tok)
	}
	return r
}
