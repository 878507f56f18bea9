package inference

import "fermata/inference/ctc"

// Decoder says how scores become tokens. The zero value takes the best token
// of every frame.
type Decoder struct {
	// Beam asks for a beam search; nil is none.
	Beam *ctc.BeamOptions
	// Language is the language model of the beam search, or nil. It must have
	// been made for the recogniser's vocabulary.
	Language *ctc.Language
	// NBest is how many readings a [Transcript] is to have as Alternatives at
	// most. There are no more than the beam is wide.
	NBest int
}

// check returns nil, or an error that says what is wrong with the search.
func (d Decoder) check() error {
	if d.Beam == nil {
		return nil
	}
	return d.Beam.Check()
}

// feed hands the decoder the rows that it has not had yet. After an error of
// the beam search a new one takes them all, so that none is had twice.
func (s *Stream) feed() error {
	d := s.recognizer.decoder
	if d.Beam == nil {
		s.settle()
		return nil
	}
	if s.beam == nil {
		s.beam, s.fed = ctc.NewBeam(s.recognizer.vocabulary, d.Language, *d.Beam), 0
	}
	if s.fed == len(s.logits) {
		return nil
	}
	if err := s.beam.Write(s.logits[s.fed:], s.vocab); err != nil {
		s.beam = nil
		return err
	}
	s.fed = len(s.logits)
	return nil
}

// search returns what the beam holds, best first, were the last window the
// end. The beam is left without it.
func (s *Stream) search(last window) ([]ctc.Hypothesis, error) {
	if err := s.feed(); err != nil {
		return nil, err
	}
	beam := s.beam
	if len(last.logits) > 0 {
		beam = beam.Clone()
		if err := beam.Write(last.logits, last.vocab); err != nil {
			return nil, err
		}
	}
	return beam.Best(s.recognizer.decoder.Beam.Width)
}

// beam makes the transcript of what a beam search found, best first.
func (r reading) beam(found []ctc.Hypothesis, nBest int) Transcript {
	t := Transcript{Samples: r.samples}
	t.Tokens, t.Raw = r.tokens(found[0].Tokens)
	t.Words = words(t.Tokens)
	all := r.alternatives(found)
	confide(t.Words, all)
	if n := min(nBest, len(all)); n > 0 {
		t.Alternatives = all[:n]
	}
	return t
}

// alternatives are the readings found, those that are written alike as one.
func (r reading) alternatives(found []ctc.Hypothesis) []Alternative {
	var all []Alternative
	at := map[string]int{}
	for i, h := range found {
		_, raw := r.tokens(h.Tokens)
		k, known := at[raw]
		switch {
		case !known:
			at[raw] = len(all)
			all = append(all, Alternative{Raw: raw, Score: h.Score, Posterior: h.Posterior})
		case !repeats(found[:i], h):
			all[k].Posterior += h.Posterior
		}
	}
	return all
}

// repeats says whether the tokens of h are those of one before it, which then
// has its posterior already.
func repeats(before []ctc.Hypothesis, h ctc.Hypothesis) bool {
	for _, b := range before {
		same := len(b.Tokens) == len(h.Tokens)
		for i := 0; same && i < len(h.Tokens); i++ {
			same = b.Tokens[i].ID == h.Tokens[i].ID
		}
		if same {
			return true
		}
	}
	return false
}

// confide sets the confidence of every word to the posterior of the readings
// that have it at its place.
func confide(words []Word, all []Alternative) {
	texts := make([]string, len(words))
	for i := range words {
		texts[i] = words[i].Text
		words[i].Confidence = 0
	}
	for _, a := range all {
		for i, same := range shared(texts, parts(a.Raw)) {
			if same {
				words[i].Confidence = min(1, words[i].Confidence+a.Posterior)
			}
		}
	}
}
