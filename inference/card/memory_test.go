package card

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestMemory(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "cache")
	m := Memory[Verdict]{filepath.Join(folder, "cards.json")}
	if _, known := m.Recall("a"); known {
		t.Error("known before anything was")
	}
	a := Verdict{OK: true, Same: true, Words: "good", Faster: 2, Difference: 1e-5, Card: 1, CPU: 2, First: 3, When: now(), Vocab: 4, Final: true}
	for key, v := range map[string]Verdict{"a": a, "b": {Words: "bad"}} {
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
	if err := (Memory[int]{filepath.Join(m.Path, "file in a file")}).Remember("a", 1); err == nil {
		t.Error("it was kept in a file's folder")
	}
}

func TestLatest(t *testing.T) {
	m := Memory[Verdict]{filepath.Join(t.TempDir(), "cards.json")}
	key := Key{"m", "Card 9", "1.2", "r"}
	for i, k := range []Key{{"old", "Card 9", "1.2", "r"}, {"new", "Card 9", "1.2", "r"}, {"m", "Card 9", "1.1", "r"}, {"m", "Card 8", "1.2", "r"}} {
		if err := m.Remember(k.String(), Verdict{Words: k.Model + k.Driver, When: time.Unix(int64(i), 0)}); err != nil {
			t.Fatal(err)
		}
	}
	if v, known := Latest(m, key); !known || v.Words != "new1.2" {
		t.Errorf("%+v", v)
	}
	key.Runtime = "s"
	if v, known := Latest(m, key); known {
		t.Errorf("%+v", v)
	}
}
