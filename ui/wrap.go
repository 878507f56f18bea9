package ui

import "strings"

// wrap parts words into rows that are no wider than width, from the first word
// on, so that rows that are full stay as they are while words are added. A row
// is from which word on and up to which. A word that is wider than a row has
// one of its own.
func wrap(words []string, measure func(string) float32, width float32) (rows [][2]int) {
	blank := measure(" ")
	var used float32
	for i, word := range words {
		wide := measure(word)
		if i == 0 || used+blank+wide > width {
			rows = append(rows, [2]int{i, i + 1})
			used = wide
			continue
		}
		rows[len(rows)-1][1] = i + 1
		used += blank + wide
	}
	return rows
}

// farBack is the word to begin wrapping with, of so many: an hour need not be
// measured every second. It moves on by many words at once, because with every
// move the rows change.
func farBack(words int) int {
	const step = 200
	return max(0, (words-step)/step*step)
}

// join makes words a text, with a blank behind it where more follow.
func join(words []string, more bool) string {
	text := strings.Join(words, " ")
	if text != "" && more {
		text += " "
	}
	return text
}
