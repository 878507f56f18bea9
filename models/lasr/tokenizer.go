package lasr

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// blanks are the spellings of piece 0 in the vocabularies people share.
var blanks = []string{"<epsilon>", "<blk>", "<blank>", "<pad>"}

// maxPieces bounds the vocabulary of a hostile file. MedASR has 512 pieces.
const maxPieces = maxSize

// ReadTokenizer returns the pieces of a Unigram tokenizer.json, the index being
// the id. Added tokens beyond the vocabulary, which no score ever stands for,
// are left out. It refuses other tokenizers, and vocabularies whose piece 0 is
// not the blank.
func ReadTokenizer(b []byte) ([]string, error) { return readTokenizer(b, 0) }

// scored is one entry of Unigram's vocabulary: [piece, score].
type scored string

func (s *scored) UnmarshalJSON(b []byte) error {
	var piece *string
	var score *float64
	pair := [2]any{&piece, &score}
	if err := json.Unmarshal(b, &pair); err != nil {
		return err
	}
	if piece == nil || score == nil {
		return errors.New("a piece is not a pair of text and score")
	}
	*s = scored(*piece)
	return nil
}

// readTokenizer takes added tokens as well where the vocabulary is shorter than want.
func readTokenizer(b []byte, want int) ([]string, error) {
	const name = "tokenizer.json"
	var j struct {
		Added []struct {
			ID      int    `json:"id"`
			Content string `json:"content"`
		} `json:"added_tokens"`
		Model struct {
			Type  string          `json:"type"`
			Vocab json.RawMessage `json:"vocab"`
		} `json:"model"`
	}
	if err := json.Unmarshal(b, &j); err != nil {
		return nil, fmt.Errorf("%s: cannot be understood (%s); copy the model folder again", name, oneLine(err))
	}
	if j.Model.Type != "Unigram" {
		return nil, fmt.Errorf("%s: is a tokenizer of type %q, not Unigram; use the tokenizer this checkpoint was trained with", name, j.Model.Type)
	}
	var vocab []scored
	if err := json.Unmarshal(j.Model.Vocab, &vocab); err != nil {
		return nil, fmt.Errorf("%s: its vocabulary cannot be understood (%s); copy the model folder again", name, oneLine(err))
	}
	pieces := make([]string, len(vocab))
	for i, p := range vocab {
		pieces[i] = string(p)
	}
	for _, a := range j.Added {
		if a.ID == len(pieces) && len(pieces) < want {
			pieces = append(pieces, a.Content)
		}
	}
	return pieces, checkPieces(name, pieces)
}

// checkPieces refuses a vocabulary whose id 0 is not the blank, for CTC would drop text.
func checkPieces(name string, pieces []string) error {
	if len(pieces) == 0 || len(pieces) > maxPieces {
		return fmt.Errorf("%s: has %d pieces; use the tokenizer this checkpoint was trained with", name, len(pieces))
	}
	if !slices.Contains(blanks, pieces[0]) {
		return fmt.Errorf("%s: piece 0 is %.40q, not the blank; use the tokenizer this checkpoint was trained with", name, pieces[0])
	}
	return nil
}

// ReadTokens returns the pieces of a tokens.txt as sherpa-onnx and others write
// it: one "piece id" a line, divided at the last space. There may be more
// pieces than a network has scores.
func ReadTokens(b []byte) ([]string, error) {
	const name = "tokens.txt"
	byID := map[int]string{}
	for i, line := range strings.Split(string(bytes.TrimPrefix(b, []byte("\ufeff"))), "\n") {
		line = strings.TrimRight(line, "\r")
		if line == "" {
			continue
		}
		at := strings.LastIndexAny(line, " \t")
		if at < 0 {
			return nil, fmt.Errorf("%s: line %d is not a piece and its number; copy the model folder again", name, i+1)
		}
		id, err := strconv.Atoi(line[at+1:])
		if err != nil || id < 0 || id >= maxPieces {
			return nil, fmt.Errorf("%s: line %d does not end with the piece's number; copy the model folder again", name, i+1)
		}
		if _, twice := byID[id]; twice {
			return nil, fmt.Errorf("%s: number %d stands there twice; copy the model folder again", name, id)
		}
		byID[id] = line[:at]
	}
	pieces := make([]string, len(byID))
	for id := range pieces {
		piece, ok := byID[id]
		if !ok {
			return nil, fmt.Errorf("%s: number %d is missing; copy the model folder again", name, id)
		}
		pieces[id] = piece
	}
	return pieces, checkPieces(name, pieces)
}
