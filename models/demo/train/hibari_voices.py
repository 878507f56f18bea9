"""Any number of speakers from hibari-tts, Kokoro's `af_heart` made small.

Its network gives a source and filter description every 12.5 ms (harmonic
envelope, its phase, noise envelope, a residual with its phase, pitch in Hz;
601 bins of 20 Hz), so pitch, length of the vocal tract, tilt and breath can be
changed before the waveform is made. All of them share one articulation: good
for much text at 0.008 s of a core per second, no stand-in for other people.
"""

from dataclasses import dataclass

import numpy as np
from hibari import Hibari, dsp
from hibari.g2p import G2P

RATE = 24_000
BINS = 601


@dataclass(frozen=True)
class Speaker:
    pitch: float  # ratio of the mean
    span: float  # movement about the mean, ratio of octaves
    tract: float  # above 1: a longer vocal tract, formants lower by this ratio
    tilt: float  # dB per octave above 500 Hz
    breath: float  # dB on the noise
    pace: float  # above 1: faster
    british: bool

    def __str__(self):
        return f"hibari pitch{self.pitch:.2f} tract{self.tract:.2f} pace{self.pace:.2f}" + (" gb" if self.british else "")


def draw(rng):
    """Half low voices, half high ones. Faster than 1.25 it becomes unintelligible."""
    low = rng.random() < 0.55
    pitch, tract = (rng.uniform(0.46, 0.74), rng.uniform(1.04, 1.22)) if low else (rng.uniform(0.78, 1.3), rng.uniform(0.88, 1.08))
    return Speaker(pitch, rng.uniform(0.5, 1.4), tract, rng.uniform(-4, 3), rng.uniform(-6, 6), rng.uniform(0.75, 1.25), rng.random() < 0.15)


def warp(x, tract):
    """An envelope [601, frames] read at `tract` times the frequency."""
    at = np.minimum(np.arange(BINS) * tract, BINS - 1.001)
    low = at.astype(int)
    part = (at - low).astype(np.float32)[:, None]
    return x[low] * (1 - part) + x[low + 1] * part


def repitch(f0, speaker):
    voiced = f0 > 40
    if not voiced.any():
        return f0
    mean = np.exp(np.log(f0[voiced]).mean())
    out = np.zeros_like(f0)
    out[voiced] = np.clip(mean * speaker.pitch * (f0[voiced] / mean) ** speaker.span, 55, 450)
    return out


class Voices:
    """One thread's synthesiser."""

    def __init__(self):
        self.american, self.british = Hibari(threads=1), Hibari(threads=1, g2p=G2P(british=True))

    def speak(self, text, speaker, seed):
        """float32 mono at RATE."""
        rng = np.random.default_rng(seed)
        tts = self.british if speaker.british else self.american
        octaves = np.log2(np.maximum(np.arange(BINS) * 20, 500) / 500)[:, None]
        tilt = (speaker.tilt * octaves / 8.686).astype(np.float32)
        parts = []
        for phonemes in tts.phonemize(text):
            feed = {"ids": np.asarray([tts.ids(phonemes)], np.int64), "speed": np.asarray([speaker.pace], np.float32)}
            harmonic, phase, noise, residual, residual_phase, f0 = (o[0] for o in tts.sess.run(None, feed))
            pitch = repitch(f0, speaker)
            # Fewer harmonics stand in a band when the pitch rises: keep its level.
            level = 0.5 * np.log(np.maximum(pitch, 1) / np.maximum(f0, 1)) * (f0 > 40)
            harmonic = warp(harmonic, speaker.tract) + tilt + level
            noise = warp(noise, speaker.tract) + tilt + speaker.breath / 8.686
            residual = warp(residual, speaker.tract) + tilt
            parts.append(dsp.synth(harmonic, warp(phase, speaker.tract), noise, residual, residual_phase, pitch, rng))
        return np.concatenate(parts)
