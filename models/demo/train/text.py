"""Draws the texts: `python text.py general` and `python text.py medical` write,
in the work folder,

  text/<which>-test.jsonl   the sentences of the test sets
  text/<which>.jsonl        what is spoken for training
  text/<which>-written.txt  a lot more written text, for the tokenizer

A line of the first two: {"id", "kind", "mode", "held", "written", "spoken"}.
No sentence of five words or more of a test text occurs in any other file, nor
in the language model's text (lm.py asks `Draw` for it).
"""

import json
import random
import re
import sys

import general
import heldout
import work
from grammar import Alternative, Grammar, Text, render

RADIOLOGY = re.compile(r"(ct|mr|xray|us|mammo|impression|technique|comparison|nuc|fluoro|ir|pet)(_|$)")
# Shares of the texts within each of the two files, per cent.
SHARES = {
    "medical": {"radiology": 31, "clinic": 27, "report": 12, "splice": 20, "title": 6, "command": 4},
    "general": {"prose": 74, "everyday": 16, "wordstring": 5, "letters": 5},
}
# Between words of a source, but not within <written|spoken>.
SPACES = re.compile(r"\s+(?![^<]*>)")
# What is written by its place: heads, paragraphs, small numbers left as words.
BY_PLACE = re.compile(r"\^|¶|(one|two|three|four|five|six|seven|eight|nine|ten)\b")
PROSE = {"address": 45, "wordnet": 45, "novel": 10}
TRAINING = 90_000
# Sentences of each test set; a third of the medical ones from held-out templates.
TESTS = {"medical": {"a": 160, "b": 160}, "general": {"general": 120}}
SEEDS = {"medical": 20261, "general": 20262}


class Draw:
    """Texts by kind in their shares; `refused` says of a written form that it may not be drawn."""

    def __init__(self, seed, refused=lambda written: False):
        self.rng = random.Random(seed)
        self.refused = refused
        self.grammar = Grammar()
        self.grammar.lists["word"] = [Alternative(w, False, [("text", word)], word) for w, word in general.words()]
        self.prose = {}
        for source, sentence in general.sentences(work.downloads()):
            self.prose.setdefault(source, []).append(sentence)
        self.prose["title"] = general.titles(work.downloads())
        tops = [t.removeprefix("top.") for t in self.grammar.tops()]
        own = ("command", "everyday", "wordstring", "letters")
        self.kinds = {k: [k] for k in own if k in tops}
        self.kinds["radiology"] = [t for t in tops if RADIOLOGY.match(t)]
        self.kinds["clinic"] = [t for t in tops if t not in own and not RADIOLOGY.match(t)]

    def text(self, which, held=False, dictated=None):
        """which: "medical", "general" or one share of them."""
        shares = SHARES.get(which, {which: 1})
        while True:
            t = self._text(self.rng.choices(list(shares), shares.values())[0], held, dictated)
            if 4 <= len(t.written) <= 230 and not self.refused(t.written):
                return t

    def _text(self, share, held, dictated):
        if share in ("prose", "title"):
            source = self.rng.choices(list(PROSE), PROSE.values())[0] if share == "prose" else share
            sentence = self.rng.choice(self.prose[source])
            spoken = self.rng.random() < 0.2 if dictated is None else dictated
            return Text(source, "dictated" if spoken else "plain", False, *render(sentence, self.rng, spoken))
        if share == "report":
            return self.excerpt(dictated)
        if share == "splice":
            return self.splice(dictated)
        name = self.kind(share)
        if held and not any(a.held for a in self.grammar.lists["top." + name]):
            held = False
        return self.grammar.draw("top." + name, self.rng, held, dictated)

    def kind(self, share):
        """A list of sentences of this share, the longer the likelier."""
        names = self.kinds[share]
        weights = [len(self.grammar.lists["top." + n]) ** 0.7 for n in names]
        return self.rng.choices(names, weights)[0]

    def splice(self, dictated):
        """Runs of a few words out of several sentences, so that words are known by their sound and not by their place."""
        words, longest = [], self.rng.randint(5, 18)
        while len(words) < longest:
            source = SPACES.split(self.grammar.expand("top." + self.kind(self.rng.choice(["radiology", "clinic"])), self.rng))
            first = self.rng.randrange(len(source))
            words += [word for word in source[first:first + self.rng.randint(1, 5)] if not BY_PLACE.match(word)]
        spoken = self.rng.random() < 0.6 if dictated is None else dictated
        return Text("splice", "dictated" if spoken else "plain", False, *render(" ".join(words), self.rng, spoken))

    def excerpt(self, dictated):
        """A few sentences in a row out of a whole report, which have the heads that single sentences lack."""
        name = self.rng.choice(sorted(n for n in self.grammar.lists if n.startswith("report.")))
        sentences = re.split(r"(?<=[.?])" + SPACES.pattern, self.grammar.expand(name, self.rng))
        first = self.rng.randrange(len(sentences))
        longest = self.rng.uniform(40, 200)
        last = first + 1
        while last < len(sentences) and len(" ".join(sentences[first:last + 1])) < longest:
            last += 1
        spoken = self.rng.random() < 0.6 if dictated is None else dictated
        return Text(name, "dictated" if spoken else "plain", False, *render(" ".join(sentences[first:last]), self.rng, spoken))


def tests(draw, which):
    for name, count in TESTS[which].items():
        for i in range(count):
            if which == "general":
                t = draw.text("prose" if i % 4 else "everyday")
            else:
                t = draw.text("radiology" if i % 2 else "clinic", "only" if i % 3 == 0 else False)
            yield f"{name}{i:03d}", t
    reports = sorted(n for n in draw.grammar.lists if n.startswith("report.")) if which == "medical" else []
    for name in reports:
        for dictated in (True, False):
            yield f"{name}_{'dictated' if dictated else 'plain'}", draw.grammar.draw(name, draw.rng, False, dictated)


def write(path, texts):
    with work.whole(path) as f:
        for name, t in texts:
            f.write(json.dumps({"id": name, "kind": t.kind, "mode": t.mode, "held": t.held, "written": t.written, "spoken": t.spoken}, ensure_ascii=False) + "\n")


def main(which):
    if not work.path(f"text/{which}-test.jsonl").exists():
        write(f"text/{which}-test.jsonl", tests(Draw(SEEDS[which]), which))
    draw = Draw(1, heldout.tested)
    write(f"text/{which}.jsonl", ((f"{which}{i:06d}", draw.text(which)) for i in range(TRAINING)))
    with work.whole(f"text/{which}-written.txt") as f:
        f.writelines(draw.text(which).written + "\n" for _ in range(100_000))


if __name__ == "__main__":
    main(sys.argv[1])
