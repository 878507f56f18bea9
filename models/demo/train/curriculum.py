"""What is learnt when: phases and augmentation follow the smoothed loss per piece, never the step count.

Too hard a start leaves the network on a plateau of blanks for hours; short,
clean clips get it off within some hundred steps.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Phase:
    below: float  # the smoothed loss at which the phase begins
    longest: float  # seconds of a clip
    seconds: float  # of audio per process and step
    joined: float = 0.0  # the chance that one more utterance is joined
    augmented: bool = False


PHASES = (
    Phase(below=1e9, longest=3.6, seconds=28),
    Phase(below=3.0, longest=6, seconds=32),
    Phase(below=1.9, longest=9, seconds=40, augmented=True),
    Phase(below=1.1, longest=20, seconds=48, joined=0.3, augmented=True),
)
AUGMENT_FROM, AUGMENT_FULL = 1.5, 0.6  # smoothed loss at strength 0 and 1
STRENGTH_STEP = 0.002  # the most that the strength rises in a step


@dataclass
class Curriculum:
    phase: int = 0
    strength: float = 0.0
    smoothed: float = 0.0
    weight: float = 0.0  # of the smoothed mean so far, to unbias it

    @property
    def loss(self):
        """Smoothed loss per piece, in nats."""
        return self.smoothed / self.weight if self.weight else float("inf")

    @property
    def settings(self):
        return PHASES[self.phase]

    def learn(self, loss):
        """Takes the loss of a step; returns whether a phase begins."""
        self.smoothed = 0.98 * self.smoothed + 0.02 * loss
        self.weight = 0.98 * self.weight + 0.02
        if self.settings.augmented:
            wanted = (AUGMENT_FROM - self.loss) / (AUGMENT_FROM - AUGMENT_FULL)
            self.strength += min(STRENGTH_STEP, max(0.0, min(1.0, wanted) - self.strength))
        settled = self.weight > 0.5  # some 35 steps within the phase
        if self.phase + 1 < len(PHASES) and settled and self.loss < PHASES[self.phase + 1].below:
            self.phase += 1
            self.smoothed, self.weight = 0.2 * self.loss, 0.2
            return True
        return False

    def state(self):
        return asdict(self)
