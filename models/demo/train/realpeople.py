"""Recordings of real people, for test set (e) alone: fetched when they are needed, never committed.

Three Debian packages, installed or fetched with apt-get: pocketsphinx-testdata
(BSD-2; a LibriVox reader and a man naming cards) and, for one professional
speaker's telephone prompts, asterisk-core-sounds-en-g722 (CC BY-SA 3.0) with the
texts of asterisk-core-sounds-en. All are general English, none is medical.
"""

import gzip
import re
import subprocess
from pathlib import Path

import numpy as np
import soundfile

import work

PACKAGES = ("pocketsphinx-testdata", "asterisk-core-sounds-en", "asterisk-core-sounds-en-g722")
SPHINX = "usr/share/pocketsphinx/test/data"
PROMPTS = "usr/share/asterisk/sounds/en_US_f_Allison"
TEXTS = "usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz"
NUMBERS = {w: str(n) for n, w in enumerate("zero one two three four five six seven eight nine ten".split())}
# Prompts with numbers have two right spellings, so they are left out.
NUMBER = re.compile(rf"\d|\b({'|'.join(NUMBERS)}|touchtone)\b", re.IGNORECASE)
PLAIN = re.compile(r"[A-Za-z',.?!;: -]+")
ACRONYM = re.compile(r"\b[A-Z]{2,}\b|\b[A-Za-z] [A-Z]\b|www")


def folder():
    """Where the packages' files are: / if they are installed, else unpacked in the work folder."""
    if (Path("/") / TEXTS).exists() and (Path("/") / SPHINX).exists() and (Path("/") / PROMPTS).exists():
        return Path("/")
    unpacked = work.downloads() / "debian"
    unpacked.mkdir(parents=True, exist_ok=True)
    if not (unpacked / PROMPTS).exists():
        subprocess.run(["apt-get", "download", *PACKAGES], cwd=unpacked, check=True)
        for package in sorted(unpacked.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", package, unpacked], check=True)
    return unpacked


def recordings():
    """(source, voice, text, float32 samples at 16 kHz) of every recording that is used."""
    root = folder()
    yield from sphinx(root, "librivox", lambda text: text)
    yield from sphinx(root, "cards", lambda text: " ".join(NUMBERS.get(w, w) for w in text.split()))
    yield from prompts(root)


def sphinx(root, source, spelling):
    for line in next((root / SPHINX / source).glob("*transcription")).read_text().splitlines():
        text, name = re.fullmatch(r"<s>\s*(.*?)\s*</s>\s*\((.*)\)", line).groups()
        samples, _ = soundfile.read(root / SPHINX / source / f"{name}.wav", dtype="float32")
        yield source, source, spelling(text), samples


def prompts(root):
    seen = set()
    for line in gzip.open(root / TEXTS, "rt", encoding="utf-8"):
        name, _, text = line.strip().partition(": ")
        text = " ".join(text.replace("...", " ").split())
        words = re.sub(r"[^a-z' ]", "", text.lower())
        if not PLAIN.fullmatch(text) or NUMBER.search(text) or ACRONYM.search(text) or len(words.split()) < 4 or words in seen:
            continue
        seen.add(words)
        yield "prompts", "allison", text, g722(root / PROMPTS / f"{name}.g722")


def g722(path):
    """ITU G.722 at 64 kbit/s, decoded by ffmpeg."""
    out = subprocess.run(["ffmpeg", "-v", "error", "-f", "g722", "-i", path, "-f", "f32le", "-ac", "1", "-ar", "16000", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(out, np.float32)
