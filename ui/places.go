package ui

// places are where the texts on their way belong: the caret as it stood when
// each key came up, kept right while the note is edited. So typing on while a
// dictation is finishing leaves the dictation before what was typed, in the
// order of time. The zero value is empty.
type places struct{ waiting []int }

// wait makes the places as many as the dictations whose text is to come; new
// ones are at caret. When the number falls without a text, the oldest goes.
func (p *places) wait(pending, caret int) {
	for len(p.waiting) < pending {
		p.waiting = append(p.waiting, caret)
	}
	p.waiting = p.waiting[len(p.waiting)-pending:]
}

// next takes the place of the next text, which is caret where none waits.
func (p *places) next(caret int) int {
	if len(p.waiting) == 0 {
		return caret
	}
	at := p.waiting[0]
	p.waiting = p.waiting[1:]
	return at
}

// edited moves the places along with a change of the user's: typing at a
// place leaves it before what was typed.
func (p *places) edited(c change) {
	for i := range p.waiting {
		p.waiting[i] = c.move(p.waiting[i], false)
	}
}

// filled moves the places along with a text that has come: the next one
// belongs behind it.
func (p *places) filled(c change) {
	for i := range p.waiting {
		p.waiting[i] = c.move(p.waiting[i], true)
	}
}
