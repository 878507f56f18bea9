package app

import (
	"context"
	"time"

	"fermata/app/spoken"
	"fermata/inference"
)

// A pass takes one speech to its transcript, as it grows. What it does, in this
// order: it hands over every sample there is; when the key is up and the tail
// waited for, it runs what there was at the release, which is the result if
// the tail brings nothing but silence; and while the key is down and nothing
// else is to be done, it previews.
type pass struct {
	stream Stream
	speech *speech
	tell   func(input)

	at     int // samples written
	run    int // how many were written when SoFar last answered
	pace   pace
	agreed agreement
}

func (p *pass) finish(ctx context.Context) (inference.Transcript, error) {
	p.pace.begin()
	for {
		samples, standing := p.speech.next(p.at)
		var err error
		switch {
		case len(samples) > 0:
			p.at += len(samples)
			err = p.stream.Write(ctx, samples)
		case standing == atEnd:
			return p.stream.Finish(ctx)
		case standing == atRelease && p.run != p.at:
			err = p.ahead(ctx)
		case standing == following && p.previews() && p.pace.wait() <= 0:
			err = p.preview(ctx)
		default:
			err = p.wait(ctx)
		}
		if err != nil {
			return inference.Transcript{}, err
		}
	}
}

// ahead runs what there was at the release, until the tail brings more than
// silence or the key is down again.
func (p *pass) ahead(ctx context.Context) error {
	limited, stop := p.speech.until(ctx, func() bool { return !p.speech.tail.silent() })
	defer stop()
	_, err := p.soFar(ctx, limited)
	return err
}

// preview runs what there is while the key is down, until it is up or a whole
// window has come.
func (p *pass) preview(ctx context.Context) error {
	s, due := p.speech, p.stream.Due()
	limited, stop := s.until(ctx, func() bool { return !s.shownLocked() || s.length-p.at >= due })
	defer stop()
	defer p.pace.spent(time.Now())
	t, err := p.soFar(ctx, limited)
	if t != nil {
		p.tell(previewed{p.agreed.with(spoken.Write(t.Raw))})
	}
	return err
}

// soFar asks the stream, and answers nothing where limited ended meanwhile.
func (p *pass) soFar(ctx, limited context.Context) (*inference.Transcript, error) {
	t, err := p.stream.SoFar(limited)
	switch {
	case err == nil:
		p.run = p.at
		return &t, nil
	case limited.Err() != nil && ctx.Err() == nil:
		return nil, nil
	}
	return nil, err
}

// previews says whether there is anything to preview.
func (p *pass) previews() bool { return p.run != p.at && p.speech.shown() }

// wait returns when the speech has changed or a preview is due.
func (p *pass) wait(ctx context.Context) error {
	var due <-chan time.Time
	if p.previews() {
		due = time.After(p.pace.wait())
	}
	select {
	case <-p.speech.more:
	case <-due:
	case <-ctx.Done():
	}
	return ctx.Err()
}
