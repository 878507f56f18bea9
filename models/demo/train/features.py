"""Log-mel features in torch, equal to transformers' LasrFeatureExtractor.

In float64 the result is that of the extractor bit for bit; in float32, which
training uses, it differs by up to 3e-4, near the floor.
"""

import math

import torch

RATE = 16000
WINDOW, HOP, FFT = 400, 160, 512  # samples
BINS, LOWEST, HIGHEST = 128, 125.0, 7500.0  # mel bins, Hz
FLOOR = 1e-5


def frames_of(samples):
    """Mel frames that come of a number (or tensor) of samples, at least 400."""
    return (samples - WINDOW) // HOP + 1


def mel_matrix():
    """Triangular filters in the mel domain, [257, 128] float64; the row of 0 Hz is zero."""
    spectrum = to_mel(torch.linspace(0.0, RATE / 2, FFT // 2 + 1, dtype=torch.float64)[1:])[:, None]
    low, high = to_mel(torch.tensor([LOWEST, HIGHEST], dtype=torch.float64)).tolist()
    edges = torch.linspace(low, high, BINS + 2, dtype=torch.float64)
    lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
    rising = (spectrum - lower) / (centre - lower)
    falling = (upper - spectrum) / (upper - centre)
    filters = torch.minimum(rising, falling).clamp(min=0)
    return torch.nn.functional.pad(filters, (0, 0, 1, 0))


def to_mel(hertz):
    return 1127.0 * torch.log(1.0 + hertz / 700.0)


class LogMel:
    """Waveforms [B, samples] in [-1, 1] to log-mel frames [B, T, 128] of the same device."""

    def __init__(self, dtype=torch.float32, device="cpu"):
        self.dtype = dtype
        turn = 2 * math.pi * torch.arange(WINDOW, dtype=torch.float64) / (WINDOW - 1)
        self.window = (0.5 - 0.5 * torch.cos(turn)).to(device, dtype)
        self.filters = mel_matrix().to(device, dtype)

    def __call__(self, waveforms):
        frames = waveforms.to(self.dtype).unfold(-1, WINDOW, HOP)
        spectrum = torch.fft.rfft(frames * self.window, FFT)
        power = spectrum.real.square() + spectrum.imag.square()
        return torch.matmul(power, self.filters).clamp(min=FLOOR).log()
