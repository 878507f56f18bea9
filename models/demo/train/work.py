"""The folder of everything generated: FERMATA_DEMO_WORK, or build/demo-model at the repository's root."""

import contextlib
import json
import os
from pathlib import Path

ROOT = Path(os.environ.get("FERMATA_DEMO_WORK") or Path(__file__).resolve().parents[3] / "build" / "demo-model")


def path(name):
    p = ROOT / name
    p.parent.mkdir(parents=True, exist_ok=True)
    return p


def downloads():
    """Where download.py unpacks the packages."""
    return path("downloads")


@contextlib.contextmanager
def whole(name, mode="w"):
    """A file that appears only when it is complete, so that every step can be interrupted."""
    final = path(name)
    partial = final.with_name(final.name + ".part")
    with open(partial, mode, **({} if "b" in mode else {"encoding": "utf-8"})) as f:
        yield f
    partial.replace(final)


def read_lines(name):
    with open(path(name), encoding="utf-8") as f:
        return [json.loads(line) for line in f]
