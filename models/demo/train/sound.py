"""What a recording is in the work folder: mono, 16 kHz, int16."""

import numpy as np

RATE = 16_000


def pcm(samples):
    """int16, the peak at most 0.95 of the full scale, and an honest level below that."""
    peak = float(np.abs(samples).max(initial=1e-6))
    return np.int16(np.round(samples * (32767 * min(1.0, 0.95 / peak))))
