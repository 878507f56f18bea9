"""Trains the demo model; goes on where it was when started again.

    python train.py --minutes 180          a learning-rate cycle by the clock
    python train.py --hours-of-audio 400   or by the audio learnt from
    python train.py --minutes 60 --cycle 2  after it: another cycle

On a CPU: two processes of one thread each, gradients added with gloo. On a
GPU: one process. Reads speech/ and tokenizer/ of the work folder, writes
train/checkpoint.pt (every two minutes), train/history.jsonl and, for the
learning curve (curve.py), train/after-<hours of audio>.pt.
"""

import argparse
import json
import math
import os
import socket
import time

import torch
import torch.distributed as dist
from torch import multiprocessing
from torch.nn import functional

import network as networks
from curriculum import Curriculum
from data import Batches, Speech, mel_statistics
from optimiser import Flat, Optimiser
from tokenizer import Pieces
from work import ROOT

SAVE_EVERY, LOG_EVERY, KEEP_EVERY = 120, 20, 20  # seconds, steps, hours of audio
WARM_UP = 100  # steps of each cycle
LAST_SHARE = 0.02  # of the full learning rate, at a cycle's end
MIDDLE_SHARE = 0.3  # weight of the middle block's loss
AVERAGE = 0.999  # decay of the averaged weights


class Trainer:
    """All state of one process's training; `rank` 0 writes."""

    def __init__(self, options, rank, ranks):
        self.options, self.rank, self.ranks = options, rank, ranks
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.folder = ROOT / "train"
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(1)
        self.network = networks.Network().to(self.device).train()
        self.flat = Flat(self.network, ranks)
        self.optimiser = Optimiser(self.flat, rank, ranks)
        self.average = self.flat.weights.clone()
        self.curriculum = Curriculum()
        self.seconds = self.audio = 0.0  # learnt so far: wall clock, audio
        self.cycle = {"number": 1, "seconds": 0.0, "audio": 0.0, "step": 0}  # where the cycle began
        resumed = self.load()
        seed = [self.optimiser.steps, rank]
        self.batches = Batches(Speech(ROOT / "speech", Pieces(ROOT / "tokenizer")), seed)
        torch.manual_seed(self.optimiser.steps + 1000 * rank)
        if not resumed:
            self.measure_input()
        if options.cycle > self.cycle["number"]:
            start = {"seconds": self.seconds, "audio": self.audio, "step": self.optimiser.steps}
            self.cycle = {"number": options.cycle} | start
        self.network.fast = self.device == "cpu" and not options.plain

    def measure_input(self):
        mean, std = mel_statistics(self.batches, self.curriculum.settings)
        if self.ranks > 1:
            for values in (mean, std):
                dist.broadcast(values, 0)
        self.network.normalise_input(mean.to(self.device), std.to(self.device))

    def progress(self):
        """The share of this cycle that is done, 0 to 1; the same in all processes."""
        if self.options.hours_of_audio:
            return (self.audio - self.cycle["audio"]) / (3600 * self.options.hours_of_audio)
        return (self.seconds - self.cycle["seconds"]) / (60 * self.options.minutes)

    def rate_share(self):
        """Warm-up, then a cosine from the cycle's peak, of the full learning rate."""
        warm = min(1.0, (self.optimiser.steps - self.cycle["step"] + 1) / WARM_UP)
        cosine = 0.5 + 0.5 * math.cos(math.pi * min(1.0, self.progress()))
        return warm * (LAST_SHARE + (self.options.peak - LAST_SHARE) * cosine)

    def run(self):
        saved, self.busy = time.time(), time.process_time()
        while self.progress() < 1:
            began = time.time()
            loss, audio = self.step()
            kept = self.audio // (3600 * KEEP_EVERY)
            self.audio += audio
            self.seconds += self.agreed(time.time() - began)
            if self.curriculum.learn(loss):
                self.say(f"phase {self.curriculum.phase} begins")
            if self.optimiser.steps % LOG_EVERY == 0:
                self.log()
            if time.time() - saved > SAVE_EVERY:
                self.save()
                saved = time.time()
            if self.audio // (3600 * KEEP_EVERY) > kept:
                self.save(f"after-{self.audio / 3600:03.0f}.pt")
        self.save()
        self.say("the cycle is over")

    def agreed(self, seconds):
        """Rank 0's clock (by which the cosine goes), known to every process."""
        if self.ranks == 1:
            return seconds
        clock = torch.tensor([seconds])
        dist.broadcast(clock, 0)
        return clock.item()

    def step(self):
        """One optimiser step; returns the loss per piece and seconds of audio over all processes."""
        settings = self.curriculum.settings
        batch = self.batches.next(settings, self.curriculum.strength)
        self.flat.gradients.zero_()
        loss, pieces = self.backward(batch)
        self.flat.numbers.copy_(torch.tensor([loss, pieces, batch.seconds]))
        if self.ranks > 1:
            dist.all_reduce(self.flat.gradients)
        loss, pieces, audio = self.flat.numbers.tolist()
        self.flat.gradients.div_(pieces)
        if not math.isfinite(loss) or not torch.isfinite(self.flat.gradients.sum()):
            self.say("a step without a finite loss is left out")
            return self.curriculum.loss, audio
        self.optimiser.step(self.rate_share())
        steps = self.optimiser.steps
        self.average.lerp_(self.flat.weights, 1 - min(AVERAGE, (1 + steps) / (10 + steps)))
        return loss / pieces, audio

    def backward(self, batch):
        """Adds the gradients of the summed loss; returns the last block's summed loss and the pieces."""
        mel, counts = batch.mel.to(self.device), batch.counts.to(self.device)
        with torch.autocast(self.device, torch.bfloat16):
            logits, middle, frames = self.network(mel, counts)
        last = ctc(logits, frames, batch.targets)
        total = (last + MIDDLE_SHARE * ctc(middle, frames, batch.targets)) / (1 + MIDDLE_SHARE)
        total.backward()
        return last.item(), sum(map(len, batch.targets))

    def log(self):
        curriculum = self.curriculum
        row = {
            "hours": round(self.seconds / 3600, 4), "audio_hours": round(self.audio / 3600, 3),
            "steps": self.optimiser.steps, "loss": round(curriculum.loss, 4), "phase": curriculum.phase,
            "strength": round(curriculum.strength, 3), "rate": round(self.rate_share(), 4),
            "speech_hours": round(self.batches.speech.hours(), 2),
            "cpu_seconds": round(time.process_time() - self.busy, 1),
        }
        if self.rank == 0:
            with open(self.folder / "history.jsonl", "a") as history:
                history.write(json.dumps(row) + "\n")
            self.say(" ".join(f"{name} {value}" for name, value in row.items()))

    def say(self, text):
        if self.rank == 0:
            print(time.strftime("%H:%M:%S"), text, flush=True)

    def averaged(self):
        """The averaged weights by name."""
        shapes = dict(self.network.named_parameters())
        return {name: self.average[span].view(shapes[name].shape).clone() for name, span in self.flat.spans.items()}

    def save(self, name="checkpoint.pt"):
        if self.rank != 0:
            return
        state = {
            "network": {name: value.clone() for name, value in self.network.state_dict().items()},
            "average": self.averaged(), "optimiser": self.optimiser.state(),
            "curriculum": self.curriculum.state(), "cycle": self.cycle, "seconds": self.seconds, "audio": self.audio,
        }
        partial = self.folder / "checkpoint.part"
        with open(partial, "wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self.folder / name)

    def load(self):
        """Goes on from the checkpoint; False where there is none."""
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return False
        state = torch.load(path, map_location=self.device)
        self.network.load_state_dict(state["network"])
        for name, value in state["average"].items():
            self.average[self.flat.spans[name]] = value.flatten()
        self.optimiser.load({**state["optimiser"], **{
            part: {name: value.flatten() for name, value in state["optimiser"][part].items()}
            for part in ("momentum", "first", "second")
        }})
        self.curriculum = Curriculum(**state["curriculum"])
        self.cycle, self.seconds, self.audio = state["cycle"], state["seconds"], state["audio"]
        return True


def ctc(logits, frames, targets):
    """The summed CTC loss in nats; clips that cannot be spelt in their frames count nothing."""
    lengths = torch.tensor([len(ids) for ids in targets])
    joined = torch.tensor([piece for ids in targets for piece in ids])
    logs = logits.float().log_softmax(-1).transpose(0, 1)
    return functional.ctc_loss(
        logs, joined.to(logits.device), frames, lengths.to(logits.device), reduction="sum", zero_infinity=True
    )


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def process(rank, ranks, options, port=None):
    torch.set_num_threads(1 if ranks > 1 else max(1, options.threads))
    torch.set_flush_denormal(True)
    if ranks > 1:
        dist.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=ranks)
    trainer = Trainer(options, rank, ranks)
    trainer.say(f"{trainer.batches.speech.hours():.2f} hours of speech; step {trainer.optimiser.steps}")
    trainer.run()


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=120, help="length of the cycle by the clock")
    parser.add_argument("--hours-of-audio", type=float, help="length of the cycle by audio instead")
    parser.add_argument("--cycle", type=int, default=1, help="number of the learning-rate cycle; a higher one begins it")
    parser.add_argument("--peak", type=float, default=1.0, help="of the full learning rate, in this cycle")
    parser.add_argument("--processes", type=int, default=1 if torch.cuda.is_available() else 2)
    parser.add_argument("--threads", type=int, default=1, help="threads of a single process")
    parser.add_argument("--plain", action="store_true", help="on a CPU: without the C++ kernels")
    return parser.parse_args()


if __name__ == "__main__":
    chosen = options()
    os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", str(1 << 30))
    os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", str(1 << 30))
    if chosen.processes == 1:
        process(0, 1, chosen)
    else:
        multiprocessing.spawn(process, (chosen.processes, chosen, free_port()), nprocs=chosen.processes)
