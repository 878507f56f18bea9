"""Trains the 6-gram of pieces: `python lm.py [--words 4e6] [--megabytes 8]` writes lm/lm_6.kenlm.

The units are the tokenizer's pieces, as in Google's lm_6 ("#" for the space,
decoding.label). Modified Kneser-Ney with discounts per order, interpolated
(Chen & Goodman 1998), by KenLM's lmplz; n-grams seen too seldom are left out,
the smallest of CUTS that makes the probing binary fit. The text is drawn from the
grammar, never a sentence of the test sets, never a held-out template: seven
parts medical and three general, some of it several sentences or whole reports.
Perplexities of every cut go to lm/table.json and, as a table, to the screen.
"""

import argparse
import itertools
import json
import random
import re
import subprocess
from pathlib import Path

import kenlm
from tokenizers import Tokenizer

import heldout
import text
import work
from decoding import label
from kenlm_tools import program

SEED = 6006
MEDICAL = 0.7
# Kinds of a line: one text, two to four of one mode, a whole report.
SHAPES = {"one": 74, "several": 22, "report": 4}
# Least count of the n-grams of orders 1 to 6 that is still left out.
CUTS = [(0, c // 2, c, 2 * c, 3 * c, 4 * c) for c in (1, 2, 3, 4, 5, 6, 8, 12, 20)]
MULTIPLIER = "1.5"  # of the probing table, KenLM's default


class Pieces:
    """Texts to words of the language model."""

    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        names = sorted(self.tokenizer.get_vocab().items(), key=lambda pair: pair[1])
        self.labels = [label(name) for name, _ in names]

    def __call__(self, written):
        """None where a character has no piece."""
        ids = self.tokenizer.encode(written).ids
        return None if 3 in ids else " ".join(self.labels[i] for i in ids if i > 3)


def drawn(draw, words):
    """Written lines, about so many words in all."""
    rng, reports = random.Random(SEED), sorted(n for n in draw.grammar.lists if n.startswith("report."))
    while words > 0:
        which = "medical" if rng.random() < MEDICAL else "general"
        shape = rng.choices(list(SHAPES), SHAPES.values())[0] if which == "medical" else "one"
        if shape == "report":
            line = draw.grammar.draw(rng.choice(reports), rng).written
        else:
            dictated = None if shape == "one" else rng.random() < 0.6
            line = " ".join(draw.text(which, dictated=dictated).written for _ in range(rng.randint(2, 4) if shape == "several" else 1))
        words -= len(line.split())
        yield line


def unseen(written):
    """A line without the sentences of the test sets: most reports share one with them."""
    sentences = re.split(r"(?<=\{period\}) |(?<=[.?]) ", written)
    return " ".join(s for s in sentences if not heldout.tested(s))


def write_text(words):
    """lm/written.txt; delete it after a change of the grammar."""
    with work.whole("lm/written.txt") as f:
        f.writelines(line + "\n" for line in drawn(text.Draw(SEED, heldout.tested), words))


def write_corpus(pieces):
    """lm/corpus.txt, the text in pieces, without the sentences of the test sets."""
    with open(work.path("lm/written.txt"), encoding="utf-8") as written, work.whole("lm/corpus.txt") as f:
        for line in written:
            said = pieces(unseen(line.strip()))
            if said:
                f.write(said + "\n")
        # Each piece once alone, so that none is out of vocabulary.
        f.writelines(name + "\n" for name in pieces.labels[4:] if not name.startswith("<"))


def arpa(cut, path):
    """Trains with a cut and returns how many n-grams of each order there are."""
    command = [program("lmplz"), "-o", "6", "-S", "25%", "-T", str(path.parent), "--discount_fallback", "--prune", *map(str, cut)]
    with open(work.path("lm/corpus.txt")) as corpus, open(path, "w") as out:
        subprocess.run(command, stdin=corpus, stdout=out, stderr=subprocess.DEVNULL, check=True)
    with open(path) as f:
        heads = [next(f) for _ in range(8)]
    return [int(h.split("=")[1]) for h in heads if "=" in h]


def perplexity(model, pieces, texts):
    """Per piece and per word, sentence ends included."""
    logarithm = tokens = words = 0
    for written in texts:
        said = pieces(written)
        if said:
            logarithm -= model.score(said)
            tokens += len(said.split()) + 1
            words += len(written.split())
    return {"piece": round(10 ** (logarithm / tokens), 3), "word": round(10 ** (logarithm / words), 2)}


def held_out():
    """Test texts by what they have in common with the training text."""
    medical, general = work.read_lines("text/medical-test.jsonl"), work.read_lines("text/general-test.jsonl")
    sentences = [t for t in medical if not t["id"].startswith("report.")]
    return {
        "seen templates": [t["written"] for t in sentences if not t["held"]],
        "held-out templates": [t["written"] for t in sentences if t["held"]],
        "reports": [t["written"] for t in medical if t["id"].startswith("report.")],
        "general": [t["written"] for t in general],
    }


def binary(path):
    """The ARPA file in KenLM's probing layout, beside it."""
    made = path.with_suffix(".kenlm")
    subprocess.run([program("build_binary"), "-p", MULTIPLIER, "probing", path, made], check=True, capture_output=True)
    return made


def alike(first, second, lines):
    """Raises if the two files score any of the lines differently."""
    quiet = kenlm.Config()
    quiet.show_progress = False
    a, b = kenlm.Model(str(first), quiet), kenlm.Model(str(second), quiet)
    worst = max(abs(a.score(line) - b.score(line)) for line in lines)
    print(f"{first.name} and {second.name}: {len(lines)} lines scored alike within {worst:.2g}")
    if worst > 1e-4:
        raise SystemExit("the binary is not the ARPA file's model")


def table(rows):
    names = list(rows[0]["perplexity"])
    lines = ["| cut | n-grams | MB | " + " | ".join(f"{n}: piece, word" for n in names) + " |", "|" + " --- |" * (3 + len(names))]
    for row in rows:
        cells = [f"{p['piece']:.2f}, {p['word']:.1f}" for p in row["perplexity"].values()]
        lines.append(f"| {' '.join(map(str, row['cut']))} | {sum(row['counts'])} | {row['bytes'] / 1e6:.2f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tokenizer", default=str(work.ROOT / "tokenizer"), help="folder of tokenizer.json")
    options.add_argument("--words", type=float, default=4e6)
    options.add_argument("--megabytes", type=float, default=8)
    given = options.parse_args()
    pieces = Pieces(Path(given.tokenizer))
    if not work.path("lm/written.txt").exists():
        write_text(given.words)
    write_corpus(pieces)
    rows = []
    for cut in CUTS:
        rows.append(trial(cut, pieces, given.megabytes * 1e6))
        print(table(rows) if len(rows) == 1 else table(rows).splitlines()[-1], flush=True)
    best = next(row for row in rows if row["fits"])
    keep(best["cut"], pieces)
    with work.whole("lm/table.json") as f:
        json.dump({"rows": rows, "chosen": best}, f, indent=1)


def trial(cut, pieces, most):
    """A model with this cut: its size and its perplexities."""
    path = work.path("lm/trial.arpa")
    counts = arpa(cut, path)
    made = binary(path)
    model = kenlm.Model(str(made))
    measured = {name: perplexity(model, pieces, texts) for name, texts in held_out().items()}
    size = made.stat().st_size
    path.unlink(), made.unlink()
    return {"cut": cut, "counts": counts, "bytes": size, "fits": size <= most, "perplexity": measured}


def keep(cut, pieces):
    """lm/lm_6.arpa and, when it scores a thousand lines alike, lm/lm_6.kenlm."""
    path = work.path("lm/lm_6.trial.arpa")
    arpa(cut, path)
    made = binary(path)
    with open(work.path("lm/corpus.txt")) as f:
        alike(path, made, list(itertools.islice(f, 1000)))
    path.replace(work.path("lm/lm_6.arpa"))
    made.replace(work.path("lm/lm_6.kenlm"))


if __name__ == "__main__":
    main()
