"""Speaks the test sets: `python testsets.py [a b c d e general silence]`.

    a        unseen sentences by voices of the training: Kokoro half, Piper a quarter
    b        unseen sentences by the four Kokoro voices that training never hears
    c        b's recordings, half with noise 10 dB below the speech, half in a room
    d        four whole reports of 60 to 90 s by b's voices, two of them dictated
    e        real people (realpeople.py)
    general  general English by b's voices
    silence  ten minutes without speech, digital silence to a keyboard

Each is a folder tests/<set>/ of the work folder with <id>.flac (16 kHz, mono, 16
bit) and <id>.txt, and, complete only when it exists, tests/<set>.jsonl with a
line for each. `--repository FOLDER` copies the first of a, b, c and d into it,
each with a list that `fermata eval` reads.
"""

import argparse
import itertools
import json
import random
import shutil
import zlib
from pathlib import Path

import numpy as np
import soundfile

import heldout
import noises
import work
from sound import RATE, pcm

GENERAL = 80
SILENT_CLIPS, SILENT_SECONDS = 20, 30
DECIBELS = 10
REPORT_SECONDS = (60, 90)
OTHERS = ("flite", "festival", "espeak")


def texts(which, prefix):
    return [t for t in work.read_lines(f"text/{which}-test.jsonl") if t["id"].startswith(prefix)]


def randomness(name):
    """A generator of its own for each recording, so that one can be made anew alone."""
    return random.Random(zlib.crc32(name.encode())), np.random.default_rng(zlib.crc32(name.encode()))


class HeldOutVoices:
    """The Kokoro voices of kokoro.HELD_OUT, as they are."""

    def __init__(self):
        import kokoro

        self.model, self.names, self.rate = kokoro.Kokoro(), kokoro.HELD_OUT, kokoro.RATE

    def say(self, spoken, voice, speed):
        import engines
        import phonemes

        ipa = phonemes.transcribe([spoken], "en-gb" if voice[0] == "b" else "en-us")[0]
        return engines.to_16k(self.model.speak(ipa, {voice: 1.0}, speed), self.rate)


def save(folder, name, samples, text):
    """Writes a recording as int16, no louder than 0.95 of the full scale."""
    soundfile.write(folder / f"{name}.flac", pcm(samples), RATE, "PCM_16")
    (folder / f"{name}.txt").write_text(text + "\n", encoding="utf-8")


def seen_voices():
    import engines

    made = {}
    for i, t in enumerate(texts("medical", "a")):
        # Radiology and clinic, seen and held-out templates alternate by 2 and 3.
        engine = ["kokoro", "piper", "kokoro", OTHERS[i // 8 % 3]][i // 2 % 4]
        made[engine] = made.get(engine) or engines.ENGINES[engine]()
        samples, voice = next(iter(made[engine].speak([t["spoken"]], randomness(t["id"])[0])))
        yield t, {"engine": engine, "voice": voice}, samples


def held_out_voices(which, prefix, most=None):
    voices = HeldOutVoices()
    for i, t in enumerate(texts(which, prefix)[:most]):
        voice = voices.names[i // 2 % 4]
        yield t, {"engine": "kokoro", "voice": voice}, voices.say(t["spoken"], voice, randomness(t["id"])[0].uniform(0.9, 1.1))


def disturbed():
    kinds = ["white", "pink", "hum", "fan", "keyboard", "babble"]
    lines = work.read_lines("tests/b.jsonl")
    clips = [soundfile.read(work.path("tests/b") / line["file"], dtype="float32")[0] for line in lines]
    for i, (line, samples) in enumerate(zip(lines, clips)):
        draw = randomness("c" + line["id"])[1]
        disturbance = "room" if i // 8 % 2 else kinds[(i // 16 * 8 + i % 8) % len(kinds)]
        if disturbance == "room":
            wave = noises.in_room(samples, draw)
        elif disturbance == "babble":
            others = [clips[(i + step) % len(clips)] for step in (17, 41, 65, 93)]
            wave = noises.added(samples, noises.babble(others, len(samples)), DECIBELS)
        else:
            wave = noises.added(samples, noises.KINDS[disturbance](len(samples), draw), DECIBELS)
        text = line | {"id": "c" + line["id"][1:]}
        yield text, {"engine": "kokoro", "voice": line["voice"], "disturbance": disturbance}, wave


def reports():
    """Two dictated and two plain reports, of four kinds and voices, between 60 and 90 s long."""
    voices, kinds = HeldOutVoices(), set()
    found = {"dictated": 0, "plain": 0}
    candidates = sorted(texts("medical", "report."), key=lambda t: zlib.crc32(t["id"].encode()))
    for t in candidates:
        # Some 2.4 words a second, and the pauses.
        seconds = len(t["spoken"].split()) / 2.4 + 0.7 * len(sentences(t["spoken"]))
        if found[t["mode"]] == 2 or t["kind"] in kinds or not REPORT_SECONDS[0] < seconds < REPORT_SECONDS[1]:
            continue
        voice = voices.names[sum(found.values())]
        samples = read_aloud(voices, voice, t)
        if not REPORT_SECONDS[0] <= len(samples) / RATE <= REPORT_SECONDS[1]:
            continue
        found[t["mode"]] += 1
        kinds.add(t["kind"])
        yield t | {"id": f"d{sum(found.values()) - 1:03d}"}, {"engine": "kokoro", "voice": voice}, samples


def read_aloud(voices, voice, text):
    """Sentence by sentence, each at its own pace, with pauses of 0.25 to 1.1 s of a quiet room."""
    rng, draw = randomness(text["id"])
    parts, pace = [], rng.uniform(0.95, 1.05)
    for sentence in sentences(text["spoken"]):
        parts += [voices.say(sentence, voice, pace * rng.uniform(0.95, 1.05)), np.zeros(int(rng.uniform(0.25, 1.1) * RATE), np.float32)]
    whole = np.concatenate(parts[:-1])
    return whole + noises.pink(len(whole), draw) * 10 ** (-65 / 20)


def sentences(spoken):
    """Spoken text cut after its full stops and, in dictated ones, after "period"."""
    cut, words = [], spoken.split()
    sentence = []
    for i, word in enumerate(words):
        sentence.append(word)
        mark = word.strip(".,") == "period" and not (i + 1 < len(words) and words[i + 1].strip(",.") == "new")
        if word.endswith((".", "?")) or mark or word.strip(".,") == "paragraph":
            cut.append(" ".join(sentence))
            sentence = []
    return cut + ([" ".join(sentence)] if sentence else [])


def real_people():
    import realpeople

    for i, (source, voice, text, samples) in enumerate(realpeople.recordings()):
        yield {"id": f"e{i:03d}", "kind": source, "mode": "plain", "held": False, "written": text}, {"engine": "person", "voice": voice}, samples


def silence():
    kinds = ["zero", "faint", *noises.KINDS]
    for i in range(SILENT_CLIPS):
        kind, (rng, draw) = kinds[i % len(kinds)], randomness(f"silence{i}")
        samples = np.zeros(SILENT_SECONDS * RATE, np.float32)
        level = -72 if kind == "faint" else rng.uniform(-55, -22)  # dB of full scale, RMS
        if kind != "zero":
            samples = noises.KINDS.get(kind, noises.pink)(len(samples), draw) * 10 ** (level / 20)
        yield {"id": f"silence{i:03d}", "kind": kind, "mode": "plain", "held": False, "written": ""}, {"engine": "none", "voice": kind}, samples


SETS = {
    "general": lambda: held_out_voices("general", "general", GENERAL),
    "silence": silence,
    "e": real_people,
    "b": lambda: held_out_voices("medical", "b"),
    "a": seen_voices,
    "c": disturbed,
    "d": reports,
}


def make(name, most):
    if work.path(f"tests/{name}.jsonl").exists():
        return
    folder = work.path(f"tests/{name}/.")
    folder.mkdir(parents=True, exist_ok=True)
    lines, seconds = [], 0.0
    for t, how, samples in itertools.islice(SETS[name](), most):
        voice = how["voice"].split("*")[0].split("+")[0]
        number = t["id"].removeprefix(name)
        file = f"{name}_{number}_{voice}"
        save(folder, file, samples, t["written"])
        seconds += len(samples) / RATE
        kept = {k: t[k] for k in ("id", "kind", "mode", "held", "written")}
        lines.append(kept | how | {"file": file + ".flac", "seconds": round(len(samples) / RATE, 3)})
    with work.whole(f"tests/{name}.jsonl") as f:
        f.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    print(f"{name}: {len(lines)} recordings, {seconds:.0f} s", flush=True)


def copy(folder, counts):
    """Copies the first so many recordings of each set that nothing trained on shares a sentence with."""
    size = 0
    for name, count in counts.items():
        lines = work.read_lines(f"tests/{name}.jsonl")
        if name == "d":  # one dictated, one plain
            lines = sorted(lines, key=lambda line: [other["mode"] for other in lines[:lines.index(line)]].count(line["mode"]))
        else:
            lines = [line for line in lines if not heldout.heard(line["written"])]
        (folder / name).mkdir(parents=True, exist_ok=True)
        for line in lines[:count]:
            for file in (line["file"], line["file"].replace(".flac", ".txt")):
                shutil.copyfile(work.path(f"tests/{name}") / file, folder / name / file)
                size += (folder / name / file).stat().st_size
        with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as f:
            f.writelines(json.dumps(listed(name, line), ensure_ascii=False) + "\n" for line in lines[:count])
    print(f"{folder}: {size / 1e6:.2f} MB")


def listed(name, line):
    """A line as `fermata eval` reads lists, and what else is known of the recording."""
    known = ("kind", "mode", "held", "engine", "voice", "disturbance", "seconds")
    return {"audio": f"{name}/{line['file']}", "text": line["written"]} | {k: line[k] for k in known if k in line}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("sets", nargs="*", choices=[*SETS, []], help="all, when none is named")
    options.add_argument("--most", type=int, help="recordings of each set, for a trial")
    options.add_argument("--repository", metavar="FOLDER", help="copy instead, the first of a, b, c and d")
    options.add_argument("--each", type=int, default=28, help="how many of a, b and c to copy (28 make 11 MB)")
    given = options.parse_args()
    if given.repository:
        return copy(Path(given.repository), {"a": given.each, "b": given.each, "c": given.each, "d": 2})
    for name in given.sets or SETS:
        make(name, given.most)


if __name__ == "__main__":
    main()
