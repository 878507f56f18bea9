// Package app carries one dictation from the microphone to the note. Most
// callers want [New] and then [Desk.Run], to which [Desk.Press] and
// [Desk.Release] say when to listen and which answers with [Event] values.
//
// It draws nothing, opens no device and knows no model by itself: [Parts] are
// handed to it. It refuses to lose speech: what has been heard is kept in
// memory until its text has been emitted, through a failing microphone, a
// failing model and the choice of another one. It writes nothing that was said
// to disk or into an error.
package app
