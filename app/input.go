package app

// An input is something that happened. Hands put them, and so do the
// goroutines that record, load and recognise.
type input interface{ input() }

type (
	started   struct{}
	pressed   struct{ hold Hold }
	released  struct{ hold Hold }
	focusLost struct{}
	retried   struct{}
	discarded struct{}
	applied   struct {
		settings Settings
		newModel bool // another model, decoder, precision or device; filled in before the decision
	}
	stopped struct{}
	// cardAsked is the user's wish to have the graphics card tried again.
	cardAsked struct{}
	// computes is what a model computes on from now on, in words.
	computes struct {
		model         *Loaded
		device, speed string
	}
	tailOver struct{}
	// heard is the first block of the dictation being recorded.
	heard struct{}
	// recorded says that the source has been closed; err is the source's.
	recorded struct{ err error }
	// named is the name of the microphone with that ID.
	named struct{ id, name string }
	// progressed tells what takes time in loading.
	progressed struct{ words string }
	// previewed is what the oldest dictation reads as so far.
	previewed struct{ preview Preview }
	// modelLoaded has a model or an error, and the error that freeing the model
	// before it gave.
	modelLoaded struct {
		model         *Loaded
		err, closeErr error
	}
	// recognised is the outcome of the oldest dictation: an error, a text, or a
	// hint why there is none.
	recognised struct {
		text Text
		hint string
		err  error
	}
)

func (started) input()     {}
func (pressed) input()     {}
func (released) input()    {}
func (focusLost) input()   {}
func (retried) input()     {}
func (discarded) input()   {}
func (progressed) input()  {}
func (previewed) input()   {}
func (applied) input()     {}
func (stopped) input()     {}
func (cardAsked) input()   {}
func (computes) input()    {}
func (tailOver) input()    {}
func (heard) input()       {}
func (recorded) input()    {}
func (named) input()       {}
func (modelLoaded) input() {}
func (recognised) input()  {}

// An action is something to be done about it. Doing it never waits.
type action interface{ action() }

type (
	record          struct{ id int } // begin to record dictation id
	closeMicrophone struct{}         // end the recording; recorded follows
	startTail       struct{ id int } // dictation id was let go; tailOver follows after the tail
	stopTail        struct{}
	resume          struct{ id int } // dictation id is held again
	load            struct{}         // close the model there is, load the one in the settings
	cancelLoad      struct{}         // modelLoaded follows early
	recognise       struct{ id int }
	tell            struct{ text Text }
	forget          struct{ id int } // nothing of dictation id is needed any more
)

func (record) action()          {}
func (closeMicrophone) action() {}
func (startTail) action()       {}
func (stopTail) action()        {}
func (resume) action()          {}
func (load) action()            {}
func (cancelLoad) action()      {}
func (recognise) action()       {}
func (tell) action()            {}
func (forget) action()          {}
