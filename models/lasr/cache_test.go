package lasr_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fermata/models/lasr"
)

// cached asks for the graph and returns its path.
func cached(t testing.TB, c *lasr.Checkpoint, dir string) string {
	t.Helper()
	graph, err := c.Cached(context.Background(), dir, lasr.FP32)
	if err != nil {
		t.Fatal(err)
	}
	return graph
}

// only checks that a cache folder holds one entry of two files and nothing else.
func only(t *testing.T, dir, graph string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return e.Name() == "known.json" })
	if len(entries) != 1 || filepath.Join(dir, entries[0].Name(), lasr.GraphFile) != graph {
		t.Errorf("the cache folder holds %v beside %s", entries, graph)
	}
	if entries, err = os.ReadDir(filepath.Dir(graph)); err != nil || len(entries) != 2 {
		t.Errorf("the entry holds %v, %v", entries, err)
	}
}

func TestCachedBuildsOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "graphs")
	c := open(t, os.DirFS("testdata/a"))
	graph := cached(t, c, dir)
	only(t, dir, graph)
	before, err := os.Stat(graph)
	if err != nil {
		t.Fatal(err)
	}
	if again := cached(t, c, dir); again != graph {
		t.Errorf("%s, then %s", graph, again)
	}
	after, err := os.Stat(graph)
	if err != nil || !os.SameFile(before, after) {
		t.Error("built twice", err)
	}
}

// TestCachedKeepsPrecisionsApart: each has its entry and leaves the other's alone.
func TestCachedKeepsPrecisionsApart(t *testing.T) {
	dir := t.TempDir()
	c := open(t, os.DirFS("testdata/a"))
	exact := cached(t, c, dir)
	before := contents(t, exact)
	whole, err := c.Cached(context.Background(), dir, lasr.Int8)
	if err != nil || whole == exact || contents(t, whole) == before {
		t.Fatalf("%s for both, %v", whole, err)
	}
	if contents(t, exact) != before {
		t.Error("the other graph changed")
	}
	if graphs, err := filepath.Glob(filepath.Join(dir, "*", lasr.GraphFile)); err != nil || len(graphs) != 2 {
		t.Errorf("%v, %v", graphs, err)
	}
}

func TestCachedRebuildsWhatIsDamaged(t *testing.T) {
	for name, damage := range map[string]func(graph, data string) error{
		"data cut":      func(_, data string) error { return os.Truncate(data, 4096) },
		"data missing":  func(_, data string) error { return os.Remove(data) },
		"graph cut":     func(graph, _ string) error { return os.Truncate(graph, 100) },
		"graph missing": func(graph, _ string) error { return os.Remove(graph) },
		"graph another": func(graph, _ string) error { return os.WriteFile(graph, []byte("hello"), 0o600) },
		"empty": func(graph, data string) error {
			return errors.Join(os.Remove(graph), os.Remove(data))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c := open(t, os.DirFS("testdata/a"))
			graph := cached(t, c, dir)
			data := filepath.Join(filepath.Dir(graph), lasr.DataFile)
			want := contents(t, graph) + contents(t, data)
			if err := damage(graph, data); err != nil {
				t.Fatal(err)
			}
			cached(t, c, dir)
			only(t, dir, graph)
			if contents(t, graph)+contents(t, data) != want {
				t.Error("rebuilt otherwise")
			}
		})
	}
}

func contents(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCachedManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	graphs := make([]string, 8)
	errs := make([]error, len(graphs))
	var wait sync.WaitGroup
	for i := range graphs {
		c := open(t, os.DirFS("testdata/a"))
		wait.Go(func() { graphs[i], errs[i] = c.Cached(context.Background(), dir, lasr.FP32) })
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	only(t, dir, graphs[0])
}

func TestCachedSweepsWhatACrashLeft(t *testing.T) {
	dir := t.TempDir()
	old, fresh := filepath.Join(dir, ".building-1"), filepath.Join(dir, ".building-2")
	for _, d := range []string{old, fresh} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	yesterday := time.Now().Add(-24 * time.Hour)
	if err := os.Chtimes(old, yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	cached(t, open(t, os.DirFS("testdata/a")), dir)
	if _, err := os.Stat(old); err == nil {
		t.Error("what a crash left is still there")
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Error("what another process may be building is gone")
	}
}

func TestCachedErrorsLeaveNoDebris(t *testing.T) {
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	nan := files(t, "a")
	copy(nan[st].Data[len(nan[st].Data)-4:], "\x00\x00\xc0\x7f")
	inf := files(t, "c")
	copy(inf[st].Data[len(inf[st].Data)-2:], "\x00\x7c")
	for name, c := range map[string]struct {
		checkpoint *lasr.Checkpoint
		ctx        context.Context
		want       string
	}{
		"NaN":      {open(t, nan), context.Background(), "model.safetensors: tensor encoder."},
		"Inf":      {open(t, inf), context.Background(), "model.safetensors: tensor encoder."},
		"canceled": {open(t, os.DirFS("testdata/a")), canceled, context.Canceled.Error()},
	} {
		dir := t.TempDir()
		_, err := c.checkpoint.Cached(c.ctx, dir, lasr.FP32)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("%s left %v", name, left)
		}
	}
}

func TestBuildLeavesNothingOnError(t *testing.T) {
	nan := files(t, "a")
	copy(nan[st].Data[len(nan[st].Data)-4:], "\x00\x00\xc0\x7f")
	dir := t.TempDir()
	err := open(t, nan).Build(dir, lasr.FP32)
	if err == nil || !strings.Contains(err.Error(), " has values that are not finite (NaN or Inf); ") {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}
