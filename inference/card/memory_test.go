package card

import (
	"path/filepath"
	"testing"
	"time"

	"fermata/models/keep"
)

func TestVerdictIsKeptWhole(t *testing.T) {
	m := keep.Map[Verdict]{Path: filepath.Join(t.TempDir(), "cards.json")}
	a := Verdict{OK: true, Same: true, Words: "good", Faster: 2, Difference: 1e-5, Card: 1, CPU: 2, First: 3, When: now(), Vocab: 4, Final: true}
	for key, v := range map[string]Verdict{"a": a, "b": {Words: "bad"}} {
		if err := m.Remember(key, v); err != nil {
			t.Fatal(err)
		}
	}
	if v, known := m.Recall("a"); !known || v != a {
		t.Errorf("%+v, want %+v", v, a)
	}
}

func TestLatest(t *testing.T) {
	m := keep.Map[Verdict]{Path: filepath.Join(t.TempDir(), "cards.json")}
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
