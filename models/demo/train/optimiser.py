"""Muon for the matrices and AdamW for the rest, over one flat buffer of parameters.

Muon: momentum, then the nearest orthogonal matrix by Newton-Schulz steps
(Jordan and others, 2024, https://kellerjordan.github.io/posts/muon/). Each
process orthogonalises its share of the matrices and sends it to the others.
"""

import torch
import torch.distributed as dist

MUON_RATE, MUON_MOMENTUM, MUON_DECAY, NEWTON_STEPS = 0.01, 0.95, 0.02, 5
ADAM_RATE, ADAM_BETAS, ADAM_EPS, ADAM_DECAY = 1.5e-3, (0.9, 0.98), 1e-8, 0.01
CLIP = 2.0


def is_matrix(name, weight):
    """Whether Muon has it: the weights of blocks and sub-sampler, depthwise kernels aside."""
    return name.startswith("encoder.") and weight.dim() > 1 and "depthwise" not in name


class Flat:
    """Parameters and gradients as views of two flat buffers: each rank's matrices, then the rest.

    Gradients are followed by a few numbers of the step (see train.py), so that
    one all-reduce carries both.
    """

    NUMBERS = 3

    def __init__(self, network, ranks):
        named = list(network.named_parameters())
        matrices = sorted((item for item in named if is_matrix(*item)), key=lambda item: tuple(item[1].shape))
        self.shares = [matrices[rank::ranks] for rank in range(ranks)]
        self.rest = [item for item in named if not is_matrix(*item)]
        ordered = sum(self.shares, []) + self.rest
        device = ordered[0][1].device
        total = sum(weight.numel() for _, weight in ordered)
        self.weights = torch.empty(total, device=device)
        self.gradients = torch.zeros(total + self.NUMBERS, device=device)
        self.spans, start = {}, 0
        for name, weight in ordered:
            span = slice(start, start + weight.numel())
            self.weights[span] = weight.data.flatten()
            weight.data = self.weights[span].view(weight.shape)
            weight.grad = self.gradients[span].view(weight.shape)
            self.spans[name], start = span, span.stop
        self.matrices_end = sum(weight.numel() for share in self.shares for _, weight in share)

    def share_span(self, rank):
        names = [name for name, _ in self.shares[rank]]
        return slice(self.spans[names[0]].start, self.spans[names[-1]].stop)

    @property
    def numbers(self):
        return self.gradients[-self.NUMBERS :]


class Optimiser:
    """Steps the weights of a Flat whose gradients are already averaged."""

    def __init__(self, flat, rank, ranks):
        self.flat, self.rank, self.ranks, self.steps = flat, rank, ranks, 0
        self.momentum = torch.zeros_like(flat.weights[: flat.matrices_end])
        self.first = torch.zeros_like(flat.weights[flat.matrices_end :])
        self.second = torch.zeros_like(self.first)
        self.update = torch.zeros_like(self.momentum, dtype=torch.bfloat16)

    def step(self, share):
        """One step at this share (0 to 1) of the full learning rates; returns the gradients' norm."""
        gradients = self.flat.gradients[: -Flat.NUMBERS]
        norm = gradients.norm()
        gradients.mul_((CLIP / (norm + 1e-6)).clamp(max=1.0))
        self.steps += 1
        self.step_matrices(gradients[: self.flat.matrices_end], MUON_RATE * share)
        self.step_rest(gradients[self.flat.matrices_end :], ADAM_RATE * share)
        return norm.item()

    def step_matrices(self, gradients, rate):
        self.momentum.lerp_(gradients, 1 - MUON_MOMENTUM)
        looked_ahead = gradients.lerp_(self.momentum, MUON_MOMENTUM)  # Nesterov
        for name, weight in self.flat.shares[self.rank]:
            span = self.flat.spans[name]
            matrix = looked_ahead[span].view(weight.shape[0], -1)
            self.update[span] = orthogonal(matrix).flatten()
        for rank in range(self.ranks if self.ranks > 1 else 0):
            dist.broadcast(self.update[self.flat.share_span(rank)].view(torch.uint8), rank)
        weights = self.flat.weights[: self.flat.matrices_end]
        weights.mul_(1 - rate * MUON_DECAY).add_(self.update, alpha=-rate)

    def step_rest(self, gradients, rate):
        """AdamW (Loshchilov and Hutter, 2019)."""
        self.first.lerp_(gradients, 1 - ADAM_BETAS[0])
        self.second.lerp_(gradients.square(), 1 - ADAM_BETAS[1])
        first = self.first / (1 - ADAM_BETAS[0] ** self.steps)
        second = self.second / (1 - ADAM_BETAS[1] ** self.steps)
        weights = self.flat.weights[self.flat.matrices_end :]
        weights.mul_(1 - rate * ADAM_DECAY).addcdiv_(first, second.sqrt() + ADAM_EPS, value=-rate)

    def state(self):
        """Everything by parameter name, so that another number of processes can go on."""
        spans, end = self.flat.spans, self.flat.matrices_end
        momentum = {name: self.momentum[s].clone() for name, s in spans.items() if s.start < end}
        rest = {name: slice(s.start - end, s.stop - end) for name, s in spans.items() if s.start >= end}
        return {
            "steps": self.steps,
            "momentum": momentum,
            "first": {name: self.first[s].clone() for name, s in rest.items()},
            "second": {name: self.second[s].clone() for name, s in rest.items()},
        }

    def load(self, state):
        self.steps, end = state["steps"], self.flat.matrices_end
        for name, value in state["momentum"].items():
            self.momentum[self.flat.spans[name]] = value
        for moment, values in ((self.first, state["first"]), (self.second, state["second"])):
            for name, value in values.items():
                span = self.flat.spans[name]
                moment[span.start - end : span.stop - end] = value


def orthogonal(matrix, steps=NEWTON_STEPS):
    """About U V' of the matrix's U S V', in bfloat16, larger by sqrt(rows/columns) where it is tall."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = matrix.shape[0] > matrix.shape[1]
    x = (matrix.T if tall else matrix).to(torch.bfloat16)
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        square = x @ x.T
        x = torch.addmm(x, torch.addmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x.T * (matrix.shape[0] / matrix.shape[1]) ** 0.5 if tall else x
