"""Noises and rooms of the test sets.

Made otherwise than those of augment.py, so that a test does not sound like the
training: the room is a box with mirrored sources, the keyboard a click of the
key and one of its bottom, the fan a comb of blade tones. All at 16 kHz; every
noise has RMS 1.
"""

import numpy as np
from scipy.signal import fftconvolve, lfilter

RATE = 16_000
SOUND = 343.0  # m/s


def unit(wave):
    return (wave / (np.sqrt(np.mean(np.square(wave))) + 1e-12)).astype(np.float32)


def white(samples, rng):
    return unit(rng.standard_normal(samples))


def pink(samples, rng):
    """Kellet's filter of white noise, 1/f within 0.05 dB (musicdsp.org, 76)."""
    x, b = rng.standard_normal(samples), [(0.99886, 0.0555179), (0.99332, 0.0750759), (0.96900, 0.1538520), (0.86650, 0.3104856), (0.55000, 0.5329522), (-0.7616, -0.0168980)]
    y = sum(lfilter([gain], [1, -pole], x) for pole, gain in b) + 0.5362 * x
    y[1:] += 0.115926 * x[:-1]
    return unit(y)


def hum(samples, rng):
    """A transformer: even harmonics of 50 or 60 Hz, a little rectified."""
    time = np.arange(samples) / RATE
    base = rng.choice([50, 60]) * time
    wave = np.sin(2 * np.pi * base) + np.abs(np.sin(2 * np.pi * base + rng.uniform(0, 6))) * 1.5
    return unit(wave - wave.mean() + 0.02 * rng.standard_normal(samples))


def fan(samples, rng):
    """Rushing air below 1 kHz, with the tones of the blades, which waver."""
    air = lfilter([1], [1, -1.6, 0.65], rng.standard_normal(samples))
    wander = np.cumsum(lfilter([1e-3], [1, -0.999], rng.standard_normal(samples))) / RATE
    blades = rng.uniform(60, 140) * (np.arange(samples) / RATE + wander)
    return unit(unit(air) + 0.4 * sum(np.sin(2 * np.pi * k * blades) / k for k in (1, 2, 3, 5)))


def keyboard(samples, rng):
    """Typing: two clicks a key, six keys a second in bursts, on a faint hiss."""
    wave = 0.01 * rng.standard_normal(samples)
    at = 0
    while at < samples - 4000:
        for offset, loud in ((0, 1.0), (int(rng.uniform(60, 110) * 16), 0.5)):
            length = int(rng.uniform(8, 25) * 16)
            ring = np.sin(2 * np.pi * rng.uniform(1500, 4500) * np.arange(length) / RATE) + rng.standard_normal(length)
            wave[at + offset:at + offset + length] += loud * rng.uniform(0.4, 1) * ring * np.exp(-np.arange(length) / (length / 5))
        at += int(RATE * (rng.uniform(0.09, 0.25) if rng.random() < 0.85 else rng.uniform(0.5, 2)))
    return unit(wave)


def breath(samples, rng):
    """Breathing in and out near a microphone: shaped noise around 1.2 kHz, nothing between."""
    wave = lfilter([1, 0, -1], [1, -1.55, 0.75], rng.standard_normal(samples))
    swell, at = np.full(samples, 0.003), 0
    while at < samples:
        length = int(rng.uniform(0.7, 1.6) * RATE)
        part = swell[at:at + length]
        part += rng.uniform(0.4, 1) * np.hanning(length)[:len(part)] ** 1.5
        at += length + int(rng.uniform(0.2, 1.2) * RATE)
    return unit(wave * swell)


KINDS = {f.__name__: f for f in (white, pink, hum, fan, keyboard, breath)}


def speech_level(wave):
    """RMS of the 20 ms frames that are within 30 dB of the loudest: pauses do not count."""
    frames = wave[: len(wave) // 320 * 320].reshape(-1, 320)
    levels = np.sqrt(np.mean(np.square(frames), axis=1))
    return float(np.sqrt(np.mean(np.square(levels[levels > levels.max() / 31.6]))))


def added(wave, noise, decibels):
    """Speech with noise of RMS 1 brought to so many dB below it."""
    return wave + noise * (speech_level(wave) * 10 ** (-decibels / 20))


def babble(clips, samples):
    """Several voices at once, each repeated or cut to the length."""
    return unit(sum(unit(np.resize(clip, samples)) for clip in clips))


def room(rng):
    """Impulse response of a box-shaped office, by mirrored sources (Allen & Berkley 1979);
    walls reflect 0.7 to 0.85, the talker sits 0.6 to 1.8 m from the microphone."""
    size = rng.uniform([3, 2.5, 2.4], [6, 5, 3.2])
    microphone = size * rng.uniform(0.25, 0.75, 3)
    direction = rng.standard_normal(3)
    source = microphone + rng.uniform(0.6, 1.8) * direction / np.linalg.norm(direction)
    source = np.clip(source, 0.2, size - 0.2)
    wall, order = rng.uniform(0.7, 0.85), 12
    n = np.stack(np.meshgrid(*[np.arange(-order, order + 1)] * 3, indexing="ij"), -1).reshape(-1, 3)
    response = np.zeros(RATE // 2)
    for parity in np.ndindex(2, 2, 2):
        mirrored = (1 - 2 * np.array(parity)) * source + 2 * n * size
        distance = np.linalg.norm(mirrored - microphone, axis=1)
        bounces = np.abs(n - np.array(parity)).sum(1) + np.abs(n).sum(1)
        place = distance / SOUND * RATE
        heard = place < len(response) - 2
        index, part = place[heard].astype(int), place[heard] % 1
        gain = wall ** bounces[heard] / distance[heard]
        np.add.at(response, index, gain * (1 - part))
        np.add.at(response, index + 1, gain * part)
    response = response[np.flatnonzero(response)[0]:]
    return (response / np.abs(response).max()).astype(np.float32)


def in_room(wave, rng):
    wet = fftconvolve(wave, room(rng))[: len(wave) + RATE // 5]
    return (wet * (np.abs(wave).max() / np.abs(wet).max())).astype(np.float32)
