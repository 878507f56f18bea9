package inference

import (
	"context"
	"math"
	"math/rand/v2"

	"fermata/inference/ctc"
	"fermata/inference/mel"
)

var pieces = []string{"<epsilon>", "<s>", "</s>", "<unk>", "▁", "▁a", "b", "c"}

// ear is an acoustic model whose row j depends on frames 4j to 4j+12 and on
// how many frames it was given: a window cut elsewhere gives other scores.
type ear struct {
	calls int
	fail  func(call int) error
	spoil float32 // written into the answer unless 0
	vocab int     // said instead of the true one unless 0
}

func (e *ear) Logits(ctx context.Context, frames []float32) ([]float32, int, error) {
	e.calls++
	if e.fail != nil {
		if err := e.fail(e.calls); err != nil {
			return nil, 0, err
		}
	}
	n := len(frames) / mel.Bins
	if n < 13 {
		panic("asked for fewer frames than the network can take")
	}
	rows := ((n-5)/2+1-5)/2 + 1
	logits := make([]float32, 0, rows*len(pieces))
	for j := range rows {
		var sum float64
		for i, v := range frames[4*j*mel.Bins : (4*j+13)*mel.Bins] {
			sum += float64(v) * float64(i%17+1)
		}
		for id := range pieces {
			logits = append(logits, float32(math.Sin(sum*float64(id+1)+float64(n))))
		}
	}
	if e.spoil != 0 {
		logits[len(logits)/2] = e.spoil
	}
	if e.vocab != 0 {
		return logits, e.vocab, ctx.Err()
	}
	return logits, len(pieces), ctx.Err()
}

func recognizer(t interface{ Fatal(...any) }, e *ear, o Options) *Recognizer {
	v, err := ctc.NewVocabulary(pieces)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(e, v, o)
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

// pipeline is chunk_iter, rescale_stride and the cut of transformers'
// AutomaticSpeechRecognitionPipeline, written down once more and plainly.
func pipeline(samples []float32, chunk, stride int) []float32 {
	var logits []float32
	for start := 0; start < len(samples); start += chunk - 2*stride {
		part := samples[start:min(start+chunk, len(samples))]
		left, right := stride, stride
		if start == 0 {
			left = 0
		}
		last := start+chunk >= len(samples)
		if last {
			right = 0
		}
		if n := len(part); n > left && mel.Frames(n) >= 13 {
			rows, vocab, _ := (&ear{}).Logits(context.Background(), mel.Compute(part))
			tokens := math.RoundToEven(float64(n) * (1 / 640.))
			from := int(math.RoundToEven(float64(left) / float64(n) * tokens))
			to := int(tokens) - int(math.RoundToEven(float64(right)/float64(n)*tokens))
			to = min(to, len(rows)/vocab)
			if from < to {
				logits = append(logits, rows[from*vocab:to*vocab]...)
			}
		}
		if last {
			break
		}
	}
	return logits
}
