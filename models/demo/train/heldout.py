"""Keeps the test sets' sentences out of everything that is trained."""

import re
from functools import cache

import work

# A sentence of fewer words is everybody's: "No acute fracture."
WORDS = 5
END = re.compile(r"\{(?:period|question mark|new paragraph)\}|[.?](?:\s|$)|\[[A-Z0-9 _]+\]")


def normal(s):
    """Google's quick-start normaliser: what is compared as words."""
    return " ".join(re.sub(r"[^ a-z0-9']", " ", s.lower()).split())


def parts(written):
    """The sentences of a text, normalised, the same whether marks and heads are said or not."""
    pieces = (normal(re.sub(r"\{[a-z ]+\}", " ", piece)) for piece in END.split(written))
    return {n for n in pieces if len(n.split()) >= WORDS}


@cache
def sentences():
    """Every sentence of the test sets that there are."""
    found = frozenset()
    for which in ("medical", "general"):
        if work.path(f"text/{which}-test.jsonl").exists():
            found |= frozenset().union(*(parts(t["written"]) for t in work.read_lines(f"text/{which}-test.jsonl")))
    return found


def tested(written):
    """Whether a text shares a sentence with a test set."""
    return not parts(written).isdisjoint(sentences())


@cache
def spoken():
    """Every sentence that was spoken for training, whatever the texts were meant to avoid."""
    found = set()
    for path in sorted(work.path("speech").glob("*.jsonl")):
        for line in work.read_lines(f"speech/{path.name}"):
            found |= parts(line["written"])
    return found


def heard(written):
    """Whether a text shares a sentence with what was spoken for training."""
    return not parts(written).isdisjoint(spoken())
