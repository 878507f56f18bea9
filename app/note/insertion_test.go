package note

import (
	"strings"
	"testing"
	"unicode"
)

func TestInsertion(t *testing.T) {
	for _, c := range []struct{ rule, before, after, text, want string }{
		{"an empty note", "", "", "lungs clear.", "Lungs clear."},
		{"nothing to insert", "Lungs", "clear", " ", ""},
		{"nothing at all", "", "", "", ""},
		{"after a word", "Lungs", "", "are clear", " are clear"},
		{"after a blank", "Lungs ", "", "are clear", "are clear"},
		{"after a no-break space", "Lungs\u00a0", "", "are clear", "are clear"},
		{"the text's own blanks", "Lungs", "", "  are clear ", " are clear"},
		{"before a word", "", "are clear", "Lungs", "Lungs "},
		{"between words", "The", "are clear", "lungs", " lungs "},
		{"inside a word", "pneumo", "thorax", "small", " small "},
		{"before a blank", "The", " are clear", "lungs", " lungs"},
		{"before a line break", "The", "\nHeart", "lungs", " lungs"},
		{"before punctuation", "The", ", clear", "lungs", " lungs"},
		{"before a closing bracket", "(seen", ")", "today", " today"},
		{"before a number with a point", "about", ".5 mg", "now", " now "},
		{"before an opening bracket", "The", "(left)", "lungs", " lungs "},
		{"after an opening bracket", "mass (", ")", "3 mm", "3 mm"},
		{"in a bracket that begins the note", "[", "", "today", "Today"},
		{"after an opening quote", `says "`, "", "it hurts", "it hurts"},
		{"after a closing quote", `says "it hurts"`, "", "today", " today"},
		{"before a closing quote", `says "`, `" today`, "it hurts", "it hurts"},
		{"after a curly opening quote", "says “", "”", "it hurts", "it hurts"},
		{"after a tied slash", "and/", "", "or", "or"},
		{"after a tied hyphen", "follow-", "", "up", "up"},
		{"after a dash", "L4 -", "", "see below", " see below"},
		{"after a line break", "Lungs.\n", "", "heart normal.", "Heart normal."},
		{"after a Windows line break", "Lungs\r\n", "", "heart", "Heart"},
		{"after an indented line", "Lungs\n  ", "", "heart", "Heart"},
		{"after a full stop", "Lungs clear.", "", "heart normal.", " Heart normal."},
		{"after a full stop and a blank", "Lungs clear. ", "", "heart normal.", "Heart normal."},
		{"after a question mark", "New?", "", "perhaps", " Perhaps"},
		{"after an exclamation mark", "Stop!", "", "wait", " Wait"},
		{"after a bracketed sentence", "(Stable.)", "", "heart", " Heart"},
		{"after a quoted sentence", `He says "yes."`, "", "heart", " Heart"},
		{"in a bracket after a sentence", "Stable. (", ")", "see below", "See below"},
		{"in a bracket in a sentence", "mass (", ")", "see below", "see below"},
		{"after a colon", "Lungs:", "", "clear", " clear"},
		{"after a comma", "Lungs,", "", "clear", " clear"},
		{"after an abbreviation", "effusion, e.g.", "", "left", " left"},
		{"after a title", "seen by Dr.", "", "miller", " miller"},
		{"a capital is never lowered", "The", "", "MRI shows", " MRI shows"},
		{"a sentence's capital stays, too", "we saw", "", "The lungs", " The lungs"},
		{"a word with a capital of its own", "", "", "pH 7.4", "pH 7.4"},
		{"another", "Seen. ", "", "mRNA vaccine", "mRNA vaccine"},
		{"a number is no word", "Seen.", "", "3 nodules", " 3 nodules"},
		{"a bracket begins the text", "", "", "(see below)", "(See below)"},
		{"a section head", "Seen.", "", "[FINDINGS]: clear", " [FINDINGS]: clear"},
		{"text begins with a full stop", "Lungs clear", "", ". Heart", ". Heart"},
		{"text begins with a comma", "Lungs", "", ", left", ", left"},
		{"text begins with a comma after a blank", "Lungs ", "", ", left", ", left"},
		{"text begins with a comma at the start", "", "", ", left", ", left"},
		{"text is a full stop", "Lungs clear", "", ".", "."},
		{"text is a full stop before a word", "Lungs clear", "Heart", ".", ". "},
		{"text is a full stop before a blank", "Lungs clear", " Heart", ".", "."},
		{"text begins with a closing bracket", "(seen", "", ") today", ") today"},
		{"text begins with a point that is a number", "about", "", ".5 mg", " .5 mg"},
		{"text begins with a minus", "about", "", "-5", " -5"},
		{"text begins with a hyphen", "follow", "", "-up", "-up"},
		{"text begins with a dash", "L4", "", "- see", " - see"},
		{"text begins with a per cent sign", "96", "", "% on air", "% on air"},
		{"text begins with an opening bracket", "mass", "", "(3 mm)", " (3 mm)"},
		{"text begins with a quote", "says", "", `"yes"`, ` "yes"`},
		{"text begins with a line break", "Lungs.", "", "\nHeart", "\nHeart"},
		{"text ends with a line break", "Lungs", "Heart", "clear.\n", " clear.\n"},
		{"text ends with a paragraph", "", "Heart", "clear.\n\n", "Clear.\n\n"},
		{"text is a paragraph", "Lungs.", "Heart", "\n\n", "\n\n"},
		{"blanks around a line break", "Lungs.", "Heart", " \n ", "\n"},
		{"text ends with an opening bracket", "mass", "3 mm", "(", " ("},
		{"an accent in two code points", "", "", "e\u0301tude", "E\u0301tude"},
		{"the caret before an accent", "e", "\u0301t", "x", " x"},
		{"an accented word", "Voilà", "", "élan", " élan"},
		{"a word without capitals", "", "", "שלום", "שלום"},
		{"right to left between words", "שלום", "עולם", "יפה", " יפה "},
		{"an ellipsis closes up", "well", "", "… yes", "… yes"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			if got := Insertion(c.before, c.after, c.text); got != c.want {
				t.Errorf("Insertion(%q, %q, %q) = %q, want %q", c.before, c.after, c.text, got, c.want)
			}
		})
	}
}

func FuzzInsertion(f *testing.F) {
	f.Add("Lungs clear. (", ") heart", "e\u0301tude, MRI.\n")
	f.Add("\xff\"", "-\u0301", "\ufffd{")
	f.Fuzz(func(t *testing.T, before, after, text string) {
		got := Insertion(before, after, text)
		core := strings.TrimFunc(text, blank)
		middle := strings.TrimSuffix(strings.TrimPrefix(got, " "), " ")
		if !sameButCapitals(core, middle) {
			t.Fatalf("Insertion(%q, %q, %q) = %q changes the text", before, after, text, got)
		}
		if core == "" && got != "" {
			t.Fatalf("nothing becomes %q", got)
		}
	})
}

// sameButCapitals says whether b is a with at most one small letter made a capital.
func sameButCapitals(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) != len(y) {
		return false
	}
	raised := 0
	for i := range x {
		if x[i] != y[i] {
			if y[i] != unicode.ToUpper(x[i]) {
				return false
			}
			raised++
		}
	}
	return raised <= 1
}
