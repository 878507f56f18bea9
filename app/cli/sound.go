package cli

import (
	"errors"
	"io"
	"os"

	"fermata/capture"
)

// readSound returns the sound of a file, or of standard input for "-". With a
// truncated file it returns both what is there and the error that says so.
func readSound(name string, stdin io.Reader) (*capture.Audio, error) {
	if name == "-" {
		return usable(capture.Read(stdin))
	}
	return readSoundFile(name)
}

func readSoundFile(name string) (*capture.Audio, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fileError(err)
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, errors.New("is a folder; name the sound files in it")
	}
	return usable(capture.Read(file))
}

// usable drops the sound of an error that is not about a missing end.
func usable(audio *capture.Audio, err error) (*capture.Audio, error) {
	var truncated *capture.TruncatedError
	if err != nil && !errors.As(err, &truncated) {
		return nil, err
	}
	return audio, err
}
