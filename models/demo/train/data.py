"""Speech shards to training batches.

A shard is `speech/<name>.i16` (int16 mono 16 kHz, utterances one after
another) and `speech/<name>.jsonl` (a line per utterance: start, length in
samples, written text, voice, engine, kind), complete once the .jsonl exists.
"""

import json
import time
from collections import Counter
from dataclasses import dataclass

import numpy as np
import torch

import augment
import heldout
from features import RATE, LogMel, frames_of
from network import encoder_frames

END = 2  # </s>
SHORTEST = 0.3  # seconds
RESCAN = 180  # seconds
# How often an engine's speech is heard, whatever there is of it: natural
# voices most. No utterance comes more than eight times as often as another.
SHARES = {"kokoro": 42, "hibari": 30, "piper": 12, "flite": 4, "espeak": 4, "pico": 4, "festival": 4}
OFTENEST = 8
GENERAL = 0.45  # of each engine's share: general English, against learning the grammar by heart


@dataclass
class Utterance:
    sound: np.ndarray  # int16, memory-mapped
    ids: list  # pieces of the text, </s> at the end
    engine: str
    general: bool  # general English, not medical

    @property
    def seconds(self):
        return len(self.sound) / RATE


class Speech:
    """The utterances of all complete shards of a folder; `refresh` looks for new ones."""

    def __init__(self, folder, pieces):
        self.folder, self.pieces = folder, pieces
        self.utterances, self.seen, self.looked, self.refused = [], set(), 0.0, 0
        self.refresh()

    def refresh(self):
        """Reads new shards, at most every few minutes; returns whether there were any."""
        if time.time() - self.looked < RESCAN and self.utterances:
            return False
        self.looked = time.time()
        new = [path for path in sorted(self.folder.glob("*.jsonl")) if path not in self.seen]
        for path in new:
            self.seen.add(path)
            self.read(path)
        return bool(new)

    def read(self, path):
        samples = np.memmap(path.with_suffix(".i16"), dtype="<i2", mode="r")
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            sound = samples[row["start"] : row["start"] + row["length"]]
            ids = self.pieces.ids(row["written"])
            if len(sound) == row["length"] and learnable(len(sound), ids) and not heldout.tested(row["written"]):
                self.utterances.append(Utterance(sound, ids, row["engine"], "-general-" in path.name))
            else:
                self.refused += 1

    def hours(self):
        return sum(utterance.seconds for utterance in self.utterances) / 3600


def learnable(samples, ids):
    """Whether CTC can spell these ids in this many samples, even when sped up; <unk> is not learnt."""
    if samples < SHORTEST * RATE or 3 in ids:
        return False
    needed = len(ids) + sum(a == b for a, b in zip(ids, ids[1:]))
    return encoder_frames(frames_of(int(samples * 0.72))) >= needed


def shares(utterances):
    """The chance of each utterance: the share of its engine's general or medical speech over their number, limited."""
    groups = [(utterance.engine, utterance.general) for utterance in utterances]
    each = {
        (engine, general): SHARES.get(engine, 4) * (GENERAL if general else 1 - GENERAL) / count
        for (engine, general), count in Counter(groups).items()
    }
    least = min(each.values())
    chances = np.array([min(each[group], OFTENEST * least) for group in groups])
    return chances / chances.sum()


@dataclass
class Batch:
    mel: torch.Tensor  # [B, T, 128] float32
    counts: torch.Tensor  # [B] valid mel frames
    targets: list  # ids of each clip
    seconds: float  # of audio, without padding


class Batches:
    """An endless supply of batches for one process, in its own order.

    Clips of similar length go together: of a draw of several batches' worth,
    sorted by length, each batch is a run. `settings` is a curriculum.Phase.
    """

    def __init__(self, speech, seed):
        self.speech, self.rng = speech, np.random.default_rng(seed)
        self.order, self.ready, self.settings, self.waves = [], [], None, None
        self.mel = LogMel()

    def next(self, settings, strength):
        if settings is not self.settings or self.speech.refresh():
            self.settings, self.order, self.ready = settings, [], []
        if not self.ready:
            self.ready = self.draw()
        return self.make(self.ready.pop(), strength)

    def allowed(self):
        """Utterances of this phase: short enough."""
        return [i for i, utterance in enumerate(self.speech.utterances) if utterance.seconds <= self.settings.longest]

    def one(self):
        """The next utterance, each engine in its share."""
        if not self.order:
            allowed = self.allowed()
            if not allowed:
                raise SystemExit(f"{self.speech.folder}: no speech of at most {self.settings.longest} s")
            weights = shares([self.speech.utterances[index] for index in allowed])
            self.order = list(self.rng.choice(allowed, size=1000, p=weights))
        return self.speech.utterances[self.order.pop()]

    def clip(self):
        """Utterances to be joined in one clip; several where the phase joins."""
        clip = [self.one()]
        while self.rng.uniform() < self.settings.joined:
            another = self.one()
            if sum(utterance.seconds for utterance in clip) + another.seconds > self.settings.longest:
                break
            clip.append(another)
        return clip

    def draw(self, batches=8):
        """Several batches of similar lengths, in random order."""
        clips, seconds = [], 0.0
        while seconds < batches * self.settings.seconds:
            clips.append(self.clip())
            seconds += length(clips[-1])
        clips.sort(key=length)
        groups, group = [], []
        for clip in clips:
            if group and (len(group) + 1) * length(clip) > self.settings.seconds:
                groups.append(group)
                group = []
            group.append(clip)
        groups.append(group)
        if len(groups) > 1 and length(groups[-1][0]) * len(groups[-1]) < self.settings.seconds / 3:
            groups.pop()  # a scrap would be a step of its own
        self.rng.shuffle(groups)
        return groups

    def sound(self, clip, strength):
        """One waveform of joined utterances, short pauses between, and their ids."""
        parts, ids = [], []
        for utterance in clip:
            if parts:
                parts.append(augment.quiet(int(self.rng.uniform(0, 0.6) * RATE), self.rng))
            parts.append(np.asarray(utterance.sound, np.float32) / 32768)
            ids += utterance.ids[:-1]
        wave = np.concatenate(parts)
        return (self.effects()(wave, strength) if strength > 0 else wave), ids + [END]

    def effects(self):
        """The changes of waveforms, made when first asked for: they need some speech for babble."""
        if self.waves is None:
            some = self.rng.permutation(len(self.speech.utterances))[:40].reshape(8, -1)
            self.waves = augment.Waves(self.rng, [[self.speech.utterances[i].sound for i in few] for few in some])
        return self.waves

    def make(self, group, strength):
        clips = [self.sound(clip, strength) for clip in group]
        if strength > 0 and self.rng.uniform() < 0.15 * strength:
            clips.append((self.effects().alone(max(len(wave) for wave, _ in clips)), [END]))
        lengths = torch.tensor([len(wave) for wave, _ in clips])
        waves = torch.zeros(len(clips), int(lengths.max()))
        for row, (wave, _) in zip(waves, clips):
            row[: len(wave)] = torch.from_numpy(wave)
        mel, counts = self.mel(waves), frames_of(lengths)
        if strength > 0:
            mel, counts = augment.stretched(mel, counts, strength, self.rng)
            augment.spec_augment(mel, counts, strength, self.rng)
        return Batch(mel, counts, [ids for _, ids in clips], float(lengths.sum()) / RATE)


def length(clip):
    return sum(utterance.seconds for utterance in clip)


def mel_statistics(batches, settings, clips=64):
    """Mean and standard deviation per mel bin over some clean batches."""
    frames = []
    while sum(map(len, frames)) < clips * 300:
        batch = batches.next(settings, 0.0)
        frames += [mel[:count] for mel, count in zip(batch.mel, batch.counts.tolist())]
    frames = torch.cat(frames)
    return frames.mean(0), frames.std(0)
