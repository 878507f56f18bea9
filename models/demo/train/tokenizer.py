"""Trains the demo model's Unigram vocabulary, in the layout of MedASR's.

    python tokenizer.py [folder]

Reads all text/*written.txt of the work folder, writes its folder tokenizer.
Ids: 0 <epsilon> (blank), 1 <s>, 2 </s>, 3 <unk>, 4 ▁, then 507 pieces by
falling score. Digits, braces and brackets are single pieces; the words of
section heads and of dictated marks are one piece each.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from work import ROOT

VOCABULARY = 512
SPECIAL = ["<epsilon>", "<s>", "</s>", "<unk>"]
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;?!-/%'()+[]{}"
MARKS = "period comma colon semicolon question ▁mark new ▁paragraph".split()
SPACE_SCORE, BRACE_SCORES = -3.5, {"}": -3.1, "▁{": -3.2, "]": -4.5, "▁[": -5.2, "[": -9.0, "{": -9.0}
LONGEST = 12  # characters of a piece
HEADS = "FINDINGS IMPRESSION INDICATION TECHNIQUE COMPARISON EXAM".split()  # always one piece
OTHER_HEADS = 40  # words of other section heads that get a piece at most


def head_words(lines):
    """The commonest words within [brackets], as pieces: the first of a head bare, others after ▁."""
    words = Counter()
    for line in lines:
        for head in re.findall(r"\[([A-Z0-9 _/&-]+)\]", line):
            first, *rest = head.split()
            words.update([first] + ["▁" + word for word in rest])
    common = [word for word, count in words.most_common(OTHER_HEADS) if count >= 20 and not re.search(r"\d", word)]
    return HEADS + [word for word in common if word not in HEADS]


def ordinary_text(lines):
    """The lines without heads and marks, which get their pieces by decree."""
    for line in lines:
        yield re.sub(r"\[[A-Z0-9 _/&-]+\]|\{[a-z ]+\}", " ", line)


def train_unigram(lines, pieces):
    """Trained (piece, score) pairs, at most this many, single digits and marks never joined."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(),
        pre_tokenizers.Metaspace("▁", "always", True),
        pre_tokenizers.Split(Regex(r"[^\p{L}'▁]"), "isolated"),
    ])
    trainer = trainers.UnigramTrainer(
        vocab_size=pieces, show_progress=False, initial_alphabet=list(ALPHABET + "▁"), max_piece_length=LONGEST,
        shrinking_factor=0.75, unk_token="<unk>", special_tokens=["<unk>"],
    )
    tokenizer.train_from_iterator(ordinary_text(lines), trainer)
    vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
    return {piece: score for piece, score in vocabulary if piece not in ("<unk>", "▁")}


def vocabulary(lines):
    """The 512 (piece, score) pairs in the order of their ids."""
    decreed = {word: -5.5 for word in MARKS} | {word: -6.5 for word in head_words(lines)} | BRACE_SCORES
    room = VOCABULARY - len(SPECIAL) - 1
    trained = train_unigram(lines, room)
    letters = {letter: trained.get(letter, -12.0) for letter in ALPHABET}
    scores = letters | decreed
    for piece, score in sorted(trained.items(), key=lambda pair: -pair[1]):
        if len(scores) < room and usable(piece):
            scores.setdefault(piece, score)
    ordered = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    fillers = [(f"<unused_{n}>", -20.0) for n in range(room - len(ordered))]
    return [(piece, 0.0) for piece in SPECIAL] + [("▁", SPACE_SCORE)] + ordered + fillers


def usable(piece):
    return all(letter in ALPHABET + "▁" for letter in piece) and not re.search(r"[0-9{}\[\]]", piece[1:])


def save(pairs, folder):
    """Writes tokenizer.json and tokenizer_config.json as transformers' LasrProcessor reads them."""
    from transformers import LasrTokenizer

    tokenizer = LasrTokenizer(vocab=pairs, pad_token="<epsilon>", bos_token="<s>")
    tokenizer.save_pretrained(folder)
    path = Path(folder) / "tokenizer_config.json"
    settings = json.loads(path.read_text()) | {"processor_class": "LasrProcessor", "tokenizer_class": "LasrTokenizer"}
    path.write_text(json.dumps(settings, indent=2, ensure_ascii=False, sort_keys=True) + "\n")


class Pieces:
    """Text to ids (with </s> at the end) and greedy ids to text."""

    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))

    def ids(self, text):
        return self.tokenizer.encode(text).ids

    def text(self, frames):
        """Greedy CTC decoding of one clip's ids per frame."""
        kept = [b for a, b in zip([0] + list(frames), frames) if a != b and b > 3]
        return "".join(self.tokenizer.id_to_token(i) for i in kept).replace("▁", " ")[1:]


def main(folder=ROOT / "tokenizer"):
    lines = [line for path in sorted(ROOT.glob("text/*written.txt")) for line in path.read_text().splitlines()]
    Path(folder).mkdir(parents=True, exist_ok=True)
    save(vocabulary(lines), folder)
    pieces = Pieces(folder)
    sample = lines[:: max(1, len(lines) // 2000)]
    tokens, words = sum(len(pieces.ids(line)) for line in sample), sum(len(line.split()) for line in sample)
    unknown = Counter(letter for line in sample for letter in line if 3 in pieces.ids(letter))
    print(f"{folder}: {tokens / words:.2f} pieces per word; without a piece: {dict(unknown)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
