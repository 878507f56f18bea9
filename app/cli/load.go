package cli

import (
	"context"
	"errors"

	"fermata/inference/ctc"
)

// load makes an engine, and says what takes long on the way.
func load(ctx context.Context, parts Parts, stdio Stdio, c Choice) (*Engine, error) {
	p := newProgress(stdio.Err)
	defer p.clear()
	c.Progress = func(what string, fraction float64) { p.say("%s, %.0f %%", what, 100*fraction) }
	return parts.Load(ctx, c)
}

// openLanguage opens a language model for a vocabulary, and says what takes
// long on the way. The function returned closes it.
func openLanguage(ctx context.Context, parts Parts, stdio Stdio, path string, v *ctc.Vocabulary) (*ctc.Language, func() error, error) {
	p := newProgress(stdio.Err)
	defer p.clear()
	m, err := parts.OpenLanguage(ctx, path, func(fraction float64) { p.say("preparing the language model, %.0f %%", 100*fraction) })
	if err != nil {
		return nil, nil, err
	}
	l, err := ctc.NewLanguage(v, m)
	if err != nil {
		return nil, nil, errors.Join(err, m.Close())
	}
	return l, m.Close, nil
}
