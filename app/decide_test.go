package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// step is one input, and what is done about it and shown after it.
type step struct {
	in    input
	does  string // "record 1, stopTail"
	stage Stage
}

var (
	errMic   = errors.New("microphone: it was pulled out; plug it in again")
	errModel = errors.New("model: it gives no numbers; choose another")
)

func said(words string) recognised { return recognised{text: Text{Written: words}} }

// spelled writes actions in a line.
func spelled(does []action) string {
	var words []string
	for _, a := range does {
		word := strings.TrimPrefix(fmt.Sprintf("%T", a), "app.")
		switch a := a.(type) {
		case record:
			word += fmt.Sprint(" ", a.id)
		case recognise:
			word += fmt.Sprint(" ", a.id)
		case forget:
			word += fmt.Sprint(" ", a.id)
		case resume:
			word += fmt.Sprint(" ", a.id)
		case tell:
			word += " " + a.text.Written
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// begun is a state after a start in which the model was loaded.
func begun() state {
	s, _ := decide(state{}, started{})
	s, _ = decide(s, modelLoaded{})
	return s
}

func play(t *testing.T, s state, steps []step) state {
	t.Helper()
	for i, step := range steps {
		var does []action
		s, does = decide(s, step.in)
		if got := spelled(does); got != step.does || s.stage() != step.stage {
			t.Fatalf("step %d, %T%+v: does %q in stage %d, want %q in stage %d", i, step.in, step.in, got, s.stage(), step.does, step.stage)
		}
	}
	return s
}

func TestSequences(t *testing.T) {
	for name, steps := range map[string][]step{
		"a dictation": {
			{pressed{Key}, "record 1", Opening},
			{heard{}, "recognise 1", Listening},
			{released{Key}, "startTail", Finishing},
			{tailOver{}, "closeMicrophone", Finishing},
			{recorded{}, "", Finishing},
			{said("words"), "tell words, forget 1", Ready},
		},
		"auto-repeat": {
			{pressed{Key}, "record 1", Opening},
			{pressed{Key}, "", Opening},
			{heard{}, "recognise 1", Listening},
			{pressed{Key}, "", Listening},
			{released{Key}, "startTail", Finishing},
			{released{Key}, "", Finishing},
		},
		"auto-repeat as X11 has it, in pairs": {
			{pressed{Key}, "record 1", Opening},
			{heard{}, "recognise 1", Listening},
			{released{Key}, "startTail", Finishing},
			{pressed{Key}, "stopTail, resume 1", Listening},
			{released{Key}, "startTail", Finishing},
			{pressed{Key}, "stopTail, resume 1", Listening},
			{tailOver{}, "", Listening}, // it was already under way
			{released{Key}, "startTail", Finishing},
			{tailOver{}, "closeMicrophone", Finishing},
		},
		"lost key-up": {
			{pressed{Key}, "record 1", Opening},
			{heard{}, "recognise 1", Listening},
			{focusLost{}, "startTail", Finishing},
			{released{Key}, "", Finishing},
			{tailOver{}, "closeMicrophone", Finishing},
			{recorded{}, "", Finishing},
			{pressed{Key}, "record 2", Opening},
		},
		"focus lost with nothing held": {{focusLost{}, "", Ready}},
		"release without press":        {{released{Key}, "", Ready}, {released{Button}, "", Ready}, {tailOver{}, "", Ready}},
		"key and button": {
			{pressed{Key}, "record 1", Opening},
			{pressed{Button}, "", Opening},
			{heard{}, "recognise 1", Listening},
			{released{Key}, "", Listening},
			{pressed{Key}, "", Listening},
			{released{Button}, "", Listening},
			{released{Key}, "startTail", Finishing},
		},
		"press while finishing": {
			{pressed{Key}, "record 1", Opening},
			{heard{}, "recognise 1", Listening},
			{released{Key}, "startTail", Finishing},
			{tailOver{}, "closeMicrophone", Finishing},
			{pressed{Key}, "", Opening}, // the device is not free yet
			{recorded{}, "record 2", Opening},
			{heard{}, "", Listening},
			{released{Key}, "startTail", Finishing},
			{tailOver{}, "closeMicrophone", Finishing},
			{recorded{}, "", Finishing},
			{said("one"), "tell one, forget 1, recognise 2", Finishing},
			{said("two"), "tell two, forget 2", Ready},
		},
		"pressed and released while the device closes": {
			{pressed{Key}, "record 1", Opening},
			{released{Key}, "startTail", Finishing},
			{tailOver{}, "closeMicrophone", Finishing},
			{pressed{Key}, "", Opening},
			{released{Key}, "", Finishing},
			{recorded{}, "forget 1", Ready},
		},
		"a tap": {
			{pressed{Key}, "record 1", Opening},
			{released{Key}, "startTail", Finishing},
			{tailOver{}, "closeMicrophone", Finishing},
			{recorded{}, "forget 1", Ready},
		},
		"the first block after the release": {
			{pressed{Key}, "record 1", Opening},
			{released{Key}, "startTail", Finishing},
			{heard{}, "recognise 1", Finishing},
			{tailOver{}, "closeMicrophone", Finishing},
			{recorded{}, "", Finishing},
			{recognised{hint: "none"}, "forget 1", Ready},
		},
		"no microphone": {
			{pressed{Key}, "record 1", Opening},
			{recorded{errMic}, "forget 1", Failed},
			{pressed{Key}, "", Failed}, // auto-repeat opens nothing
			{released{Key}, "", Failed},
			{pressed{Key}, "record 2", Opening},
			{heard{}, "recognise 2", Listening},
		},
		"the microphone is pulled out": {
			{pressed{Key}, "record 1", Opening},
			{heard{}, "recognise 1", Listening},
			{recorded{errMic}, "", Failed},
			{said("half"), "tell half, forget 1", Failed},
			{released{Key}, "", Failed},
			{pressed{Key}, "record 2", Opening},
		},
		"the microphone is pulled out in the tail": {
			{pressed{Key}, "record 1", Opening},
			{heard{}, "recognise 1", Listening},
			{released{Key}, "startTail", Finishing},
			{recorded{errMic}, "stopTail", Failed},
			{said("all"), "tell all, forget 1", Failed},
			{retried{}, "", Ready},
		},
		"the source ends by itself": {
			{pressed{Key}, "record 1", Opening},
			{heard{}, "recognise 1", Listening},
			{recorded{}, "", Finishing},
			{said("all"), "tell all, forget 1", Ready},
			{released{Key}, "", Ready},
		},
		"the model fails": {
			{pressed{Key}, "record 1", Opening},
			{heard{}, "recognise 1", Listening},
			{recognised{err: errModel}, "", Listening}, // the speech goes on being kept
			{released{Key}, "startTail", Failed},
			{tailOver{}, "closeMicrophone", Failed},
			{recorded{}, "", Failed},
			{pressed{Key}, "record 2", Opening},
			{heard{}, "", Listening},
			{released{Key}, "startTail", Failed},
			{tailOver{}, "closeMicrophone", Failed},
			{recorded{}, "", Failed},
			{retried{}, "load", Loading},
			{retried{}, "", Loading},
			{modelLoaded{}, "recognise 1", Finishing},
			{said("one"), "tell one, forget 1, recognise 2", Finishing},
			{said("two"), "tell two, forget 2", Ready},
		},
		"a failed dictation is discarded": {
			{discarded{}, "", Ready},
			{pressed{Key}, "record 1", Opening},
			{heard{}, "recognise 1", Listening},
			{discarded{}, "", Listening},
			{recognised{err: errModel}, "", Listening},
			{discarded{}, "", Listening}, // it is still being spoken
			{released{Key}, "startTail", Failed},
			{discarded{}, "", Failed},
			{tailOver{}, "closeMicrophone", Failed},
			{discarded{}, "", Failed}, // the last block may be on its way
			{recorded{}, "", Failed},
			{pressed{Key}, "record 2", Opening},
			{heard{}, "", Listening},
			{discarded{}, "forget 1, load", Listening},
			{modelLoaded{}, "recognise 2", Listening},
			{recognised{err: errModel}, "", Listening},
			{recorded{}, "", Failed},
			{discarded{}, "forget 2, load", Loading},
			{discarded{}, "", Loading},
			{modelLoaded{}, "", Ready},
		},
		"another model after a failure": {
			{pressed{Key}, "record 1", Opening},
			{heard{}, "recognise 1", Listening},
			{recognised{err: errModel}, "", Listening},
			{released{Key}, "startTail", Failed},
			{tailOver{}, "closeMicrophone", Failed},
			{recorded{}, "", Failed},
			{applied{newModel: true}, "load", Loading},
			{modelLoaded{err: errModel}, "", Failed},
			{applied{newModel: true}, "load", Loading},
			{modelLoaded{}, "recognise 1", Finishing},
			{said("one"), "tell one, forget 1", Ready},
		},
		"another model while finishing": {
			{pressed{Key}, "record 1", Opening},
			{heard{}, "recognise 1", Listening},
			{released{Key}, "startTail", Finishing},
			{tailOver{}, "closeMicrophone", Finishing},
			{recorded{}, "", Finishing},
			{applied{newModel: true}, "", Loading},
			{said("one"), "tell one, forget 1, load", Loading},
			{applied{newModel: true}, "cancelLoad", Loading},
			{modelLoaded{err: errModel}, "load", Loading}, // the one nobody wants any more
			{modelLoaded{}, "", Ready},
		},
		"stop while listening": {
			{pressed{Key}, "record 1", Opening},
			{heard{}, "recognise 1", Listening},
			{stopped{}, "startTail", Finishing},
			{pressed{Key}, "", Finishing},
			{tailOver{}, "closeMicrophone", Finishing},
		},
	} {
		t.Run(name, func(t *testing.T) { play(t, begun(), steps) })
	}
}

func TestSpeechBeforeTheModel(t *testing.T) {
	s := play(t, state{}, []step{
		{started{}, "load", Loading},
		{pressed{Key}, "record 1", Opening},
		{heard{}, "", Listening},
		{released{Key}, "startTail", Loading},
		{tailOver{}, "closeMicrophone", Loading},
		{recorded{}, "", Loading},
		{modelLoaded{}, "recognise 1", Finishing},
		{stopped{}, "", Finishing},
		{pressed{Key}, "", Finishing},
	})
	if s.done() {
		t.Error("done before the text")
	}
	if s = play(t, s, []step{{said("one"), "tell one, forget 1", Ready}}); !s.done() {
		t.Error("not done after the text")
	}
}

func TestHintIsPutAwayByTheNextPress(t *testing.T) {
	s := play(t, begun(), []step{
		{pressed{Key}, "record 1", Opening},
		{heard{}, "recognise 1", Listening},
		{recorded{}, "", Finishing},
		{recognised{hint: "nothing was heard"}, "forget 1", Ready},
		{released{Key}, "", Ready},
	})
	if s.hint != "nothing was heard" {
		t.Errorf("hint %q", s.hint)
	}
	if s, _ = decide(s, pressed{Key}); s.hint != "" {
		t.Errorf("hint %q while opening", s.hint)
	}
}

// world answers actions as the real workers do, at moments of its own choice.
type world struct {
	*rapid.T
	state                                    state
	recording, closing, tail, loading, works bool
	heard                                    bool
	ended                                    map[int]bool
	spoken, told                             []int
	working, current                         int
}

func (w *world) put(in input) {
	var does []action
	w.state, does = decide(w.state, in)
	for _, a := range does {
		w.do(a)
	}
}

func (w *world) must(holds bool, what string) {
	if !holds {
		w.Fatalf("%s: %+v", what, w.state)
	}
}

func (w *world) do(a action) {
	switch a := a.(type) {
	case record:
		w.must(!w.recording, "two recordings")
		w.recording, w.closing, w.heard, w.current = true, false, false, a.id
	case closeMicrophone:
		w.must(w.recording && !w.tail, "nothing to close")
		w.closing = true
	case startTail:
		w.tail = true
	case stopTail:
		w.tail = false
	case load:
		w.must(!w.loading && !w.works, "loading at a bad time")
		w.loading = true
	case cancelLoad:
		w.must(w.loading, "nothing to cancel")
	case recognise:
		w.must(!w.works && !w.loading, "recognising at a bad time")
		w.works, w.working = true, a.id
	case tell:
		w.told = append(w.told, a.text.Transcript.Samples)
	}
}

// texts answers that the oldest dictation has been recognised.
func (w *world) texts(err error) {
	w.works = false
	in := said("x")
	in.text.Transcript.Samples = w.working
	in.err = err
	w.put(in)
}

func (w *world) endRecording(err error) {
	w.recording = false
	w.ended[w.current] = true
	w.put(recorded{err})
}

func (w *world) step() {
	holds := []Hold{Key, Button}
	switch rapid.IntRange(0, 14).Draw(w.T, "what") {
	case 0, 1, 2:
		w.put(pressed{rapid.SampledFrom(holds).Draw(w.T, "hold")})
	case 3, 4:
		w.put(released{rapid.SampledFrom(holds).Draw(w.T, "hold")})
	case 5:
		w.put(focusLost{})
	case 6, 7:
		if w.recording && !w.heard {
			w.heard = true
			w.spoken = append(w.spoken, w.current)
			w.put(heard{})
		}
	case 8:
		if w.tail {
			w.tail = false
			w.put(tailOver{})
		}
	case 9:
		if w.recording && (w.closing || rapid.Bool().Draw(w.T, "fails")) {
			w.endRecording(rapid.SampledFrom([]error{nil, errMic}).Draw(w.T, "error"))
		}
	case 10:
		if w.loading {
			w.loading = false
			w.put(modelLoaded{err: rapid.SampledFrom([]error{nil, errModel}).Draw(w.T, "error")})
		}
	case 11:
		if w.works && w.ended[w.working] {
			w.texts(nil)
		} else if w.works && rapid.Bool().Draw(w.T, "fails") {
			w.texts(errModel)
		}
	case 12:
		w.put(retried{})
	case 13:
		w.put(applied{newModel: rapid.Bool().Draw(w.T, "new model")})
	case 14:
		w.discard()
	}
}

// discard throws the oldest dictation away if it may be thrown away.
func (w *world) discard() {
	before := w.state.queue
	w.put(discarded{})
	if len(w.state.queue) == len(before) {
		return
	}
	w.must(w.ended[before[0].id], "discarded while it was spoken")
	i := slices.Index(w.spoken, before[0].id)
	w.spoken = slices.Delete(w.spoken, i, i+1)
}

// Whatever happens in whatever order, afterwards everything that was heard has
// been told, in spoken order, once, except for what the user threw away.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{T: t, ended: map[int]bool{}}
		w.put(started{})
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			w.step()
		}
		w.put(stopped{})
		for range 100 {
			switch {
			case w.tail:
				w.tail = false
				w.put(tailOver{})
			case w.recording:
				w.endRecording(nil)
			case w.loading:
				w.loading = false
				w.put(modelLoaded{})
			case w.works:
				w.texts(nil)
			case w.state.modelErr != nil:
				w.put(retried{})
			}
		}
		w.must(w.state.done() && len(w.state.queue) == 0, "not done")
		w.must(fmt.Sprint(w.told) == fmt.Sprint(w.spoken), fmt.Sprintf("told %v, spoken %v", w.told, w.spoken))
	})
}
