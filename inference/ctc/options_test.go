package ctc

import (
	"math"
	"strings"
	"testing"
)

func TestBeamOptions(t *testing.T) {
	if err := GoogleBeam().Check(); err != nil {
		t.Errorf("Google's: %v", err)
	}
	for name, change := range map[string]func(o *BeamOptions){
		"no width":       func(o *BeamOptions) { o.Width = 0 },
		"negative width": func(o *BeamOptions) { o.Width = -8 },
		"great width":    func(o *BeamOptions) { o.Width = 1025 },
		"negative alpha": func(o *BeamOptions) { o.Alpha = -0.1 },
		"NaN alpha":      func(o *BeamOptions) { o.Alpha = math.NaN() },
		"infinite alpha": func(o *BeamOptions) { o.Alpha = math.Inf(1) },
		"NaN beta":       func(o *BeamOptions) { o.Beta = math.NaN() },
		"infinite beta":  func(o *BeamOptions) { o.Beta = math.Inf(-1) },
		"pruning up":     func(o *BeamOptions) { o.PruneLogP = 1 },
		"NaN pruning":    func(o *BeamOptions) { o.PruneLogP = math.NaN() },
		"least token":    func(o *BeamOptions) { o.MinTokenLogP = math.Inf(-1) },
		"unknown gained": func(o *BeamOptions) { o.UnknownScore = 0.5 },
	} {
		o := GoogleBeam()
		change(&o)
		err := o.Check()
		if err == nil || !strings.HasPrefix(err.Error(), "beam search: the ") || !strings.Contains(err.Error(), "; use Google's ") {
			t.Errorf("%s: %v, want what is wrong and what to use", name, err)
		}
	}
	for _, o := range []BeamOptions{
		{Width: 1},
		{Width: 1024, Alpha: 100, Beta: -100, PruneLogP: -1000, MinTokenLogP: -1000, UnknownScore: -1000},
	} {
		if err := o.Check(); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
