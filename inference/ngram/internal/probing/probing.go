// Package probing is the layout of KenLM's binary files of the type "probing":
// a header, then hash tables with linear probing, then the words. Use [Parse]
// for a file that exists and [Header.Encode] for one to be written; [Header.Lay]
// says where every table lies, and [Slice] cuts a file's bytes into them.
//
// Nothing is copied and nothing is aligned: the tables follow one another
// without padding and may begin at odd places, so every number is loaded byte
// by byte. It refuses what is not a probing file of version 5, and sizes that
// the file does not have. Its errors are the half of a sentence that follows
// the file's name: what is wrong; what to do.
package probing

// MaxOrder is the longest n-gram that KenLM's own default build reads.
const MaxOrder = 6

// Multiplier is how many buckets a table has for each of its entries, as
// KenLM's build_binary makes them unless told otherwise.
const Multiplier = 1.5

// LeastMultiplier is what a table must have at least: the fuller, the longer the
// way from where a key belongs to where its entry is.
const LeastMultiplier = 1.1

// Sizes in bytes.
const (
	WordEntry    = 12 // hash of a word, its number
	UnigramEntry = 8  // log10 probability, back-off
	MiddleEntry  = 16 // key, log10 probability, back-off
	LongestEntry = 12 // key, log10 probability
	vocabulary   = 8  // version and bound, before the table of words
)

// NoExtension is the back-off of an n-gram that begins no longer one: minus
// zero, as the bits of a float32.
const NoExtension = 0x80000000

// Sign is the bit that, on a stored probability, says that no longer n-gram
// ends with this one. The value itself is never above zero.
const Sign = 0x80000000

// Unknown is the word that every word outside the vocabulary becomes; its
// number is 0 and it is in no table. Some models write it in capitals.
const (
	Unknown        = "<unk>"
	UnknownCapital = "<UNK>"
)
