package cli

import "fermata/app/wer"

// The JSON of a measurement. Rates are shares; null where there is nothing to
// be wrong about, and intervals of less than two recordings.
type report struct {
	Recordings     int             `json:"recordings"`
	Failed         int             `json:"failed"`
	Seconds        float64         `json:"seconds"`
	Configurations []configuredRow `json:"configurations"`
}

type configuredRow struct {
	Model         string      `json:"model"`
	Decoder       string      `json:"decoder"`
	LanguageModel string      `json:"language_model"`
	Precision     string      `json:"precision"`
	Elapsed       float64     `json:"elapsed"` // seconds of computing; a greedy row's are those of the search beside it
	Google        rates       `json:"google"`
	Marks         rates       `json:"marks"`
	Mistakes      []mistake   `json:"mistakes"`
	Files         []fileCount `json:"files"`
}

type rates struct {
	wer.Counts
	WER  *float64 `json:"wer"`
	Low  *float64 `json:"wer_low"`
	High *float64 `json:"wer_high"`
	CER  *float64 `json:"cer"`
}

type mistake struct {
	Reference  string `json:"reference"`
	Hypothesis string `json:"hypothesis"`
	Count      int    `json:"count"`
}

// fileCount is in Google's form.
type fileCount struct {
	File     string  `json:"file"`
	Duration float64 `json:"duration"`
	wer.Counts
}

func (f figure) rates() rates {
	return rates{f.words, number(f.wer), number(f.low), number(f.high), number(f.cer)}
}

func (m *measurement) report(worst int) report {
	r := report{Recordings: len(m.corpus) - m.failed(), Failed: m.failed(), Seconds: m.seconds(), Configurations: []configuredRow{}}
	for _, c := range m.rows {
		row := configuredRow{
			Model: c.Model, Decoder: c.Decoder, LanguageModel: c.Language, Precision: c.Precision, Elapsed: c.elapsed.Seconds(),
			Google: m.figure(c, 0).rates(), Marks: m.figure(c, 1).rates(),
			Mistakes: []mistake{}, Files: []fileCount{},
		}
		for _, w := range m.mistakes(c, worst) {
			row.Mistakes = append(row.Mistakes, mistake{w.Reference, w.Hypothesis, w.Count})
		}
		for _, u := range m.corpus {
			if !u.told {
				row.Files = append(row.Files, fileCount{u.audio, u.duration, c.heard[u].forms[0].words})
			}
		}
		r.Configurations = append(r.Configurations, row)
	}
	return r
}
