"""Runs MedASR as Google does, by transformers, and writes down every stage, so
that `fermata verify` can say whether Fermata computes the same.

    pip install torch transformers soundfile
    python3 reference.py google/medasr recording.wav reference.npz
    fermata verify --model DIR reference.npz

With pyctcdecode and kenlm, --lm lm_6.kenlm adds the text that the language
model makes (the binary: with an .arpa file pyctcdecode decodes otherwise).
MODEL is the name on Hugging Face or a folder, and DIR the folder of the same
files. Tested with transformers 5.23. The recording must be of 16 kHz (sox in.wav
-r 16000 out.wav); its first 60 s are taken. The file written holds the
recording itself: keep it as you keep the recording.
"""

import argparse
import hashlib
import itertools
import json
import platform

import numpy as np
import soundfile
import torch
import transformers
from transformers.utils import cached_file

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("model")
p.add_argument("recording")
p.add_argument("reference", help="the .npz file to write")
p.add_argument("--limit", type=float, default=60, help="seconds of the recording to take (60)")
p.add_argument("--window", type=float, default=20, help="chunk_length_s of the pipeline (20)")
p.add_argument("--stride", type=float, default=2, help="stride_length_s of the pipeline (2)")
p.add_argument("--lm", help="language model in KenLM's binary format")
args = p.parse_args()

samples, rate = soundfile.read(args.recording, dtype="float32", always_2d=True)
if rate != 16000:
    raise SystemExit(f"{args.recording}: is of {rate} Hz; convert it to 16000 first")
samples = samples[: int(args.limit * rate)].mean(axis=1)
if len(samples) < 2320:
    raise SystemExit(f"{args.recording}: is too short to recognise; take one of at least 0.145 s")
extractor = transformers.AutoFeatureExtractor.from_pretrained(args.model)
tokenizer = transformers.AutoTokenizer.from_pretrained(args.model)
model = transformers.AutoModelForCTC.from_pretrained(args.model, dtype=torch.float32).eval()


def text(ids):
    """The tokens' text without special pieces; <s> (1) is none to the tokenizer."""
    tokens = [int(k) for k, _ in itertools.groupby(ids) if k != 1]
    return tokenizer.decode(tokens, skip_special_tokens=True, group_tokens=False)


def text_by_language_model(logits):
    """As in Google's notebook: every piece is a word, with "#" for the space."""
    from pyctcdecode import build_ctcdecoder

    pieces = tokenizer.convert_ids_to_tokens(range(1, logits.shape[1]))
    labels = [p if p.startswith("<") or p.endswith(">") else "▁" + p.replace("▁", "#") for p in pieces]
    # decode_beams, as the pipeline calls it: decode() drops beams of like endings.
    words = build_ctcdecoder([""] + labels, args.lm).decode_beams(logits, beam_width=8)[0][0]
    return words.replace(" ", "").replace("#", " ").replace("</s>", "").strip()


class Spy(type(tokenizer)):
    """Sees the ids of all windows, which the pipeline does not return."""

    def decode(self, token_ids, **kwargs):
        self.seen = np.asarray(token_ids).ravel()
        return super().decode(token_ids, **kwargs)


features = extractor(samples, sampling_rate=rate, return_tensors="pt")["input_features"]
with torch.no_grad():
    logits = model(features).logits[0].numpy()
spy = Spy.from_pretrained(args.model)
pipeline = transformers.AutomaticSpeechRecognitionPipeline(
    model=model, tokenizer=spy, feature_extractor=extractor,
    chunk_length_s=args.window, stride_length_s=args.stride, batch_size=1,
)
pipeline({"raw": samples, "sampling_rate": rate})
ids = logits.argmax(-1)
about = {
    "model": args.model,
    "config_sha256": hashlib.sha256(open(cached_file(args.model, "config.json"), "rb").read()).hexdigest(),
    "window": args.window,
    "stride": args.stride,
    "versions": {m.__name__: m.__version__ for m in (np, torch, transformers)} | {"python": platform.python_version()},
}
utf8 = {"text": text(ids), "pipeline_text": text(spy.seen), "about": json.dumps(about)}
if args.lm:
    utf8["beam_text"] = text_by_language_model(logits)
np.savez_compressed(
    args.reference, samples=samples, features=features[0].numpy(), logits=logits, ids=ids.astype("<i4"),
    pipeline_ids=spy.seen.astype("<i4"), **{k: np.frombuffer(v.encode(), np.uint8) for k, v in utf8.items()},
)
print(f"{args.reference}: {len(samples) / rate:.2f} s, {len(logits)} rows of {logits.shape[1]} scores")
