package cli

import (
	"encoding/json"
	"testing"

	"fermata/inference"
)

// TestRecord holds the JSON to its names and their order.
func TestRecord(t *testing.T) {
	transcript := inference.Transcript{
		Raw: "stable {period}", Samples: 16000,
		Tokens:       []inference.Token{{ID: 7, Piece: "▁stable", Start: 0.2, End: 0.24, Confidence: 0.5}},
		Words:        []inference.Word{{Text: "stable", Start: 0.2, End: 0.24, Confidence: 0.5}},
		Alternatives: []inference.Alternative{{Raw: "stable {period}", Score: -1.5, Posterior: 0.75}},
	}
	r := newRecord("a.wav", transcript, true)
	r.Model, r.Device, r.Precision, r.Decoder, r.LanguageModel = "m", "cpu", "fp32", "beam", "lm_6.kenlm"
	for _, c := range []struct {
		record record
		want   string
	}{
		{r, `{"file":"a.wav","duration":1,"model":"m","device":"cpu","precision":"fp32","decoder":"beam","language_model":"lm_6.kenlm","text":"stable.","raw":"stable {period}",` +
			`"tokens":[{"id":7,"piece":"▁stable","start":0.2,"end":0.24,"confidence":0.5}],"words":[{"text":"stable","start":0.2,"end":0.24,"confidence":0.5}],` +
			`"alternatives":[{"raw":"stable {period}","text":"stable.","score":-1.5,"posterior":0.75}]}`},
		{newRecord("b.npy", inference.Transcript{}, false), `{"file":"b.npy","duration":0,"decoder":"","language_model":"","text":"","raw":"","tokens":[],"words":[]}`},
		{newRecord("c.npy", inference.Transcript{}, true), `{"file":"c.npy","duration":0,"decoder":"","language_model":"","text":"","raw":"","tokens":[],"words":[],"alternatives":[]}`},
	} {
		got, err := json.Marshal(c.record)
		if err != nil || string(got) != c.want {
			t.Errorf("%v\ngot  %s\nwant %s", err, got, c.want)
		}
	}
}
