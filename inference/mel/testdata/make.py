"""Writes the golden features: python make.py

Versions used: Python 3.11, transformers 5.23.0, torch 2.15 (CPU), numpy 2.4.6.
clip.s16   1.2 s of 16 kHz mono little-endian int16: noise, digital silence, a
           sweep, full-scale square, a faint tone. Made here from integers.
clip.f32   LasrFeatureExtractor's features of it, little-endian float32,
           row-major [T][128].
"""
import os

import numpy as np
from transformers import LasrFeatureExtractor

here = os.path.dirname(os.path.abspath(__file__))
rate = 16000
rng = np.random.default_rng(1)


def seconds(s):
    return np.arange(int(s * rate)) / rate


t = seconds(0.3)
parts = [
    rng.normal(0, 2000, int(0.2 * rate)),
    np.zeros(int(0.15 * rate)),
    12000 * np.sin(2 * np.pi * (60 + 7800 / 0.6 * t) * t),
    32767 * np.sign(np.sin(2 * np.pi * 440 * seconds(0.1))),
    3 * np.sin(2 * np.pi * 1000 * seconds(0.25)),
    rng.normal(0, 8000, int(0.2 * rate)) * seconds(0.2) / 0.2,
]
clip = np.clip(np.concatenate(parts), -32768, 32767).astype("<i2")
clip.tofile(os.path.join(here, "clip.s16"))
features = LasrFeatureExtractor()(
    clip.astype(np.float32) / 32768, sampling_rate=rate, return_tensors="np"
)["input_features"][0]
features.astype("<f4").tofile(os.path.join(here, "clip.f32"))
print(features.shape, features.dtype)
