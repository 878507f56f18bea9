package lasr

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// knownFile remembers in the cache folder which hash the weights of an unchanged
// checkpoint have, so that only its first start reads them all.
const knownFile = "known.json"

// mostKnown bounds that file; more are forgotten together.
const mostKnown = 100

// knownHash is hash, from memory where every file is the very one that was hashed
// before: the same device, number, size and times, the time of the last change of all
// among them, which no program can set. What cannot be remembered is computed.
func (c *Checkpoint) knownHash(ctx context.Context, cacheDir string) (string, error) {
	path := filepath.Join(cacheDir, knownFile)
	before := c.identity()
	known := readKnown(path)
	if hash := known[before]; before != "" && len(hash) == 2*sha256.Size {
		return hash, ctx.Err()
	}
	hash, err := c.hash(ctx)
	if err != nil {
		return "", err
	}
	if before == "" || c.identity() != before { // changed while it was read
		return hash, nil
	}
	if len(known) >= mostKnown {
		clear(known)
	}
	known[before] = hash
	_ = writeKnown(path, known) // it only saves time
	return hash, nil
}

// identity names the checkpoint's files as the system knows them, and everything else
// that shapes the hash; "" where the system does not tell enough.
func (c *Checkpoint) identity() string {
	h := sha256.New()
	e := json.NewEncoder(h)
	if e.Encode([]any{builder, c.config}) != nil {
		return ""
	}
	files := map[string]bool{}
	for _, t := range c.weights.tensors {
		files[t.file] = true
	}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		info, err := fs.Stat(c.weights.fsys, file)
		if err != nil {
			return ""
		}
		id, ok := fileIdentity(info)
		if !ok || e.Encode([]any{file, info.Size(), info.ModTime().UnixNano(), id}) != nil {
			return ""
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// readKnown reads the file; one that is damaged or not there knows nothing.
func readKnown(path string) map[string]string {
	known := map[string]string{}
	f, err := os.Open(path)
	if err != nil {
		return known
	}
	defer func() { _ = f.Close() }()
	if json.NewDecoder(bufio.NewReader(io.LimitReader(f, 1<<20))).Decode(&known) != nil || known == nil {
		return map[string]string{}
	}
	return known
}

// writeKnown replaces the file, whole or not at all.
func writeKnown(path string, known map[string]string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	part, err := os.MkdirTemp(dir, building+"*") // swept like a graph's
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(part) }()
	name := filepath.Join(part, knownFile)
	if err := writeSynced(name, func(w io.Writer) error { return json.NewEncoder(w).Encode(known) }); err != nil {
		return err
	}
	return os.Rename(name, path)
}
