package ngram

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/ulikunitz/xz"
)

// pack packs bytes as a file's name says.
func pack(t testing.TB, name string, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	switch filepath.Ext(name) {
	case ".gz":
		w := gzip.NewWriter(&out)
		if _, err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	case ".xz":
		w, err := xz.NewWriter(&out)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	default:
		return b
	}
	return out.Bytes()
}

// convertBytes returns the binary of an ARPA file with the given bytes, and
// makes sure that a failure leaves nothing.
func convertBytes(t testing.TB, name string, b []byte) ([]byte, error) {
	t.Helper()
	to := filepath.Join(t.TempDir(), "lm.kenlm")
	err := Convert(context.Background(), save(t, name, pack(t, name, b)), to, nil)
	if left, _ := os.ReadDir(filepath.Dir(to)); len(left) > 0 && (err != nil || len(left) > 1) {
		t.Errorf("%v is left", left)
	}
	if err != nil {
		return nil, err
	}
	got, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return got, nil
}

// TestConvertAsBuildBinary compares with the very bytes of KenLM's build_binary.
func TestConvertAsBuildBinary(t *testing.T) {
	for _, g := range golden {
		want := testdata(t, g.name+".kenlm")
		for _, name := range []string{"lm.arpa", "lm.arpa.gz", "lm.arpa.xz"} {
			got, err := convertBytes(t, name, testdata(t, g.name+".arpa"))
			if err != nil {
				t.Errorf("%s as %s: %v", g.name, name, err)
				continue
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s as %s: %d bytes, the first that differ at %d; KenLM makes %d", g.name, name, len(got), differ(got, want), len(want))
			}
		}
	}
}

func differ(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
