package ctc

import "testing"

// BenchmarkBeam reads the demonstration model's scores of 20 s of speech with
// the golden 6-gram model. 25 frames are one second.
func BenchmarkBeam(b *testing.B) {
	g, v := readGolden(b)
	var logits []float32
	for _, u := range g.Utterances {
		if len(u.Name) > 6 && u.Name[:6] == "sample" && len(logits) < 500*v.Len() {
			logits = append(logits, u.logits(v.Len())...)
		}
	}
	logits = logits[:500*v.Len()]
	for _, order := range []int{0, 6} {
		l := language(b, v, order)
		name := "plain"
		if l != nil {
			name = "language"
		}
		b.Run(name, func(b *testing.B) {
			beam := NewBeam(v, l, GoogleBeam())
			for range 20 { // until memory has its size
				if err := beam.Write(logits, v.Len()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := beam.Write(logits, v.Len()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e6/20/float64(b.N), "µs/s-of-audio")
		})
	}
}
