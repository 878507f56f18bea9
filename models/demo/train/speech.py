"""Speaks the texts: `python speech.py kokoro medical --hours 4 --worker 0/2`.

Shards of a hundred utterances appear in the work folder, speech/<shard>.i16
(mono, 16 kHz, int16, one after another) and, last and so the sign that it is
complete, speech/<shard>.jsonl (a line each: start, length in samples, written,
voice, engine, kind). What is there is not spoken again; interrupting costs one
shard. A shard's voices depend on its name alone.
"""

import argparse
import json
import random
import zlib

import engines
import work
from sound import RATE, pcm

SHARD = 100
# Where each engine begins in the list of texts, so that they say different ones.
BEGIN = {"kokoro": 0, "piper": 12_000, "hibari": 20_000, "flite": 60_000, "espeak": 68_000, "festival": 76_000, "pico": 80_000}


def speak(name, engine, texts):
    rng = random.Random(zlib.crc32(name.encode()))
    lines, start = [], 0
    with work.whole(f"speech/{name}.i16", "wb") as f:
        for text, (samples, voice) in zip(texts, engine.speak([t["spoken"] for t in texts], rng)):
            said = pcm(samples)
            if not plausible(len(said) / RATE, text["spoken"]):
                continue
            said.tofile(f)
            lines.append({"start": start, "length": len(said), "written": text["written"], "voice": voice, "engine": engine.name, "kind": text["kind"]})
            start += len(said)
    with work.whole(f"speech/{name}.jsonl") as f:
        f.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return start / RATE


def plausible(seconds, spoken):
    """Between 3 and 40 letters a second: an engine that fell silent or stumbled is left out."""
    return 0.3 < seconds < 30 and 3 < len(spoken) / seconds < 40


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("engine", choices=sorted(engines.ENGINES))
    options.add_argument("texts", choices=["general", "medical"])
    options.add_argument("--hours", type=float, required=True, help="hours of speech, of all workers")
    options.add_argument("--worker", default="0/1")
    given = options.parse_args()
    worker, workers = map(int, given.worker.split("/"))
    texts = work.read_lines(f"text/{given.texts}.jsonl")
    texts = texts[BEGIN[given.engine]:]
    engine, wanted, spoken, number = engines.ENGINES[given.engine](), given.hours * 3600 / workers, 0.0, worker
    while spoken < wanted and (number + 1) * SHARD <= len(texts):
        name = f"{given.engine}-{given.texts}-{number:04d}"
        if work.path(f"speech/{name}.jsonl").exists():
            spoken += sum(line["length"] for line in work.read_lines(f"speech/{name}.jsonl")) / RATE
        else:
            spoken += speak(name, engine, texts[number * SHARD:(number + 1) * SHARD])
        number += workers
        print(f"{name}: {spoken / 3600:.2f} h of {wanted / 3600:.2f} h", flush=True)


if __name__ == "__main__":
    main()
