/* A device that records at 48 kHz and in stereo and at nothing else: loaded
   before PortAudio, it answers as PortAudio does for such a device. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <portaudio.h>

PaError Pa_OpenStream(PaStream **stream, const PaStreamParameters *in, const PaStreamParameters *out,
		double rate, unsigned long frames, PaStreamFlags flags, PaStreamCallback *callback, void *data) {
	PaError (*open)(PaStream **, const PaStreamParameters *, const PaStreamParameters *, double,
		unsigned long, PaStreamFlags, PaStreamCallback *, void *) = dlsym(RTLD_NEXT, "Pa_OpenStream");
	if (rate != 48000) return paInvalidSampleRate;
	if (in->channelCount != 2) return paInvalidChannelCount;
	return open(stream, in, out, rate, frames, flags, callback, data);
}
