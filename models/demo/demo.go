// Package demo is the small model that ships inside Fermata. [FS] is its
// checkpoint folder, in the layout Google publishes MedASR in; give it to
// lasr.Open. It is a demonstration that makes many mistakes and refuses no
// input: never use it for clinical work. README.md is its model card.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed checkpoint
var checkpoint embed.FS

// FS returns the checkpoint folder. It is read-only and safe for concurrent use.
func FS() fs.FS {
	sub, err := fs.Sub(checkpoint, "checkpoint")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return sub
}
