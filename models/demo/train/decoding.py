"""A model folder's recordings to scores and texts, as Google runs MedASR: transformers for
the network, greedy or pyctcdecode with a 6-gram of pieces for the text.

Scores are natural-log or raw logits [frames of 40 ms, 512]; waveforms float32 at 16 kHz.
"""

import itertools
from pathlib import Path

import numpy as np
import torch

WINDOW, STRIDE, FRAME = 320_000, 32_000, 640  # samples: 20 s, 2 s, 40 ms


class Recogniser:
    """A checkpoint in Google's layout, on the CPU, one recording at a time: padding changes the scores."""

    def __init__(self, folder):
        import transformers

        transformers.logging.set_verbosity_error()
        self.extractor = transformers.AutoFeatureExtractor.from_pretrained(folder)
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        self.model = transformers.AutoModelForCTC.from_pretrained(folder, dtype=torch.float32).eval()

    def pass_over(self, wave):
        """The scores of at most one window."""
        features = self.extractor(wave, sampling_rate=16_000, return_tensors="pt")["input_features"]
        with torch.inference_mode():
            return self.model(features).logits[0].numpy()

    def scores(self, wave):
        """Of any length, windows joined as the pipeline of transformers 5 joins them: what is
        within 2 s of an inner edge is cut off, counted in nominal frames of 640 samples."""
        kept = []
        for start in range(0, len(wave), WINDOW - 2 * STRIDE):
            part = wave[start:start + WINDOW]
            last = start + WINDOW >= len(wave)
            nominal, left = round(len(part) / FRAME), STRIDE // FRAME if start else 0
            kept.append(self.pass_over(part)[left:None if last else nominal - STRIDE // FRAME])
            if last:
                return np.concatenate(kept)

    def greedy(self, scores):
        # <s> (1) is not special to the tokenizer.
        ids = [int(k) for k, _ in itertools.groupby(scores.argmax(-1)) if k != 1]
        return self.tokenizer.decode(ids, skip_special_tokens=True, group_tokens=False)


def label(piece):
    """What a piece is called in the language model: pyctcdecode's word, "#" for the space before it."""
    return piece if piece.startswith("<") or piece.endswith(">") else piece.replace("▁", "#")


class Beam:
    """Google's notebook: every piece is a word of the language model, beam of eight, no unigram list."""

    def __init__(self, tokenizer, lm):
        from pyctcdecode import build_ctcdecoder

        names = map(label, tokenizer.convert_ids_to_tokens(range(1, 512)))
        labels = [n if n.startswith("<") or n.endswith(">") else "▁" + n for n in names]
        self.decoder = build_ctcdecoder([""] + labels, str(Path(lm)))

    def __call__(self, scores):
        words = self.decoder.decode_beams(scores, beam_width=8)[0][0]
        return words.replace(" ", "").replace("#", " ").replace("</s>", "").strip()
