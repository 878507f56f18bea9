package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"fermata/app/cli/npy"
	"fermata/inference"
	"fermata/inference/mel"
)

// A reference is what tools/reference/reference.py wrote: one recording and
// every stage of its recognition by Google's code.
type reference struct {
	samples  []float32 // mono in [-1, 1] at 16 kHz
	features []float32 // rows of mel.Bins, in one pass
	logits   []float32 // rows of width, in one pass
	width    int
	ids      []int64 // the best id of every row
	text     string

	pipelineIDs  []int64 // the same in windows
	pipelineText string

	searched bool   // with a language model
	beamText string // what that found in logits

	about about
}

// about is how the reference was made.
type about struct {
	Model        string            `json:"model"`
	ConfigSHA256 string            `json:"config_sha256"`
	Window       float64           `json:"window"` // seconds
	Stride       float64           `json:"stride"`
	Versions     map[string]string `json:"versions"`
}

// readReference reads a reference and checks that its arrays fit together.
// Errors are a sentence without the file's name.
func readReference(name string) (*reference, error) {
	archive, err := npy.Open(name)
	if err != nil {
		return nil, fileError(err)
	}
	defer func() { _ = archive.Close() }()
	r := &reference{}
	for _, read := range []func(*npy.Archive) error{r.readArrays, r.readIDs, r.readTexts} {
		if err := read(archive); err != nil {
			return nil, err
		}
	}
	return r, r.check()
}

func (r *reference) readArrays(archive *npy.Archive) error {
	samples, err := archive.Floats("samples")
	if err != nil {
		return err
	}
	if len(samples.Shape) != 1 {
		return errors.New("its samples are not of one channel; make it again with reference.py")
	}
	r.samples = samples.Values
	var bins int
	if r.features, bins, err = rows(archive, "features"); err != nil {
		return err
	}
	if bins != mel.Bins {
		return fmt.Errorf("its features are rows of %d, not of %d; make it again with reference.py", bins, mel.Bins)
	}
	r.logits, r.width, err = rows(archive, "logits")
	return err
}

// rows reads a two-dimensional array of numbers.
func rows(archive *npy.Archive, name string) ([]float32, int, error) {
	a, err := archive.Floats(name)
	if err != nil {
		return nil, 0, err
	}
	count, width, err := a.Rows()
	if err != nil {
		return nil, 0, fmt.Errorf("its array %q %w", name, err)
	}
	if count == 0 || width == 0 {
		return nil, 0, fmt.Errorf("its array %q is empty; make it of a longer recording", name)
	}
	for i, v := range a.Values {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return nil, 0, fmt.Errorf("its array %q has a value in row %d that is no number; make it again with reference.py", name, i/width)
		}
	}
	return a.Values, width, nil
}

func (r *reference) readIDs(archive *npy.Archive) error {
	for name, into := range map[string]*[]int64{"ids": &r.ids, "pipeline_ids": &r.pipelineIDs} {
		a, err := archive.Integers(name)
		if err != nil {
			return err
		}
		for _, id := range a.Values {
			if id < 0 || id >= int64(r.width) {
				return fmt.Errorf("its array %q has the id %d, and rows have %d scores; make it again with reference.py", name, id, r.width)
			}
		}
		*into = a.Values
	}
	return nil
}

func (r *reference) readTexts(archive *npy.Archive) error {
	var words string
	texts := map[string]*string{"text": &r.text, "pipeline_text": &r.pipelineText, "about": &words}
	if r.searched = archive.Has("beam_text"); r.searched {
		texts["beam_text"] = &r.beamText
	}
	for name, into := range texts {
		a, err := archive.Bytes(name)
		if err != nil {
			return err
		}
		*into = string(a.Values)
	}
	if err := json.Unmarshal([]byte(words), &r.about); err != nil {
		return errors.New("does not say how it was made; make it again with reference.py")
	}
	return nil
}

func (r *reference) check() error {
	if len(r.ids) != len(r.logits)/r.width {
		return fmt.Errorf("has %d ids for %d rows of scores; make it again with reference.py", len(r.ids), len(r.logits)/r.width)
	}
	if err := r.windows().Check(); err != nil {
		return fmt.Errorf("its windows cannot be: %w", err)
	}
	return nil
}

// windows are those of the reference's pipeline.
func (r *reference) windows() inference.Options {
	window, stride := seconds(r.about.Window), seconds(r.about.Stride)
	return inference.Options{Window: window.samples(), Stride: stride.samples()}
}

// top is the greatest magnitude of the scores, by which differences are
// measured.
func (r *reference) top() float64 {
	top := 1e-30 // so that it divides
	for _, v := range r.logits {
		top = max(top, math.Abs(float64(v)))
	}
	return top
}
