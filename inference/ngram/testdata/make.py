"""Writes the golden models and scores: python make.py KENLM

KENLM is the unpacked source of the Python package kenlm 0.3.0, for example by
pip download --no-binary :all: --no-deps kenlm==0.3.0. Versions used: Python
3.11, numpy 2.4.6, g++ 12.2. It builds KenLM's own build_binary and dump.cc there.

For each model NAME:
  NAME.arpa.gz   the model as text, by this script
  NAME.kenlm.gz  what build_binary makes of it
  NAME.scores.gz what KenLM makes of text(): float32 log10 of each word, then a
                 byte each for the length of the n-gram found, then of the state

KenLM builds no model of order 1 but reads one, given an empty table as large as
if the words were bigrams; order1 is put together here and scored by KenLM.
"""
import glob
import gzip
import os
import random
import struct
import subprocess
import sys

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
kenlm = sys.argv[1]

# 43 words that the model knows, then two that it does not.
WORDS = ["#there", "#is", "#no", "ation", "c", "é", "#Lunge", "a" * 40] + ["w%d" % i for i in range(35)]
UNKNOWN = ["outside", "w99"]


def numbers(seed):
    """splitmix64"""
    mask = (1 << 64) - 1
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield z ^ (z >> 31)


def text(seed, sentences):
    """Sentences of 12 words in which long sequences come again and again; golden_test.go has the same."""
    rng = numbers(seed)
    out = []
    for _ in range(sentences):
        p = q = 0
        line = []
        for _ in range(12):
            x = next(rng)
            if x % 16 == 0:
                w = (x >> 8) % 45
            else:
                r = (x >> 8) % 8
                w = (7 * p + 3 * q + 11 * (r * r // 16) + 5) % 43
            line.append((WORDS + UNKNOWN)[w])
            p, q = w, p
        out.append(line)
    return out


def model(order, lines, rng, prune=False, unknown=True):
    """The n-grams of a text with random weights: [{words: (log10, back-off or None)}] by length."""
    grams = [{} for _ in range(order)]
    for w in (["<unk>"] if unknown else []) + ["</s>", "<s>"] + WORDS:
        grams[0][(w,)] = None
    for line in lines:
        line = ["<s>"] + [w if w in WORDS else "<unk>" for w in line] + ["</s>"]
        for n in range(2, order + 1):
            for i in range(len(line) - n + 1):
                grams[n - 1][tuple(line[i : i + n])] = None
    if not unknown:
        grams = [{g: None for g in of if "<unk>" not in g} for of in grams]
    if prune:
        # As SRILM prunes: endings of longer n-grams are missing, but no beginnings.
        for n in range(2, order):
            beginnings = {g[:-1] for g in grams[n]}
            grams[n - 1] = {g: None for g in grams[n - 1] if g in beginnings or rng.random() < 0.5}
    for n, of in enumerate(grams):
        items = list(of)
        if n > 0:
            rng.shuffle(items)
        weight = lambda top: "%.*f" % (rng.choice([2, 4, 7]), -top * rng.random())
        of.clear()
        for g in items:
            prob = rng.choice(["0", "-0", "-99", "-1e-3"]) if rng.random() < 0.01 else weight(4)
            backoff = rng.choice([weight(1)] * 6 + ["0", "-0.0", "0.25", None, None])
            of[g] = (prob, backoff if n < order - 1 else None)
    return grams


def arpa(grams):
    lines = ["", "\\data\\"] + ["ngram %d=%d" % (n + 1, len(of)) for n, of in enumerate(grams)] + [""]
    for n, of in enumerate(grams):
        lines.append("\\%d-grams:" % (n + 1))
        for g, (prob, backoff) in of.items():
            lines.append(prob + "\t" + " ".join(g) + ("" if backoff is None else "\t" + backoff))
        lines.append("")
    return ("\n".join(lines) + "\\end\\\n").encode()


def run(*args, **kw):
    return subprocess.run(args, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **kw).stdout


def compile():
    objects = []
    flags = ["g++", "-I.", "-O2", "-DNDEBUG", "-DKENLM_MAX_ORDER=6"]
    sources = [f for d in ("util/double-conversion", "util", "lm") for f in sorted(glob.glob(os.path.join(kenlm, d, "*.cc")))]
    for source in sources:
        if source.endswith(("test.cc", "main.cc")):
            continue
        objects.append(os.path.abspath(source[:-3] + ".o"))
        if not os.path.exists(objects[-1]):
            run(*flags, "-c", os.path.relpath(source, kenlm), "-o", objects[-1], cwd=kenlm)
    for source, to in (("lm/build_binary_main.cc", "build_binary"), (os.path.join(here, "dump.cc"), "dump")):
        run(*flags, source, *objects, "-o", to, "-lz", "-lrt", cwd=kenlm)


def binary(grams):
    path = os.path.abspath(os.path.join(kenlm, "golden"))
    shown = grams if len(grams) > 1 else grams + [{}]
    with open(path + ".arpa", "wb") as f:
        f.write(arpa(shown))
    if os.path.exists(path + ".kenlm"):
        os.remove(path + ".kenlm")
    run(os.path.join(kenlm, "build_binary"), "probing", path + ".arpa", path + ".kenlm")
    with open(path + ".kenlm", "rb") as f:
        b = f.read()
    if len(grams) == 1:
        n = len(grams[0])
        buckets = max(n + 1, int(np.float32(1.5) * np.float32(n)))
        words = 128 + 8 + buckets * 12 + (n + 1) * 8
        b = b[:88] + b"\x01" + b[89:108] + struct.pack("<QI", n, 0) + b[128:words] + bytes(buckets * 12) + b[words + 12 :]
        with open(path + ".kenlm", "wb") as f:
            f.write(b)
    return path + ".kenlm", b


def save(name, b):
    with open(os.path.join(here, name + ".gz"), "wb") as f:
        f.write(gzip.compress(b, 9, mtime=0))


compile()
rng = random.Random(11)
corpus = text(1, 220)
models = {"order%d" % n: model(n, corpus, rng) for n in range(1, 7)}
models["pruned"] = model(5, corpus[:100], rng, prune=True)
models["nounk"] = model(3, corpus[:100], rng, unknown=False)
for name, grams in models.items():
    sentences = text(len(grams), 1500 if name.startswith("order") else 300)
    path, b = binary(grams)
    asked = "\n".join(map(" ".join, sentences)) + "\n"
    got = np.frombuffer(run(os.path.join(kenlm, "dump"), path, input=asked.encode()), dtype=[("log10", "<f4"), ("found", "u1"), ("state", "u1")])
    assert len(got) == 13 * len(sentences)
    save(name + ".arpa", arpa(grams))
    save(name + ".kenlm", b)
    save(name + ".scores", got["log10"].tobytes() + got["found"].tobytes() + got["state"].tobytes())
    print(name, [len(of) for of in grams], len(b), len(got), np.bincount(got["found"]), np.bincount(got["state"]))
