package app

import "fmt"

// arrive takes a model over.
func (r *running) arrive(in modelLoaded) {
	r.model, r.preparing = in.model, ""
	if m := in.model; m != nil && m.OnDevice != nil {
		m.OnDevice(func(device, speed string) { r.inbox.put(computes{m, device, speed}) })
	}
	if r.closeErr == nil {
		r.closeErr = in.closeErr
	}
}

// compute takes over what the model computes on, unless that is gone.
func (r *running) compute(in computes) {
	if in.model == r.model {
		r.model.Device, r.model.Speed = in.device, in.speed
	}
}

// leave, when every worker has gone, emits what they finished last, frees the
// model, and tells what was given up.
func (r *running) leave() error {
	inputs, _ := r.inbox.take()
	for _, in := range inputs {
		switch in := in.(type) {
		case modelLoaded:
			r.arrive(in)
		case recognised:
			r.preview(Preview{})
			r.state.recognising = false
			if in.err == nil {
				r.state.queue = r.state.queue[1:]
				if in.text.Written != "" {
					r.emit(in.text)
				}
			}
		}
	}
	err := r.closeErr
	if failed := free(r.model); err == nil {
		err = failed
	}
	if lost := r.kept(r.state.queue); lost > 0 {
		err = fmt.Errorf("dictation: %.0f seconds of speech had not become text when Fermata was closed; dictate them again", lost)
	}
	return err
}
