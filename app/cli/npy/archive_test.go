package npy

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func open(t testing.TB, path string) *Archive {
	t.Helper()
	a, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

func TestArchive(t *testing.T) {
	want, err := Floats(bytes.NewReader(contents(t, "f4.npy")))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"stored.npz", "deflated.npz"} {
		a := open(t, filepath.Join("testdata", name))
		f, err := a.Floats("f4")
		if err != nil || !slices.Equal(f.Values, want.Values) {
			t.Error(name, f, err)
		}
		if i, err := a.Integers("i8"); err != nil || !slices.Equal(i.Shape, []int{2, 3}) {
			t.Error(name, i, err)
		}
		if b, err := a.Bytes("u1"); err != nil || string(b.Values) != "{period} naïve" {
			t.Error(name, b, err)
		}
		if !a.Has("u1") || a.Has("other") {
			t.Error(name, "does not know what it has")
		}
		if _, err := a.Floats("other"); err == nil || !strings.Contains(err.Error(), `has no array "other"`) {
			t.Error(name, err)
		}
		if _, err := a.Floats("i8"); err == nil || !strings.Contains(err.Error(), `its array "i8" holds values of type int64`) {
			t.Error(name, err)
		}
	}
}

// bombed writes a .npz of one array that says it unpacks to size bytes, and
// really unpacks to 8 MB of an array that claims far more.
func bombed(t *testing.T, size uint64) string {
	t.Helper()
	var packed bytes.Buffer
	deflate, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(deflate, made(entryOf("False", "(500000000,)"), "")+strings.Repeat("\x00", 8<<20))
	if err := errors.Join(err, deflate.Close()); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "bomb.npy", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: size})
	if err == nil {
		_, err = w.Write(packed.Bytes())
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bomb.npz")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestBombs wants no more unpacked than an entry claims, and no large claims
// believed.
func TestBombs(t *testing.T) {
	for size, sentence := range map[uint64]string{
		1 << 40: "claims 1099511627776 bytes",
		1000:    "cannot be read",
	} {
		if _, err := open(t, bombed(t, size)).Floats("bomb"); err == nil || !strings.Contains(err.Error(), sentence) {
			t.Errorf("%d: %v, want %q", size, err, sentence)
		}
	}
}

func TestArchiveRefused(t *testing.T) {
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	w, err := z.Create("text.npy")
	if err == nil {
		_, err = io.WriteString(w, "text")
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(t.TempDir(), "text.npz")
	if err := os.WriteFile(text, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, text).Floats("text"); err == nil || !strings.Contains(err.Error(), `its array "text" is not a NumPy array; `) {
		t.Error(err)
	}
	// A byte that is not what the checksum was made of.
	whole := contents(t, "stored.npz")
	at := bytes.Index(whole, []byte("}")) + 60
	whole[at] ^= 1
	path := filepath.Join(t.TempDir(), "damaged.npz")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, path).Floats("f4"); err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Error(err)
	}
	for name, content := range map[string]string{"cut.npz": string(whole[:len(whole)/2]), "empty.npz": "", "array.npz": string(contents(t, "f4.npy"))} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "is not an archive of NumPy arrays") {
			t.Error(name, err)
		}
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is not a file") {
		t.Error(err)
	}
}

func FuzzArchive(f *testing.F) {
	f.Add(contents(f, "stored.npz"))
	f.Add(contents(f, "deflated.npz"))
	path := filepath.Join(f.TempDir(), "fuzzed.npz")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := Open(path)
		if err != nil {
			return
		}
		defer func() { _ = a.Close() }()
		if array, err := a.Floats("f4"); err == nil && len(array.Values) > entryLimit {
			t.Error("too much")
		}
		if _, err := a.Bytes("u1"); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%q has several lines", err)
		}
	})
}
