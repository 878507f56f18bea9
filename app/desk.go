package app

// Hold is what is held down to dictate. Both may be held at once: a dictation
// lasts until the last one is let go.
type Hold int

// The things that can be held.
const (
	Key Hold = iota
	Button
	holds // how many there are
)

// A Desk is where dictations are taken: it owns the stage, and everything that
// happens to it is decided on one goroutine, the one that runs [Desk.Run].
// Its other methods only leave word there. They never wait, are safe for
// concurrent use, and may be called before Run, too.
type Desk struct {
	parts    Parts
	settings Settings
	inbox    inbox
	room     int // samples that may be kept over all dictations
}

// New returns a desk that is ready to run. Nothing is opened or loaded yet.
func New(parts Parts, settings Settings) *Desk {
	if parts.Tail == 0 {
		parts.Tail = DefaultTail
	}
	return &Desk{parts: parts, settings: settings, inbox: newInbox(), room: maxSamples}
}

// Press says that h went down. Repeated presses of a held key change nothing.
// While an earlier dictation is still being recognised, it begins the next one.
func (d *Desk) Press(h Hold) { d.inbox.put(pressed{h}) }

// Release says that h was let go. A release without a press changes nothing.
func (d *Desk) Release(h Hold) { d.inbox.put(released{h}) }

// FocusLost says that the window will not see keys go up any more: whatever is
// held counts as let go.
func (d *Desk) FocusLost() { d.inbox.put(focusLost{}) }

// Retry loads the model again after a failure and recognises what was kept.
func (d *Desk) Retry() { d.inbox.put(retried{}) }

// Discard throws the oldest of the dictations away that are kept because
// recognition failed, and goes on with those behind it as [Desk.Retry] does.
// [Status.Discards] tells how much that is; where it is 0, nothing happens.
func (d *Desk) Discard() { d.inbox.put(discarded{}) }

// Apply takes other settings. A new microphone is used from the next dictation
// on. Another model, decoder, precision or device is loaded as soon as the dictation
// being recognised is done, and takes up whatever was kept.
func (d *Desk) Apply(s Settings) { d.inbox.put(applied{settings: s}) }

// TryCard has the graphics card checked anew, after it failed or was refused.
// Meanwhile the CPU computes; [Status.Device] tells what comes of it.
func (d *Desk) TryCard() { d.inbox.put(cardAsked{}) }

// Stop asks Run to return when the text of everything that was said has been
// emitted. What is held counts as let go.
func (d *Desk) Stop() { d.inbox.put(stopped{}) }
