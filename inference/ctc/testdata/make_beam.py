"""Writes beam.json.gz and lm_2.kenlm, lm_3.kenlm, lm_6.kenlm: what pyctcdecode
finds, beam by beam.

    python make_beam.py CHECKPOINT LOGITS BUILD_BINARY

CHECKPOINT holds the demonstration model's tokenizer.json, LOGITS the scores
that `fermata transcribe --logits` wrote for its speech samples (*.npy), and
BUILD_BINARY is KenLM's own build_binary.

Versions used: Python 3.11, numpy 1.26.4, pyctcdecode 0.5.0, kenlm 0.3.0 (module
and build_binary). Labels are made as in Google's notebook
quick_start_with_hugging_face.ipynb.

Scores are whole 65536ths, so that both sides compute on the same numbers, and a
row is kept as its best few ids and one value for all the others. Within a row
no two of the few are equal: the reference breaks such ties by the order of a
Python set. For the same reason "<unk>" never stands beside "<s>" or "</s>".
"""
import collections
import glob
import gzip
import json
import math
import os
import random
import subprocess
import sys

import numpy as np
from pyctcdecode import build_ctcdecoder

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKPOINT, LOGITS, BUILD_BINARY = sys.argv[1:4]
SCALE = 65536
rng = random.Random(4)

tokenizer = json.load(open(os.path.join(CHECKPOINT, "tokenizer.json"), encoding="utf-8"))
SCORES = tokenizer["model"]["vocab"]
PIECES = [p for p, _ in SCORES]
ID = {p: i for i, p in enumerate(PIECES)}
SPECIAL = {0, 1, 2, 3}
VOCAB = len(PIECES)

# ---- text that sounds like a report -----------------------------------------
PARTS = "left lung|right lung|liver|spleen|left kidney|right kidney|aorta|heart|pleura|pancreas|thyroid gland".split("|")
FINDINGS = "opacity|effusion|fracture|mass|hematoma|thrombus|edema|calcification|atelectasis|stenosis".split("|")
DEGREES = "mild|small|severe|large|subtle|chronic|acute|moderate".split("|")
SHAPES = [
    "No {finding} in the {part}", "There is {degree} {finding} of the {part}",
    "The {part} is normal", "The {part} measures {n} mm", "{degree} {finding} {{comma}} left greater than right",
    "[IMPRESSION] {{colon}} {degree} {finding}", "Follow up in {n} weeks", "Heart rate is {n} and regular",
    "Consider biopsy of the {part}", "A {n}-year-old female presents with {degree} {finding}",
]


def sentence(r):
    text = r.choice(SHAPES).format(part=r.choice(PARTS), finding=r.choice(FINDINGS),
                                   degree=r.choice(DEGREES), n=r.randint(2, 98))
    return text + r.choice([" {period}", "."])


def ids_of(text):
    """The most likely pieces of a text (Viterbi over the tokenizer's scores)."""
    text = "▁" + text.replace(" ", "▁")
    best = [(0.0, 0, None)] + [(-1e9, 0, None)] * len(text)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - 16), end):
            i = ID.get(text[start:end])
            if i is not None and i not in SPECIAL and best[start][0] + SCORES[i][1] > best[end][0]:
                best[end] = (best[start][0] + SCORES[i][1], start, i)
    ids, end = [], len(text)
    while end:
        assert best[end][2] is not None, text
        ids.append(best[end][2])
        end = best[end][1]
    return ids[::-1]


# ---- language models --------------------------------------------------------
def word(piece):
    return piece.replace("▁", "#")


def arpa(path, order, sentences):
    """An interpolated Witten-Bell model, written as ARPA."""
    counts = [collections.Counter() for _ in range(order)]
    for s in sentences:
        s = ["<s>"] + [word(PIECES[i]) for i in s] + ["</s>"]
        for n in range(order):
            for i in range(len(s) - n):
                counts[n][tuple(s[i:i + n + 1])] += 1
    known = [word(p) for i, p in enumerate(PIECES) if i not in SPECIAL and i % 23 != 11]
    total = sum(c for g, c in counts[0].items() if g != ("<s>",))
    p = [{}]
    for w in known + ["</s>", "<unk>"]:
        p[0][(w,)] = (counts[0][(w,)] + 0.5) / (total + 0.5 * (len(known) + 2))
    p[0][("<s>",)] = 1e-99
    follow = [collections.defaultdict(lambda: [0, 0]) for _ in range(order)]
    for n in range(1, order):
        for g, c in counts[n].items():
            follow[n][g[:-1]][0] += c
            follow[n][g[:-1]][1] += 1
    known_set = set(known) | {"<s>", "</s>"}
    for n in range(1, order):
        p.append({})
        for g, c in counts[n].items():
            if all(w in known_set for w in g):
                f = follow[n][g[:-1]]
                p[n][g] = (c + f[1] * p[n - 1][g[1:]]) / (f[0] + f[1])
    with open(path, "w", encoding="utf-8") as out:
        out.write("\\data\\\n" + "".join(f"ngram {n + 1}={len(q)}\n" for n, q in enumerate(p)) + "\n")
        for n, q in enumerate(p):
            out.write(f"\\{n + 1}-grams:\n")
            for g, v in q.items():
                line = f"{math.log10(v):.6f}\t{' '.join(g)}"
                if n + 1 < order and g[-1] != "</s>":
                    f = follow[n + 1].get(g)
                    line += f"\t{math.log10(f[1] / (f[0] + f[1])) if f else 0:.6f}"
                out.write(line + "\n")
            out.write("\n")
        out.write("\\end\\\n")


def make_models():
    text = random.Random(1)
    sentences = []
    for _ in range(200):
        s = []
        for _ in range(text.randint(1, 3)):
            s += ids_of(sentence(text))
        sentences.append(s)
    for order in (2, 3, 6):
        path = os.path.join(HERE, f"lm_{order}")
        arpa(path + ".arpa", order, sentences)
        subprocess.run([BUILD_BINARY, "probing", path + ".arpa", path + ".kenlm"], check=True)
        os.remove(path + ".arpa")


# ---- scores -----------------------------------------------------------------
def row(few, rest=-12.0):
    """A row: the few {id: score} in 65536ths, no two alike, and the rest."""
    out, seen = [], set()
    for i, v in sorted(few.items()):
        v = round(v * SCALE)
        while v in seen:
            v += 1
        seen.add(v)
        out += [i, v]
    return [round(rest * SCALE)] + out


def like(i, r):
    """A piece that may be heard for i."""
    return r.choice([r.randrange(4, VOCAB), r.randrange(4, 120), (i + r.choice([1, -1, 2]) - 4) % (VOCAB - 4) + 4])


def spoken(ids, r, sharp, end):
    """Rows as MedASR's own are: runs of one to three frames, mostly no blank
    between tokens, the blank mostly second, one to three candidates."""
    frames, last = [], None
    for i in ids:
        blanks = r.choice([0, 0, 0, 1, 1, 2, 3, r.randint(1, 9)])
        frames += [0] * max(blanks, 1 if i == last else 0)
        frames += [i] * r.choices([1, 2, 3], [30, 130, 11])[0]
        last = i
    frames += [0] * r.randint(0, 4)
    out = []
    for f in frames:
        few = {f: 14.0}
        for _ in range(r.choices([0, 1, 2, 4], sharp)[0]):
            other = 0 if f and r.random() < 0.66 else like(f, r)
            few.setdefault(other, 14 - abs(r.gauss(0, 2.5)))
        if r.random() < 0.08:  # an error of the network
            few[like(f, r)] = 14 + r.random()
        out.append(row(few))
    if end:
        out.append(row({2: 14.0, 0: r.uniform(2, 14)}))
    return out


def report(r):
    return [i for _ in range(r.randint(1, 3)) for i in ids_of(sentence(r))]


def from_network(logits):
    out = []
    for x in logits.astype(np.float64):
        top = x.max()
        few = {int(i): x[i] for i in np.flatnonzero(x >= top - 9)}
        others = np.delete(x, list(few))
        out.append(row(few, math.log(np.exp(others).mean())))
    return out


def utterances():
    for n in range(110):
        yield f"spoken {n}", spoken(report(rng), rng, [283, 199, 116, 0], n % 2 == 0)
    for n in range(40):
        yield f"mumbled {n}", spoken(report(rng)[:25], rng, [50, 100, 150, 200], n % 3 == 0)
    for n in range(20):
        yield f"random {n}", [row({i: rng.gauss(0, 3) for i in rng.sample([0, *range(4, VOCAB)] + [1, 2] * (n % 2), 40)}, -9)
                              for _ in range(rng.randint(3, 25))]
    for n in range(12):  # few ids, so that paths part and meet again
        some = [0, *rng.sample(range(4, VOCAB), 3)]
        yield f"few {n}", [row({i: rng.gauss(0, 1 + n % 3) for i in some}) for _ in range(40)]
    long = [i for i in range(4, VOCAB) if len(PIECES[i]) > 6]
    for n in range(8):
        yield f"long pieces {n}", spoken([rng.choice(long if rng.random() < 0.6 else range(4, VOCAB)) for _ in range(12)],
                                         rng, [30, 100, 100, 30], n % 2 == 0)
    for n in range(16):  # ids that are never shown, everywhere
        ids = [rng.choice([1, 2, 2, 2] if n % 4 else [3]) if rng.random() < 0.3 else rng.randrange(4, 60) for _ in range(15)]
        yield f"special {n}", spoken(ids, rng, [50, 100, 100, 50], n % 2 == 0)
    yield "one frame", [row({7: 3.0, 0: 2.5})]
    yield "one blank", [row({0: 3.0})]
    yield "silence", [row({0: 12.0}) for _ in range(30)]
    yield "almost silence", [row({0: 12.0, 9: 8.0}) for _ in range(10)]
    yield "an end alone", [row({2: 12.0, 0: 8.0})]
    yield "flat", [row({9: 0.01, 30: 0.005}, 0) for _ in range(6)]
    yield "far below", [row({9: 0.0, 0: -20.0, 31: -34.0}, -60) for _ in range(4)]
    for path in sorted(glob.glob(os.path.join(LOGITS, "*.npy"))):
        rows, name = from_network(np.load(path)), os.path.basename(path)[:2]
        if len(rows) < 400:
            yield f"sample {name}", rows
        for n, start in enumerate(range(0, len(rows), 90)):
            yield f"sample {name} from {start}", rows[start:start + rng.randint(60, 120)]


def dense(rows):
    x = np.zeros((len(rows), VOCAB), np.float32)
    for t, r in enumerate(rows):
        x[t] = r[0] / SCALE
        for i, v in zip(r[1::2], r[2::2]):
            x[t, i] = v / SCALE
    return x


# ---- the reference ----------------------------------------------------------
def labels():
    out = [""]
    for p in PIECES[1:]:
        out.append(p if p.startswith("<") or p.endswith(">") else "▁" + word(p))
    return out


def cases(n):
    yield dict(lm=0, width=8)
    yield dict(lm=6, width=8)
    o = dict(lm=rng.choice([2, 3, 6]), width=rng.choice([1, 2, 3, 5, 12, 24]),
             alpha=rng.choice([0.0, 0.2, 0.5, 1.0, 2.0]), beta=rng.choice([-1.0, 0.0, 1.5, 3.0]),
             prune=rng.choice([-10.0, -4.0, -20.0]), least=rng.choice([-5.0, -2.0, -7.0]),
             unknown=rng.choice([-10.0, -3.0, 0.0, -15.0]), open=n % 3 == 0)
    yield o
    if n % 4 == 0:
        yield dict(lm=0, width=rng.choice([1, 2, 20]), prune=rng.choice([-3.0, -25.0]), least=-6.0)


def decode(x, lm=6, width=8, alpha=0.5, beta=1.5, prune=-10.0, least=-5.0, unknown=-10.0, open=False):
    path = os.path.join(HERE, f"lm_{lm}.kenlm") if lm else None
    key = (lm, alpha, beta, unknown, open)
    if key not in decoders:
        decoders[key] = build_ctcdecoder(labels(), path, alpha=alpha, beta=beta, unk_score_offset=unknown,
                                         lm_score_boundary=not open)
    beams = decoders[key].decode_beams(x, beam_width=width, beam_prune_logp=prune, token_min_logp=least)
    assert len(beams[0]) == 5 and isinstance(beams[0][3], float)  # summed in float64
    return [[text, round(float(logit), 7), round(float(score), 7)] for text, _, _, logit, score in beams]


decoders = {}
make_models()
golden = {"pieces": PIECES, "utterances": []}
for n, (name, rows) in enumerate(utterances()):
    found = [{**case, "beams": decode(dense(rows), **case)} for case in cases(n)]
    golden["utterances"].append({"name": name, "rows": rows, "cases": found})
with gzip.GzipFile(os.path.join(HERE, "beam.json.gz"), "wb", mtime=0) as out:
    out.write(json.dumps(golden, ensure_ascii=False, separators=(",", ":")).encode())
print(len(golden["utterances"]), "utterances,", sum(len(u["cases"]) for u in golden["utterances"]), "cases,",
      sum(len(c["beams"]) for u in golden["utterances"] for c in u["cases"]), "beams")
