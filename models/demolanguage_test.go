package models

import (
	"context"
	"os"
	"testing"

	"fermata/models/lasr"
)

// TestDemoLanguage opens the demo model's language model from a cache that is empty,
// one that has it, and one where it was cut short.
func TestDemoLanguage(t *testing.T) {
	ctx, cache := context.Background(), t.TempDir()
	for _, state := range []string{"empty", "there", "cut short"} {
		m, err := demoInfo().Open(ctx, cache, lasr.Int8)
		if err != nil {
			t.Fatal(state, err)
		}
		l, err := Language(ctx, m.Language, cache, nil)
		if err != nil {
			t.Fatal(state, err)
		}
		if l.Order() != 6 {
			t.Errorf("%s: order %d", state, l.Order())
		}
		if err := l.Close(); err != nil {
			t.Error(state, err)
		}
		if state == "there" {
			if err := os.Truncate(m.Language, 1000); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := demoLanguage(cache + "/file/below"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(cache+"/plain", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := demoLanguage(cache + "/plain"); err == nil {
		t.Error("stored below a file")
	}
}
