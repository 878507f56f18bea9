#!/usr/bin/env python3
"""Frame ids of transformers' chunked pipeline on models/lasr/testdata/c, a
network with another sub-sampler (kernel 4, stride 3: 9 frames a row).

transformers 5.23.0, torch 2.15.0, numpy as installed with them. Run it in this
folder: python make_network.py > network.json
"""
import json
import sys

import numpy as np
import torch
import transformers
from transformers import AutoFeatureExtractor, LasrForCTC

CHECKPOINT = "../../models/lasr/testdata/c"
clip = np.fromfile("../../models/lasr/testdata/clip.s16", "<i2").astype(np.float32) / 32768
extractor = AutoFeatureExtractor.from_pretrained(CHECKPOINT)
model = LasrForCTC.from_pretrained(CHECKPOINT, dtype=torch.float32).eval()
from transformers.pipelines.automatic_speech_recognition import chunk_iter, rescale_stride

ratio = model.config.encoder_config.subsampling_conv_stride ** 2
align_to = ratio * extractor.hop_length
chunk = int(round(20 * 16000 / align_to) * align_to)
stride = int(round(2 * 16000 / align_to) * align_to)
cases = []
for n in (2320, 3200, 320000, 400000, 976000):
    samples = clip[np.arange(n) % len(clip)]
    ids = []
    for item in chunk_iter(samples, extractor, chunk, stride, stride):
        size, left, right = item["stride"]
        with torch.no_grad():
            frame_ids = model(input_features=item["input_features"]).logits.argmax(-1)[0]
        ((nominal, l, r),) = rescale_stride([(size, left, right)], 1 / align_to)
        ids += frame_ids[l : nominal - r if r else None].tolist()
    cases.append({"samples": n, "ids": ids})
json.dump({"transformers": transformers.__version__, "torch": torch.__version__.split("+")[0], "cases": cases}, sys.stdout)
