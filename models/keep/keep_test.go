package keep_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"fermata/models/keep"
)

// verdict is a value with a field of every kind that is kept.
type verdict struct {
	OK                 bool
	Words              string
	Faster, Difference float64
	Took               time.Duration
	When               time.Time
	Vocab              int
}

func TestMap(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "cache")
	m := keep.Map[verdict]{Path: filepath.Join(folder, "cards.json")}
	if _, known := m.Recall("a"); known {
		t.Error("known before anything was")
	}
	a := verdict{OK: true, Words: "good", Faster: 2, Difference: 1e-5, Took: 1, When: time.Now().UTC().Truncate(time.Second), Vocab: 4}
	for key, v := range map[string]verdict{"a": a, "b": {Words: "bad"}} {
		if err := m.Remember(key, v); err != nil {
			t.Fatal(err)
		}
	}
	if v, known := m.Recall("a"); !known || v != a {
		t.Errorf("%+v, want %+v", v, a)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 1 {
		t.Errorf("%v is left, %v", files, err)
	}
	for _, damaged := range []string{"", "{", "null", "[]", `{"a": 1}`} {
		if err := os.WriteFile(m.Path, []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if v, known := m.Recall("a"); known {
			t.Errorf("%q: %+v", damaged, v)
		}
	}
	if err := (keep.Map[int]{Path: filepath.Join(m.Path, "file in a file")}).Remember("a", 1); err == nil {
		t.Error("it was kept in a file's folder")
	}
}
