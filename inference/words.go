package inference

import "strings"

// space is how SentencePiece spells a space.
const space = "▁"

// words gives what stands between the spaces of the tokens' text, with the
// times of the first and the last token in each word, and the least of the
// confidences of its tokens.
func words(tokens []Token) []Word {
	var all []Word
	open := false // the last word may go on
	for _, t := range tokens {
		for i, part := range strings.Split(strings.ReplaceAll(t.Piece, space, " "), " ") {
			open = open && i == 0
			switch {
			case part == "":
			case open:
				last := &all[len(all)-1]
				last.Text += part
				last.End = t.End
				last.Confidence = min(last.Confidence, t.Confidence)
			default:
				all = append(all, Word{Text: part, Start: t.Start, End: t.End, Confidence: t.Confidence})
				open = true
			}
		}
	}
	return all
}

// parts gives the words of a text as words gives those of its tokens.
func parts(raw string) []string {
	return strings.FieldsFunc(raw, func(r rune) bool { return r == ' ' })
}
