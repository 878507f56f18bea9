"""Measures a model folder on the test sets: `python evaluate.py FOLDER [--lm FILE]`.

Greedy, and with the language model (FOLDER/lm_6.kenlm if there is one) by
pyctcdecode; recordings over 20 s in windows. Prints a Markdown table and writes
evaluation.json in the work folder. With --fermata, `fermata eval` runs on the
same recordings. `--quick` is for use during training: 60 recordings of (b),
greedy, one line of JSON.

Rates are over all words of a set, in per cent, after one of two normalisers:
  google  of Google's quick-start notebook: whatever is not a-z, 0-9 or ' is a space
  tuning  of its fine-tuning notebook: whatever is not a-z or 0-9 is deleted
"""

import argparse
import json
import logging
import re
import subprocess
import time
from pathlib import Path

import jiwer
import soundfile
import torch

import heldout
import work
from decoding import Beam, Recogniser

SETS = ("a", "b", "c", "d", "e", "general", "silence")
NAMES = {"a": "(a) seen voices", "b": "(b) unseen voices", "c": "(c) noise, room", "d": "(d) whole reports", "e": "(e) real people"}
QUICK = 60


def google(text):
    return heldout.normal(text.replace("</s>", ""))


def tuning(text):
    return " ".join(re.sub(r"[^a-z0-9\s]", "", text.lower()).split())


def rates(lines, how):
    """Word errors by both normalisers and character errors by the first, per cent."""
    lines = [line for line in lines if google(line["written"]) and tuning(line["written"])]
    result = {"recordings": len(lines)}
    for name, normaliser in (("google", google), ("tuning", tuning)):
        said, heard = [normaliser(line["written"]) for line in lines], [normaliser(line[how]) for line in lines]
        result[name] = round(100 * jiwer.wer(said, heard), 2)
        if name == "google":
            result |= {"words": sum(len(s.split()) for s in said), "characters": round(100 * jiwer.cer(said, heard), 2)}
    return result


def groups(name, lines):
    """The rows of the table that a set has: the whole, then its parts."""
    yield name, lines
    if name in "ab":
        yield f"{name}: seen templates", [line for line in lines if not line["held"]]
        yield f"{name}: held-out templates", [line for line in lines if line["held"]]
    by = {"a": "engine", "c": "disturbance", "d": "mode", "e": "kind"}.get(name)
    for value in sorted({line[by] for line in lines}) if by else ():
        yield f"{name}: {value}", [line for line in lines if line[by] == value]
    if name == "c":
        yield "c: noise", [line for line in lines if line["disturbance"] != "room"]


def transcribe(name, recogniser, beam, most=None):
    """The set's lines with their texts, but for those that share a sentence with what was trained on."""
    lines = work.read_lines(f"tests/{name}.jsonl")
    if name in ("a", "b", "c", "general"):
        lines = [line for line in lines if not heldout.heard(line["written"])]
    lines = lines[:most]
    for line in lines:
        wave, _ = soundfile.read(work.path(f"tests/{name}") / line["file"], dtype="float32")
        scores = recogniser.scores(wave)
        line["greedy"] = recogniser.greedy(scores)
        if beam:
            line["beam"] = beam(scores)
    return lines


def fermata(program, model, lm, name):
    """Fermata's own counts: {decoder: {normaliser: per cent}}."""
    command = [program, "eval", "--model", model, "--json", "--worst", "0"]
    out = {}
    for decoder in ("greedy", "beam") if lm else ("greedy",):
        more = ["--lm", lm] if decoder == "beam" else []
        done = subprocess.run([*command, "--decoder", decoder, *more, work.path(f"tests/{name}")], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"fermata eval: {done.stderr.strip()}")
        counts = json.loads(done.stdout)["configurations"][0]
        out[decoder] = {k: round(100 * counts[k]["wer"], 2) for k in ("google", "marks")}
    return out


def silent(lines, how):
    return {"recordings": len(lines), "written": sum(len(line[how].strip()) for line in lines), "where": {line["kind"]: line[how] for line in lines if line[how].strip()}}


def table(result, decoders):
    heads = ["set", "recordings", "words"] + [f"{d} {k}" for d in decoders for k in ("WER", "WER (tuning)", "CER")]
    rows = [heads, ["---"] * len(heads)]
    for name, row in result["sets"].items():
        if name == "silence":
            continue
        first = row[decoders[0]]
        rows.append([NAMES.get(name, name), first["recordings"], first["words"]] + [row[d][k] for d in decoders for k in ("google", "tuning", "characters")])
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    if "silence" in result["sets"]:
        written = ", ".join(f"{d} {s['written']} characters" for d, s in result["sets"]["silence"].items() if d in decoders)
        lines += ["", f"Ten minutes without speech: {written}."]
    return "\n".join(lines)


def quick(folder):
    """Errors on the first of (b), for the learning curve."""
    began = time.time()
    lines = transcribe("b", Recogniser(folder), None, QUICK)
    return rates(lines, "greedy") | {"seconds": round(time.time() - began, 1)}


def evaluate(given):
    began, spent = time.time(), time.process_time()
    recogniser = Recogniser(given.folder)
    lm = given.lm or next(iter(sorted(given.folder.glob("*.kenlm"))), None)
    beam = Beam(recogniser.tokenizer, lm) if lm else None
    decoders = ["greedy", "beam"] if beam else ["greedy"]
    result = {"model": str(given.folder.name), "lm": lm and lm.name, "sets": {}}
    texts = []
    for name in given.sets or SETS:
        if not work.path(f"tests/{name}.jsonl").exists():
            print(f"{name}: not there yet; python testsets.py {name}")
            continue
        lines = transcribe(name, recogniser, beam)
        texts += lines
        if name == "silence":
            result["sets"][name] = {d: silent(lines, d) for d in decoders}
            continue
        for row, part in groups(name, lines):
            result["sets"][row] = {d: rates(part, d) for d in decoders}
        if given.fermata:
            result["sets"][name]["fermata"] = fermata(given.fermata, given.folder, lm, name)
    result |= {"seconds": round(time.time() - began), "core_seconds": round(time.process_time() - spent)}
    with work.whole("evaluation.json") as f:
        json.dump(result, f, indent=1, ensure_ascii=False)
    with work.whole("evaluation-texts.jsonl") as f:
        f.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in texts)
    print(table(result, decoders))
    for name, row in result["sets"].items():
        if "fermata" in row:
            print(f"fermata eval, {name}: {row['fermata']}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, help="a checkpoint in Google's layout")
    options.add_argument("--lm", type=Path, help="language model (the folder's, if it has one)")
    options.add_argument("--sets", nargs="*", choices=SETS)
    options.add_argument("--fermata", type=Path, help="also this program's eval, as build/fermata")
    options.add_argument("--quick", action="store_true")
    given = options.parse_args()
    torch.set_num_threads(1)
    logging.getLogger("pyctcdecode").setLevel(logging.ERROR)
    if given.quick:
        return print(json.dumps(quick(given.folder)))
    evaluate(given)


if __name__ == "__main__":
    main()
