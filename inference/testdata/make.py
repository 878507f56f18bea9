"""Writes windows.json, how transformers' pipeline cuts recordings: python make.py

Versions used: Python 3.11, transformers 5.23.0, numpy 2.4.6. chunk_iter and
rescale_stride are transformers' own; the rounding of seconds is copied from
AutomaticSpeechRecognitionPipeline.preprocess.

Each case: samples, window and stride in samples as asked for, and for every
window its samples and the slice of its logits that is kept.
"""
import json
import os
import random

import numpy as np
from transformers.pipelines.automatic_speech_recognition import chunk_iter, rescale_stride

random.seed(7)
fake = type("Fake", (), {"sampling_rate": 16000, "__call__": lambda self, chunk, **_: {}})()


def align(seconds):
    return int(round(seconds * 16000 / 640) * 640)


cases = []
while len(cases) < 120:
    window = random.choice([20 if len(cases) % 10 == 0 else 3, round(random.uniform(0.2, 6), 2), 640 * random.randint(8, 200) / 32000])
    stride = random.choice([2, 0, round(random.uniform(0, window / 2), 2), 640 * random.randint(0, 100) / 32000])
    chunk, side = align(window), align(stride)
    if 2 * side >= chunk or chunk < 2320:
        continue
    step = chunk - 2 * side
    samples = max(1, random.choice([random.randint(1, chunk + 5 * step), chunk + random.randint(0, 3) * step + random.randint(-2, 2)]))
    strides = [c["stride"] for c in chunk_iter(np.zeros(samples, np.float32), fake, chunk, side, side)]
    windows = [[n, left, total - right] for (n, _, _), (total, left, right) in zip(strides, rescale_stride(strides, 1 / 640))]
    cases.append({"samples": samples, "window": round(window * 16000), "stride": round(stride * 16000), "windows": windows})

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "windows.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
