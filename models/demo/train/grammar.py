"""The grammar that every text of the demonstration model comes from.

A text is drawn once and has two forms that cannot disagree: what is *written*
("{period}", "L4-L5", "3 mm") and what is *spoken* ("period", "L four L five",
"three millimeters"). The lists stand in grammar/*.txt; README.md describes
their notation. `python grammar.py check` names what is undefined or never used
and prints samples.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numbers_spoken

FOLDER = Path(__file__).parent / "grammar"
MARKS = {".": "period", ",": "comma", ":": "colon", ";": "semicolon", "?": "question mark"}
# Letters whose names begin with a vowel: "an M R".
VOWEL_LETTERS = set("AEFHILMNORSX")
UNIT = re.compile(
    r"<(?P<written>[^<>|]*)\|(?P<spoken>[^<>|]*)>"
    r"|\^(?P<head>[A-Z][A-Z0-9_]*(?:_[A-Z0-9]+)*)"
    r"|(?P<paragraph>¶)|(?P<article>a~)"
    r"|(?P<mark>[.,:;?])(?=\s|$)"
    r"|(?P<word>[^\s<>^¶]+?)(?=[.,:;?](?:\s|$)|[\s<>^¶]|$)"
    r"|(?P<space>\s+)"
)


@dataclass(frozen=True)
class Text:
    kind: str  # the list it was drawn from, without "top."
    mode: str  # "dictated": marks are said; "plain": they are not
    held: bool  # from a template that training never sees
    written: str
    spoken: str  # words, and commas and full stops where a synthesiser should pause


@dataclass
class Alternative:
    weight: float
    held: bool
    nodes: list
    source: str


class Grammar:
    """All lists of a folder. Drawing is a pure function of the generator given."""

    def __init__(self, folder=FOLDER):
        self.lists = {}
        for path in sorted(Path(folder).glob("*.txt")):
            self._read(path)
        self._pools = {}

    def _read(self, path):
        name = None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if re.fullmatch(r"[a-z0-9_.]+:", line):
                name = line[:-1]
                self.lists.setdefault(name, [])
                continue
            if name is None:
                raise ValueError(f"{path.name}:{number}: an alternative before the first list")
            try:
                self.lists[name].append(alternative(line))
            except ValueError as error:
                raise ValueError(f"{path.name}:{number}: {error}") from None

    def pool(self, name, held):
        """The alternatives of a list, or of all lists below a prefix, with their summed weights."""
        key = (name, held)
        if key not in self._pools:
            found = [a for n, l in self.lists.items() if n == name or n.startswith(name + ".") for a in l]
            if held == "only":
                found = [a for a in found if a.held]
            elif not held:
                found = [a for a in found if not a.held]
            if not found:
                raise KeyError(f"no list {name!r} (held: {held})")
            self._pools[key] = (found, [a.weight for a in found])
        return self._pools[key]

    def expand(self, name, rng, held=False):
        alternatives, weights = self.pool(name, held)
        return self._text(rng.choices(alternatives, weights)[0].nodes, rng, bool(held))

    def _text(self, nodes, rng, held):
        return "".join(self._node(node, rng, held) for node in nodes)

    def _node(self, node, rng, held):
        what, value = node
        if what == "text":
            return value
        if what == "choice":
            return self._text(rng.choice(value), rng, held)
        if what == "list":
            return self.expand(value, rng, held)
        name, arguments = value
        return numbers_spoken.FUNCTIONS[name](rng, *arguments)

    def draw(self, name, rng, held=False, dictated=None):
        """One text of a list. held: "only" for templates training never sees."""
        if dictated is None:
            dictated = rng.random() < 0.6
        source = self.expand(name, rng, held)
        kind = name.removeprefix("top.")
        return Text(kind, "dictated" if dictated else "plain", held == "only", *render(source, rng, dictated, kind != "command"))

    def tops(self):
        return sorted(name for name in self.lists if name.startswith("top."))


def alternative(line):
    held = line.startswith("!")
    line = line.lstrip("! ")
    weight = re.match(r"(\d+(?:\.\d+)?)\*\s*", line)
    if weight:
        line = line[weight.end():]
    nodes, end = parse(line, 0, False)
    if end != len(line):
        raise ValueError("a closing bracket too many")
    return Alternative(float(weight[1]) if weight else 1.0, held, nodes, line)


def parse(line, at, inside):
    """The nodes of a line from `at` to its end or, inside a choice, to | or )."""
    nodes = []
    while at < len(line):
        if inside and line[at] in "|)":
            break
        if line[at] == "<":
            end = line.index(">", at) + 1
            nodes.append(("text", line[at:end]))
            at = end
        elif line[at] == "(":
            options = []
            while True:
                option, at = parse(line, at + 1, True)
                options.append(option)
                if at >= len(line):
                    raise ValueError("a choice without its closing bracket")
                if line[at] == ")":
                    break
            nodes.append(("choice", options))
            at += 1
        elif line[at] == "$":
            node, at = reference(line, at)
            nodes.append(node)
        elif line[at] == ")":
            break
        else:
            end = re.compile(r"[<($)|]" if inside else r"[<($)]").search(line, at + 1)
            end = end.start() if end else len(line)
            nodes.append(("text", line[at:end]))
            at = end
    return nodes, at


def reference(line, at):
    call = re.compile(r"\$([a-z0-9]+)\(([^()]*)\)").match(line, at)
    if call and call[1] in numbers_spoken.FUNCTIONS:
        arguments = tuple(float(a) if "." in a else int(a) for a in call[2].split(",") if a.strip())
        return ("call", (call[1], arguments)), call.end()
    name = re.compile(r"\$([a-z0-9_]+(?:\.[a-z0-9_]+)*)").match(line, at)
    if not name:
        raise ValueError(f"no name after $ in {line[at:at + 20]!r}")
    return ("list", name[1]), name.end()


def render(source, rng, dictated, sentences=True):
    """Written and spoken form of an expanded source. With sentences false
    (commands) the first letter stays small unless there is a full stop."""
    units = [(m.lastgroup if m.lastgroup != "spoken" else "dual", m) for m in UNIT.finditer(source)]
    units = [(kind, m) for kind, m in units if kind != "space"]
    written, spoken = [], []
    capital = sentences or bool(re.search(r"[.?](\s|$)", source))
    glue = False  # the last unit was directly followed by this one
    last = 0
    for index, (kind, m) in enumerate(units):
        glue = index > 0 and source[last:m.start()] == "" and kind in ("word", "dual") and units[index - 1][0] not in ("mark", "head", "paragraph")
        last = m.end()
        if kind == "head":
            name = m["head"].replace("_", " ")
            written.append(f"[{name}]")
            spoken.append(name.lower() + ("" if dictated else "."))
            capital = True
            continue
        if kind == "paragraph":
            if dictated:
                written.append("{new paragraph}")
                spoken.append("new paragraph" + rng.choice(["", ".", ","]))
            capital = True
            continue
        if kind == "mark":
            after_head = index > 0 and units[index - 1][0] == "head"
            capital = mark(m["mark"], written, spoken, rng, dictated, after_head) or capital
            continue
        if kind == "article":
            w = s = article(following(units, index))
        else:
            w, s = (m["written"], m["spoken"]) if kind == "dual" else (m["word"], said(m["word"]))
        if capital and w[:1].isalpha():
            w = w[0].upper() + w[1:]
        capital = capital and not w[:1].isalnum()
        if glue:
            written[-1] += w
            spoken[-1] += ("" if s.startswith("'") or not s else " ") + s
        else:
            written.append(w)
            spoken.append(s)
    return " ".join(w for w in written if w), " ".join(" ".join(spoken).split())


def mark(sign, written, spoken, rng, dictated, after_head):
    """Appends a mark; says whether a capital follows."""
    if after_head:
        if dictated and rng.random() < 0.6:
            written.append("{colon}")
            spoken.append("colon")
        return True
    if dictated:
        written.append("{" + MARKS[sign] + "}")
        # People pause before or after a mark they say, or not at all.
        if spoken and rng.random() < 0.3:
            spoken[-1] += ","
        spoken.append(MARKS[sign] + rng.choice(["", "", ",", "." if sign in ".?" else ","]))
    else:
        written[-1:] = [(written[-1] if written else "") + sign]
        spoken[-1:] = [(spoken[-1] if spoken else "") + ("," if sign in ":;" else sign)]
    return sign in ".?:"


def said(word):
    return word.replace("-", " ")


def following(units, index):
    for kind, m in units[index + 1:]:
        if kind == "dual" and m["spoken"]:
            return m["spoken"]
        if kind == "word":
            return m["word"]
    return ""


def article(word):
    first = word.split()[0] if word.split() else ""
    if re.fullmatch(r"[A-Z]", first):
        return "an" if first in VOWEL_LETTERS else "a"
    low = first.lower()
    if re.match(r"(uni|use|usu|uter|ure|uri|eu|one\b|once|ubi)", low):
        return "a"
    if re.match(r"(hour|honest|heir)", low):
        return "an"
    return "an" if low[:1] in "aeiou" else "a"


def references(nodes):
    for what, value in nodes:
        if what == "list":
            yield value
        elif what == "choice":
            for option in value:
                yield from references(option)


def check():
    import random

    grammar = Grammar()
    grammar.lists["word"] = [alternative("word")]  # text.py fills it from WordNet
    used, wrong = set(), 0
    for name, alternatives in grammar.lists.items():
        for a in alternatives:
            for other in references(a.nodes):
                used.add(other)
                if not any(n == other or n.startswith(other + ".") for n in grammar.lists):
                    print(f"undefined ${other} in {name}: {a.source}")
                    wrong += 1
    for name in grammar.lists:
        if not name.startswith(("top.", "report.")) and not any(name == u or name.startswith(u + ".") for u in used):
            print(f"never used: {name}")
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for name in grammar.tops():
        everything, held = grammar.lists[name], [a for a in grammar.lists[name] if a.held]
        print(f"-- {name}: {len(everything)} templates, {len(held)} held")
        for how in [False, "only"] if held and not wrong else [] if wrong else [False]:
            try:
                t = grammar.draw(name, rng, how)
            except (KeyError, IndexError, AttributeError, TypeError) as error:
                print("   ERROR", error)
                wrong += 1
                continue
            print(f"   {'!' if how else ' '} {t.written}\n     {t.spoken}")
    tops = sum(len(grammar.lists[n]) for n in grammar.tops())
    print(f"{len(grammar.lists)} lists, {sum(map(len, grammar.lists.values()))} alternatives, {tops} top templates, {wrong} errors")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(check())
