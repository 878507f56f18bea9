package card

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"fermata/inference"
	"fermata/inference/ctc"
	"fermata/inference/mel"
	"fermata/models/keep"
)

var pieces = []string{"<epsilon>", "<s>", "</s>", "<unk>", "▁", "▁a", "b", "c"}

// ear is an acoustic model with a fault. Its rows depend on the frames alone, and
// a window of 20 s takes it 20 times takes.
type ear struct {
	takes time.Duration
	fault func(call int, ctx context.Context, logits []float32) ([]float32, error) // nil is none

	mu     sync.Mutex
	calls  int
	asked  []int // frames of every call
	closed bool
}

func (e *ear) Logits(ctx context.Context, frames []float32) ([]float32, int, error) {
	e.mu.Lock()
	e.calls++
	call := e.calls
	e.asked = append(e.asked, len(frames)/mel.Bins)
	if e.closed {
		panic("asked after it was closed")
	}
	e.mu.Unlock()
	if err := sleep(ctx, e.takes*time.Duration(len(frames))/(100*mel.Bins)); err != nil {
		return nil, 0, err
	}
	n := len(frames) / mel.Bins
	var logits []float32
	for j := range ((n-5)/2+1-5)/2 + 1 {
		var sum float64
		for i, v := range frames[4*j*mel.Bins : (4*j+13)*mel.Bins] {
			sum += float64(v) * float64(i%17+1)
		}
		for id := range pieces {
			logits = append(logits, float32(math.Sin(sum*float64(id+1))))
		}
	}
	if e.fault == nil {
		return logits, len(pieces), nil
	}
	logits, err := e.fault(call, ctx, logits)
	return logits, len(pieces), err
}

func (e *ear) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	return nil
}

func (e *ear) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.calls
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// always is a fault of every answer.
func always(spoil func([]float32) ([]float32, error)) func(int, context.Context, []float32) ([]float32, error) {
	return func(_ int, _ context.Context, logits []float32) ([]float32, error) { return spoil(logits) }
}

var errLost = errors.New("device lost")

// rig is an Acoustic with ears for its models.
type rig struct {
	*Acoustic
	cpus, cards []*ear
	card        func() *ear // the next card, nil if none can be loaded
	found       *Card
	others      []Card
	findErr     error
	parts       Parts

	mu    sync.Mutex
	words []string
}

// The times of a second of speech.
const (
	cpuTakes  = 15 * time.Millisecond
	cardTakes = time.Millisecond
)

func newRig(t *testing.T, card func() *ear) *rig {
	t.Helper()
	r := &rig{card: card}
	r.found = &Card{
		Device: Device{Name: "Card 9"},
		Key:    Key{Model: "m.onnx", Device: "Card 9", Driver: "1.2", Runtime: "r"},
		Load: func(ctx context.Context) (Model, error) {
			e := r.card()
			if e == nil {
				return nil, errors.New("card: has no memory left; close other programs")
			}
			r.cards = append(r.cards, e)
			return e, nil
		},
	}
	r.parts = Parts{
		CPU: func(ctx context.Context) (Model, error) {
			e := &ear{takes: cpuTakes}
			r.cpus = append(r.cpus, e)
			return e, sleep(ctx, 500*time.Millisecond)
		},
		Find: func(context.Context) ([]Card, error) {
			if r.found == nil {
				return nil, r.findErr
			}
			return append([]Card{*r.found}, r.others...), r.findErr
		},
		Memory: keep.Map[Verdict]{Path: filepath.Join(t.TempDir(), "cache", "cards.json")},
		Tell: func(s State) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.words = append(r.words, s.Words)
		},
	}
	r.begin()
	return r
}

// begin is a start of the program.
func (r *rig) begin() { r.Acoustic = New(r.parts) }

// inRealTime makes the CPU quick and the card's speed no matter, for tests whose
// time is the real one.
func (r *rig) inRealTime() {
	r.parts.Wanted = true
	r.parts.CPU = func(context.Context) (Model, error) {
		e := &ear{}
		r.cpus = append(r.cpus, e)
		return e, nil
	}
	r.begin()
}

// end frees everything and says whether that was so.
func (r *rig) end(t *testing.T) {
	t.Helper()
	if err := r.Close(); err != nil {
		t.Error("Close:", err)
	}
	for _, e := range append(r.cpus, r.cards...) {
		if !e.closed {
			t.Error("a model was not closed")
		}
	}
}

func good() *ear { return &ear{takes: cardTakes} }

func recognizer(t *testing.T, a inference.Acoustic) *inference.Recognizer {
	t.Helper()
	v, err := ctc.NewVocabulary(pieces)
	if err != nil {
		t.Fatal(err)
	}
	r, err := inference.New(a, v, inference.Options{Window: 12800, Stride: 1280})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func noise(n int) []float32 {
	r := rand.New(rand.NewPCG(3, 4))
	s := make([]float32, n)
	for i := range s {
		s[i] = float32(r.NormFloat64()) * 0.1
	}
	return s
}
