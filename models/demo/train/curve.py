"""Draws the learning curve: `python curve.py PICTURE.png`.

Every train/after-<hours>.pt of the work folder and the checkpoint is exported
and measured greedily on the first 60 recordings each of (b), medical sentences
by unseen voices, general English, and (e), real people. What was measured
stands in train/curve.jsonl and is not measured again.
"""

import argparse
import json
import tempfile
from pathlib import Path

import matplotlib
import torch

import evaluate
import export
from decoding import Recogniser
from work import ROOT

matplotlib.use("Agg")
SETS = {"b": "medical, unseen synthetic voices", "general": "general English, unseen synthetic voices", "e": "real people"}
COLOURS = {"b": "#0b6e4f", "general": "#c26a00", "e": "#7a3e9d"}


def measured(state, batches):
    """Hours of training and of audio of a checkpoint's state, and its word errors by set."""
    row = {"hours": round(state["seconds"] / 3600, 3), "audio_hours": round(state["audio"] / 3600, 1)}
    with tempfile.TemporaryDirectory() as folder:
        export.export(state, Path(folder), batches)
        recogniser = Recogniser(Path(folder))
        for name in SETS:
            row[name] = evaluate.rates(evaluate.transcribe(name, recogniser, None, evaluate.QUICK), "greedy")["google"]
    return row


def measure():
    """The rows of all checkpoints that there are, in the order of training."""
    path = ROOT / "train" / "curve.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    known = {row["audio_hours"] for row in rows}
    batches = None
    for checkpoint in [*(ROOT / "train").glob("after-*.pt"), ROOT / "train" / "checkpoint.pt"]:
        state = torch.load(checkpoint, map_location="cpu")
        if round(state["audio"] / 3600, 1) in known:
            continue
        batches = batches or export.training_batches()
        rows.append(measured(state, batches))
        print(rows[-1], flush=True)
        with open(path, "a") as file:
            file.write(json.dumps(rows[-1]) + "\n")
    return sorted(rows, key=lambda row: row["audio_hours"])


def draw(rows, picture):
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7.2, 4), dpi=120, layout="constrained")
    audio = [row["audio_hours"] for row in rows]
    for name, label in SETS.items():
        errors = [row[name] for row in rows]
        axes.plot(audio, errors, marker="o", markersize=4, color=COLOURS[name], label=label)
        axes.annotate(f"{errors[-1]:.0f}", (audio[-1], errors[-1]), (6, -3), textcoords="offset points", color=COLOURS[name])
    axes.set(xlabel="hours of speech learnt from", ylabel="words wrong, greedy, %", ylim=(0, 100), xlim=(0, 1.06 * audio[-1]))
    axes.grid(alpha=0.25)
    axes.legend(frameon=False, loc="lower left")
    hours = axes.secondary_xaxis("top", functions=(lambda x: x, lambda x: x))
    hours.set_ticks(audio, [f"{row['hours']:.1f}" for row in rows])
    hours.set_xlabel("hours of training on two cores")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.savefig(picture)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("picture", type=Path)
    draw(measure(), options.parse_args().picture)


if __name__ == "__main__":
    main()
