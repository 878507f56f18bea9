package ctc

import "fmt"

// BeamOptions says how a [Beam] searches. The zero value is of no use; start
// from [GoogleBeam].
type BeamOptions struct {
	Width int     // beams kept after each frame, 1 to 1024
	Alpha float64 // weight of the language model's natural-log score, 0 to 100
	Beta  float64 // added for every word, -100 to 100

	PruneLogP    float64 // beams this far below the best are dropped; -1000 to 0
	MinTokenLogP float64 // of a frame's tokens only these and the best are tried; -1000 to 0
	UnknownScore float64 // added to the log10 of a word unknown to the model, and to every unfinished word; -1000 to 0

	// Boundaries puts the text between "<s>" and "</s>" for the language model.
	Boundaries bool
	// Glued repeats what the reference does with "</s>", "<s>" and "<unk>",
	// for comparison only: see [Beam].
	Glued bool
}

// GoogleBeam returns the options of Google's own notebook: a width of 8 and
// pyctcdecode's defaults for the rest.
func GoogleBeam() BeamOptions {
	return BeamOptions{
		Width: 8, Alpha: 0.5, Beta: 1.5,
		PruneLogP: -10, MinTokenLogP: -5, UnknownScore: -10,
		Boundaries: true,
	}
}

// Check returns an error, in words for the user, if an option is outside its
// range.
func (o BeamOptions) Check() error {
	google := GoogleBeam()
	for _, r := range []struct {
		name                       string
		value, least, most, google float64
	}{
		{"width", float64(o.Width), 1, 1024, float64(google.Width)},
		{"alpha", o.Alpha, 0, 100, google.Alpha},
		{"beta", o.Beta, -100, 100, google.Beta},
		{"pruning", o.PruneLogP, -1000, 0, google.PruneLogP},
		{"least score of a token", o.MinTokenLogP, -1000, 0, google.MinTokenLogP},
		{"score of an unknown word", o.UnknownScore, -1000, 0, google.UnknownScore},
	} {
		if !(r.least <= r.value && r.value <= r.most) { // so that NaN is outside
			return fmt.Errorf("beam search: the %s is %g and not between %g and %g; use Google's %g",
				r.name, r.value, r.least, r.most, r.google)
		}
	}
	return nil
}
