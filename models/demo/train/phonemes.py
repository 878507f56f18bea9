"""Words to IPA, by espeak-ng: shared by Kokoro and Piper."""

import re
import subprocess

LETTER_A = re.compile(r"(?<![A-Za-z'])A(?= [A-Z]\b)|(?<=\b[A-Z] )A\b|^A$")


def transcribe(texts, accent="en-us"):
    """A list of IPA strings, one per text, punctuation kept between the clauses."""
    clauses, owners = [], []
    for i, text in enumerate(texts):
        for clause, sign in re.findall(r"([^.,?]+)([.,?]?)", LETTER_A.sub("[[eI]]", text)):
            if clause.strip():
                clauses.append(clause.strip())
                owners.append((i, sign))
    out = subprocess.run(["espeak-ng", "--ipa", "-q", "-v", accent], input="\n\n".join(clauses), capture_output=True, text=True, check=True).stdout
    lines = [re.sub(r"\([a-z-]+\)", "", line).strip() for line in out.splitlines() if line.strip()]
    if len(lines) != len(clauses):
        lines = [one(c, accent) for c in clauses]
    result = [""] * len(texts)
    for line, (i, sign) in zip(lines, owners):
        result[i] += ("" if not result[i] else " ") + line + sign
    return result


def one(clause, accent):
    out = subprocess.run(["espeak-ng", "--ipa", "-q", "-v", accent, "--", clause], capture_output=True, text=True, check=True).stdout
    return " ".join(out.split())
