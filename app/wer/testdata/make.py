"""Writes golden.json: random pairs of texts, their form as Google's quick-start
notebook compares them, and jiwer's counts.

Run with jiwer 4.0.0 and rapidfuzz 3.14.6: python3 make.py
"""

import importlib.metadata
import json
import pathlib
import random
import re

import jiwer

HERE = pathlib.Path(__file__).parent
WORDS = (
    "the the the of no left right lung Lung lungs effusion PA x-ray 2.8 138/86 don't don’t Sjögren naïve İstanbul 3K µg 37.5°C "
    "{period} {comma} {new paragraph} period . , ? [IMPRESSION] (stable) </s> mg/m2 ☤ 東京 ﬁbrosis ß o'clock 1,000 ' ''"
).split()


def normalise(s):
    s = s.lower().replace("</s>", "")
    return re.sub(" +", " ", re.sub(r"[^ a-z0-9']", " ", s)).strip()


def damage(rng, words, rate):
    out = []
    for w in words:
        x = rng.random()
        if x < rate:  # substitution
            out.append(rng.choice(WORDS))
        elif x < 1.6 * rate:  # deletion
            pass
        else:
            out.append(w)
        if rng.random() < 0.6 * rate:  # insertion
            out.append(rng.choice(WORDS))
    return out


def pair(rng, i):
    few = WORDS if i % 3 else WORDS[:4]  # repeated words: many equal alignments
    ref = [rng.choice(few) for _ in range(rng.randrange(0, 16))]
    hyp = damage(rng, ref, rng.choice([0, 0.1, 0.5, 0.9]))
    if i % 17 == 0:
        hyp = []
    if i % 23 == 0:
        ref = []
    if i % 19 == 0:
        hyp = [rng.choice(WORDS) for _ in range(9)]
    return rng.choice([" ", "  "]).join(ref), " ".join(hyp)


def main():
    rng = random.Random(4)
    cases = []
    for i in range(400):
        ref, hyp = pair(rng, i)
        r, h = normalise(ref), normalise(hyp)
        case = {"reference": ref, "hypothesis": hyp, "google_reference": r, "google_hypothesis": h}
        if r:  # jiwer counts nothing without a reference
            w, c = jiwer.process_words(r, h), jiwer.process_characters(r, h)
            case |= {"hits": w.hits, "substitutions": w.substitutions, "deletions": w.deletions, "insertions": w.insertions}
            case |= {"character_errors": c.substitutions + c.deletions + c.insertions}
        cases.append(case)
    versions = {p: importlib.metadata.version(p) for p in ("jiwer", "rapidfuzz")}
    lines = ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases)
    (HERE / "golden.json").write_text(f'{{"versions": {json.dumps(versions)}, "cases": [\n{lines}\n]}}\n')


main()
