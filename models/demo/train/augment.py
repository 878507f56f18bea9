"""What a clip goes through before it is learnt from: rooms, bands, noise, levels, tempo, cuts.

Everything is synthesised here; no recordings of noise or rooms are used. Each
change is drawn with a chance and a size that grow with `strength` (0 none,
1 all). Waveforms are float32 arrays in [-1, 1] at 16 kHz.
"""

import numpy as np
import torch

from features import RATE

POOL_SECONDS = 20


def octave_noise(samples, slope, rng):
    """Noise whose power falls with frequency to this power: 0 white, 1 pink, 2 brown. RMS 1."""
    spectrum = torch.fft.rfft(torch.from_numpy(rng.standard_normal(samples, dtype=np.float32)))
    frequency = torch.arange(len(spectrum)).clamp(min=20 * samples // RATE)
    return unit(torch.fft.irfft(spectrum * frequency ** (-slope / 2), samples).numpy())


def hum(samples, rng):
    """Mains hum: 50 or 60 Hz and falling harmonics."""
    time = np.arange(samples, dtype=np.float32) / RATE
    base = rng.choice([50.0, 60.0]) * rng.uniform(0.998, 1.002)
    tones = [rng.uniform(0.2, 1) / n * np.sin(2 * np.pi * (base * n * time + rng.uniform())) for n in range(1, 12)]
    return unit(np.sum(tones, 0).astype(np.float32))


def fan(samples, rng):
    """Brownish rush with a few steady tones and a slow swell."""
    time = np.arange(samples, dtype=np.float32) / RATE
    swell = 1 + 0.3 * np.sin(2 * np.pi * rng.uniform(0.1, 2) * time)
    tones = sum(rng.uniform(0, 0.15) * np.sin(2 * np.pi * rng.uniform(80, 1500) * time) for _ in range(4))
    return unit((octave_noise(samples, rng.uniform(1, 2), rng) * swell + tones).astype(np.float32))


def clicks(samples, rng):
    """Keys and knocks: short bursts of decaying noise over a faint hiss."""
    track = 0.02 * rng.standard_normal(samples, dtype=np.float32)
    for start in rng.integers(0, samples - 2000, size=rng.integers(10, 80)):
        length = int(rng.integers(100, 2000))
        decay = np.exp(-np.arange(length, dtype=np.float32) / (length / 6))
        track[start : start + length] += rng.uniform(0.2, 1) * decay * rng.standard_normal(length, dtype=np.float32)
    return unit(track)


def babble(clips, samples, rng):
    """Several voices at once, from int16 clips."""
    track = np.zeros(samples, np.float32)
    for clip in clips:
        track += unit(np.resize(clip.astype(np.float32), samples)) * rng.uniform(0.3, 1)
    return unit(track)


def unit(wave):
    """Scaled to RMS 1."""
    return wave / max(float(np.sqrt(np.mean(np.square(wave)))), 1e-9)


def noise_pool(rng, speech=()):
    """Twenty-second tracks of RMS 1; `speech` is a list of lists of int16 clips for babble."""
    samples = POOL_SECONDS * RATE
    tracks = [octave_noise(samples, slope, rng) for slope in (0, 0, 0.5, 1, 1, 1, 1.5, 2, 2)]
    for kind in (hum, fan, clicks):
        tracks += [kind(samples, rng) for _ in range(4)]
    return tracks + [babble(clips, samples, rng) for clips in speech]


def room(rng):
    """The impulse response of a made-up room: direct sound, few reflections, an exponential tail."""
    length = int(RATE * rng.uniform(0.1, 0.5))
    time = np.arange(length, dtype=np.float32) / RATE
    decay = np.exp(-6.9 * time / rng.uniform(0.15, 0.7))
    tail = octave_noise(length, rng.uniform(0, 1.5), rng) * decay
    tail[: int(rng.uniform(0.002, 0.02) * RATE)] = 0
    response = 0.02 * 10 ** rng.uniform(-0.5, 0.7) * tail
    response[0] = 1
    for _ in range(rng.integers(0, 6)):
        response[rng.integers(8, 600)] += rng.uniform(-0.5, 0.5)
    return response.astype(np.float32)


def band(rng):
    """A gain per spectral bin (1025 bins to 8 kHz): telephone, headset, or a tilted microphone."""
    hertz = np.linspace(0, RATE / 2, 1025)
    low, high = [(300, 3400), (100, 6000), (60, 7500), (20, 8000)][rng.choice(4, p=[0.2, 0.25, 0.25, 0.3])]
    low, high = low * rng.uniform(0.7, 1.3), high * rng.uniform(0.85, 1.15)
    gain = 1 / np.sqrt(1 + (low / np.maximum(hertz, 1)) ** 8) / np.sqrt(1 + (hertz / high) ** 16)
    knots = rng.uniform(-6, 6, size=6)
    return (gain * 10 ** (np.interp(np.linspace(0, 5, 1025), np.arange(6), knots) / 20)).astype(np.float32)


def filtered(wave, response, gain):
    """The wave through a room (or None) and a band (or None), in one transform; the length stays."""
    size = 1 << (len(wave) + (0 if response is None else len(response)) - 1).bit_length()
    spectrum = torch.fft.rfft(torch.from_numpy(wave), size)
    if response is not None:
        spectrum *= torch.fft.rfft(torch.from_numpy(response), size)
    if gain is not None:
        curve = torch.from_numpy(gain)[None, None]
        spectrum *= torch.nn.functional.interpolate(curve, len(spectrum), mode="linear", align_corners=True)[0, 0]
    return torch.fft.irfft(spectrum, size)[: len(wave)].numpy()


def resampled(wave, speed):
    """Played faster (speed > 1) or slower, pitch and all, by linear interpolation."""
    place = np.arange(int(len(wave) / speed)) * speed
    left = np.minimum(place.astype(np.int64), len(wave) - 2)
    part = (place - left).astype(np.float32)
    return wave[left] * (1 - part) + wave[left + 1] * part


def loudness(wave, frame=320):
    """RMS per 20 ms."""
    whole = len(wave) // frame * frame
    return np.sqrt(np.mean(np.square(wave[:whole].reshape(-1, frame)), 1) + 1e-12)


def quiet(samples, rng):
    """Near-silence: zeros or faint noise."""
    level = rng.choice([0.0, 1e-4, 5e-4])
    return (level * rng.standard_normal(samples, dtype=np.float32)).astype(np.float32)


def recut(wave, rng, strength):
    """Starts and ends cut close or lengthened, and pauses put where the clip is quiet."""
    levels = loudness(wave)
    loud = np.flatnonzero(levels > 0.05 * levels.max())
    if len(loud) < 5:
        return wave
    parts, start, end = [], 0, len(wave)
    if rng.uniform() < 0.6 * strength:
        start = max(0, loud[0] * 320 - int(rng.uniform(0, 0.08) * RATE))
        end = min(len(wave), (loud[-1] + 1) * 320 + int(rng.uniform(0, 0.08) * RATE))
    if rng.uniform() < 0.5 * strength:
        parts.append(quiet(int(rng.exponential(0.3) * RATE) % (2 * RATE), rng))
    gaps = [i for i in np.flatnonzero(levels < 0.03 * levels.max()) if loud[0] < i < loud[-1]]
    if gaps and rng.uniform() < 0.25 * strength:
        middle = int(rng.choice(gaps)) * 320 + 160
        parts += [wave[start:middle], quiet(int(rng.uniform(0.1, 1.2) * RATE), rng)]
        start = middle
    parts.append(wave[start:end])
    if rng.uniform() < 0.5 * strength:
        parts.append(quiet(int(rng.exponential(0.3) * RATE) % (2 * RATE), rng))
    return np.concatenate(parts)


class Waves:
    """Changes single waveforms."""

    def __init__(self, rng, speech=()):
        self.rng = rng
        self.noises = noise_pool(rng, speech)
        self.rooms = [room(rng) for _ in range(80)]

    def noise(self, samples):
        """A stretch of one or two tracks, RMS 1."""
        track = np.zeros(samples, np.float32)
        for _ in range(self.rng.integers(1, 3)):
            chosen = self.noises[self.rng.integers(len(self.noises))]
            track += np.take(chosen, np.arange(samples) + self.rng.integers(len(chosen)), mode="wrap")
        return unit(track)

    def alone(self, samples):
        """A clip without speech: noise at some level, or nearly nothing."""
        if self.rng.uniform() < 0.3:
            return quiet(samples, self.rng)
        return self.noise(samples) * 10 ** (self.rng.uniform(-70, -15) / 20)

    def __call__(self, wave, strength):
        rng = self.rng
        if strength <= 0:
            return wave
        wave = recut(wave, rng, strength)
        if rng.uniform() < 0.5 * strength:
            wave = resampled(wave, 1 + strength * rng.uniform(-0.15, 0.15))
        in_room, in_band = rng.uniform(size=2) < (0.35 * strength, 0.4 * strength)
        if in_room or in_band:
            response = self.rooms[rng.integers(len(self.rooms))] if in_room else None
            wave = filtered(wave, response, band(rng) if in_band else None)
        level = float(np.sqrt(np.mean(np.square(wave)))) + 1e-6
        if rng.uniform() < 0.7 * strength:
            ratio = rng.uniform(30 - 27 * strength, 40)  # dB
            wave = wave + self.noise(len(wave)) * (level * 10 ** (-ratio / 20))
        return self.levelled(wave, strength)

    def levelled(self, wave, strength):
        """Gain of -30 to +6 dB, at times clipped, never outside [-1, 1]."""
        rng = self.rng
        if rng.uniform() < 0.8 * strength:
            wave = wave * 10 ** (rng.uniform(-30 * strength, 6) / 20)
        if rng.uniform() < 0.05 * strength:
            wave = wave * (rng.uniform(1.2, 4) / (np.abs(wave).max() + 1e-6))
        return np.clip(wave, -1, 1).astype(np.float32)


def stretched(mel, counts, strength, rng):
    """Tempo without pitch: frames [B, T, 128] and counts [B] by 0.85 to 1.15 each, linearly."""
    tempo = 1 + strength * torch.from_numpy(rng.uniform(-0.15, 0.15, len(counts)).astype(np.float32))
    counts = (counts / tempo).long()
    place = (torch.arange(int(counts.max()))[None, :] * tempo[:, None]).clamp(max=mel.shape[1] - 1.001)
    left = place.long()
    rows = torch.arange(len(mel))[:, None]
    return torch.lerp(mel[rows, left], mel[rows, left + 1], (place - left)[..., None]), counts


def spec_augment(mel, counts, strength, rng):
    """SpecAugment in place: bands and spans of each clip at the clip's mean."""
    for clip, count in zip(mel, counts.tolist()):
        fill = clip[:count].mean()
        for _ in range(rng.binomial(2, strength)):
            width = int(rng.uniform(0, 22 * strength))
            start = int(rng.integers(0, clip.shape[1] - width))
            clip[:, start : start + width] = fill
        for _ in range(rng.binomial(1 + count // 150, strength)):
            width = min(int(rng.uniform(0, 30 * strength)), count // 8)
            start = int(rng.integers(0, count - width))
            clip[start : start + width] = fill
    return mel
