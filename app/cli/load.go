package cli

import (
	"context"
	"errors"
	"fmt"

	"fermata/inference/ctc"
)

// load makes an engine, and says what takes long on the way. An export may hold
// one precision alone, which will do unless the user named the other: that is
// for strict to say.
func load(ctx context.Context, parts Parts, stdio Stdio, c Choice, strict bool) (*Engine, error) {
	p := newProgress(stdio.Err)
	defer p.clear()
	c.Progress = p.part
	c.Notice = func(sentence string) { complain(stdio.Err, errors.New(sentence)) }
	engine, err := parts.Load(ctx, c)
	if err == nil && strict && engine.Precision != c.Precision {
		err = fmt.Errorf("%s: comes in %s alone; leave --precision away", engine.Model, engine.Precision)
		return nil, errors.Join(err, engine.Close())
	}
	return engine, err
}

// openLanguage opens a language model for a vocabulary, and says what takes
// long on the way. The function returned closes it.
func openLanguage(ctx context.Context, parts Parts, stdio Stdio, path string, v *ctc.Vocabulary) (*ctc.Language, func() error, error) {
	p := newProgress(stdio.Err)
	defer p.clear()
	m, err := parts.OpenLanguage(ctx, path, func(fraction float64) { p.part("preparing the language model", fraction) })
	if err != nil {
		return nil, nil, err
	}
	l, err := ctc.NewLanguage(v, m)
	if err != nil {
		return nil, nil, errors.Join(err, m.Close())
	}
	return l, m.Close, nil
}
