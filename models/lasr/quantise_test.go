package lasr

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestQuantiseIsTheNearestNumber(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, limit := range []float64{wide, narrow} {
		const rows, cols = 20, 33
		v := make([]float32, rows*cols)
		for i := cols; i < len(v); i++ { // the first row is of zeros
			v[i] = float32(r.NormFloat64() * math.Exp(r.NormFloat64()*3))
		}
		was := slices.Clone(v)
		scales := rowScales(v, cols, limit)
		quantise(v, scales)
		for i, x := range was {
			s := float64(scales[i/cols])
			if off := math.Abs(float64(v[i])*s - float64(x)); off > s/2*1.0001 {
				t.Fatalf("limit %v: %v becomes %v × %v", limit, x, v[i], s)
			}
		}
		for row := range rows {
			most := float32(0)
			for _, x := range v[row*cols : (row+1)*cols] {
				most = max(most, float32(math.Abs(float64(x))))
			}
			if want := float32(limit); row > 0 && most != want || row == 0 && most != 0 {
				t.Errorf("limit %v: the greatest number of row %d is %v", limit, row, most)
			}
		}
	}
}

func TestBytesKeepTheirSign(t *testing.T) {
	var b strings.Builder
	if err := (initializer{kind: onnxInt8}).write(&b, []float32{-127, -1, 0, 1, 127}); err != nil {
		t.Fatal(err)
	}
	if b.String() != "\x81\xff\x00\x01\x7f" {
		t.Errorf("%q", b.String())
	}
}

func TestNumeralByProcessor(t *testing.T) {
	if limit(true) != 127 || limit(false) != 63 {
		t.Errorf("%v, %v", limit(true), limit(false))
	}
	for n, want := range map[numeral]string{{FP32, wide}: "fp32", {FP32, narrow}: "fp32", {Int8, wide}: "int8", {Int8, narrow}: "int8-7bit"} {
		if n.String() != want {
			t.Errorf("%s, want %s", n, want)
		}
	}
}

// TestExactMatrices: what must not be rounded is not, and the bulk is.
func TestExactMatrices(t *testing.T) {
	for _, c := range []struct {
		limit         float64
		layers        int
		whole, partly int // the first block that is exact so
	}{{wide, 17, 17, 14}, {narrow, 17, 15, 13}, {wide, 8, 8, 5}, {wide, 3, 3, 2}, {narrow, 3, 3, 2}} {
		n := &network{config: config{Layers: c.layers}, numeral: numeral{Int8, c.limit}}
		for i := range c.layers {
			p := fmt.Sprintf("encoder.layers.%d.", i)
			if got := n.exact(p + "self_attn.q_proj"); got != (i >= c.partly) {
				t.Errorf("%v: attention %d exact is %v", c, i, got)
			}
			if got := n.exact(p + "feed_forward1.linear1"); got != (i >= c.whole) {
				t.Errorf("%v: feed-forward %d exact is %v", c, i, got)
			}
		}
		for _, name := range []string{"ctc_head", "encoder.subsampler.dense_0", "encoder.subsampler.dense_1"} {
			if !n.exact(name) {
				t.Errorf("%s is rounded", name)
			}
		}
	}
}

func TestPrecisionsOfOthersAreRefused(t *testing.T) {
	c := &Checkpoint{weights: &weights{fsys: fstest.MapFS{}}}
	_, cached := c.Cached(context.Background(), t.TempDir(), "int4")
	for _, err := range []error{cached, c.Build(t.TempDir(), "")} {
		if err == nil || !strings.Contains(err.Error(), "; choose fp32 or int8") {
			t.Error(err)
		}
	}
	if left, _ := filepath.Glob("*.onnx"); len(left) > 0 {
		t.Error(left)
	}
}
