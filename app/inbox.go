package app

import "sync"

// inbox carries what happens, in order, to the goroutine that decides. Putting
// never waits. It is short, because what is put comes at the pace of hands and
// models; levels, which come with every block, only replace each other.
type inbox struct {
	mail *mail
	wake chan struct{} // holds one word when there is something to take; never closed
}

type mail struct {
	sync.Mutex
	inputs []input
	level  *Level
}

func newInbox() inbox { return inbox{mail: &mail{}, wake: make(chan struct{}, 1)} }

func (b inbox) put(in input) {
	b.mail.Lock()
	b.mail.inputs = append(b.mail.inputs, in)
	b.mail.Unlock()
	b.ring()
}

func (b inbox) putLevel(l Level) {
	b.mail.Lock()
	b.mail.level = &l
	b.mail.Unlock()
	b.ring()
}

// take empties the box. Without a new level it is nil.
func (b inbox) take() ([]input, *Level) {
	b.mail.Lock()
	defer b.mail.Unlock()
	inputs, level := b.mail.inputs, b.mail.level
	b.mail.inputs, b.mail.level = nil, nil
	return inputs, level
}

func (b inbox) ring() {
	select {
	case b.wake <- struct{}{}:
	default: // it has been told already
	}
}
