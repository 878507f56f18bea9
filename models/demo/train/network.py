"""The demo model's network: LasrForCTC's arithmetic, written to be trained quickly.

Parameter names and shapes are those of transformers' LasrForCTC, so a state
dict is a checkpoint. What differs serves training only: input normalisation
(folded into subsampler.dense_0 at export), batch statistics over valid frames
alone, no dropout, and logits of a middle block.

Shapes: B clips, T mel frames (10 ms), F encoder frames (40 ms), C hidden size.
"""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

import fast


@dataclass(frozen=True)
class Size:
    """Every number of the network; the names in config.json are in export.py."""

    hidden: int = 192
    layers: int = 8
    heads: int = 3
    feed_forward: int = 768
    subsampling_channels: int = 128
    subsampling_kernel: int = 5
    subsampling_stride: int = 2
    depthwise_kernel: int = 32
    mel_bins: int = 128
    vocabulary: int = 512
    norm_eps: float = 1e-6
    batch_norm_eps: float = 1e-5
    batch_norm_momentum: float = 0.01
    rope_theta: float = 10000.0
    feed_forward_weights: tuple = (1.5, 0.5)
    convolution_weights: tuple = (2.0, 1.0)
    middle: int = 5  # the block (from 1) whose output gives the intermediate logits

    @property
    def head(self):
        return self.hidden // self.heads


SIZE = Size()


def encoder_frames(frames, size=SIZE):
    """Encoder frames that come of a number (or tensor) of mel frames."""
    for _ in range(2):
        frames = (frames - size.subsampling_kernel) // size.subsampling_stride + 1
    return frames


class Subsampler(nn.Module):
    """Mel frames to encoder frames, four to one: [B, T, 128] -> [B, F, C]."""

    def __init__(self, size):
        super().__init__()
        kernel, stride = size.subsampling_kernel, size.subsampling_stride
        self.dense_0 = nn.Linear(size.mel_bins, size.hidden)
        self.conv_0 = nn.Conv1d(size.hidden, size.hidden, kernel, stride)
        self.conv_1 = nn.Conv1d(size.hidden, size.subsampling_channels, kernel, stride)
        self.dense_1 = nn.Linear(size.subsampling_channels, size.hidden)

    def forward(self, x):
        x = functional.relu(self.dense_0(x)).transpose(1, 2)
        x = functional.relu(self.conv_0(x))
        x = functional.relu(self.conv_1(x))
        return self.dense_1(x.transpose(1, 2))


class FeedForward(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.linear1 = nn.Linear(size.hidden, size.feed_forward, bias=False)
        self.linear2 = nn.Linear(size.feed_forward, size.hidden, bias=False)

    def forward(self, x):
        return self.linear2(functional.silu(self.linear1(x)))


class Attention(nn.Module):
    """Bidirectional attention with rotary positions, without biases.

    The products are written out: on a CPU the backward pass of torch's fused
    attention takes several times as long at these lengths.
    """

    def __init__(self, size):
        super().__init__()
        self.heads, self.head = size.heads, size.head
        for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
            setattr(self, name, nn.Linear(size.hidden, size.hidden, bias=False))

    def forward(self, x, bias, cos, sin):
        weight = torch.cat([self.q_proj.weight, self.k_proj.weight, self.v_proj.weight])
        qkv = functional.linear(x, weight).unflatten(-1, (3, self.heads, self.head))
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)  # [B, heads, F, head]
        q, k = rotate(q, cos, sin) * self.head**-0.5, rotate(k, cos, sin)
        scores = torch.matmul(q, k.transpose(-1, -2)).float() + bias
        mixed = torch.matmul(scores.softmax(-1).to(v.dtype), v)
        return self.o_proj(mixed.transpose(1, 2).flatten(2))


def rotate(x, cos, sin):
    """Rotary position embedding, halves layout (pairs i and i + head/2)."""
    a, b = x.float().chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1).to(x.dtype)


class Convolution(nn.Module):
    """Pointwise, GLU, depthwise, batch norm, SiLU, pointwise: [B, F, C] -> [B, F, C]."""

    def __init__(self, size):
        super().__init__()
        hidden, self.kernel = size.hidden, size.depthwise_kernel
        self.pointwise_conv1 = nn.Conv1d(hidden, 2 * hidden, 1, bias=False)
        self.depthwise_conv = nn.Conv1d(hidden, hidden, self.kernel, groups=hidden, bias=False)
        self.norm = nn.BatchNorm1d(hidden, size.batch_norm_eps, size.batch_norm_momentum)
        self.pointwise_conv2 = nn.Conv1d(hidden, hidden, 1, bias=False)

    def forward(self, x, valid):
        x = functional.linear(x, self.pointwise_conv1.weight.squeeze(-1))
        x = functional.glu(x.float(), -1) * valid
        x = depthwise(x, self.depthwise_conv.weight)
        x, mean, variance = self.normalise(x, valid)
        x = functional.linear(functional.silu(x), self.pointwise_conv2.weight.squeeze(-1))
        return x, mean, variance

    def normalise(self, x, valid):
        """Batch norm: over the valid frames of this batch, or by the running statistics."""
        norm = self.norm
        if self.training:
            count = valid.sum()
            mean = (x * valid).sum((0, 1)) / count
            variance = ((x - mean).square() * valid).sum((0, 1)) / count
        else:
            mean, variance = norm.running_mean, norm.running_var
        scale = norm.weight * torch.rsqrt(variance + norm.eps)
        return (x - mean) * scale + norm.bias, mean, variance


def depthwise(x, weight):
    """Depthwise convolution, padding "same": x [B, F, C], weight [C, 1, K] -> [B, F, C].

    An even kernel has the extra zero on the right, as torch's padding="same".
    """
    kernel = weight.shape[-1]
    left = (kernel - 1) // 2
    x = functional.pad(x.transpose(1, 2), (left, kernel - 1 - left))
    return functional.conv1d(x, weight, groups=weight.shape[0]).transpose(1, 2)


class Block(nn.Module):
    """One Conformer block with LASR's residual weights."""

    def __init__(self, size):
        super().__init__()
        self.feed_forward1, self.feed_forward2 = FeedForward(size), FeedForward(size)
        self.self_attn, self.conv = Attention(size), Convolution(size)
        for name in ("feed_forward1", "self_att", "conv", "feed_forward2", "out"):
            setattr(self, "norm_" + name, nn.LayerNorm(size.hidden, size.norm_eps, bias=False))
        self.feed_forward_weights = size.feed_forward_weights
        self.convolution_weights = size.convolution_weights

    def forward(self, x, valid, bias, cos, sin):
        """Returns the new x and the batch mean and variance of the convolution's norm."""
        old, new = self.feed_forward_weights
        x = old * x + new * self.feed_forward1(self.norm_feed_forward1(x))
        x = x + self.self_attn(self.norm_self_att(x), bias, cos, sin)
        mixed, mean, variance = self.conv(self.norm_conv(x), valid)
        x = self.convolution_weights[0] * x + self.convolution_weights[1] * mixed
        x = old * x + new * self.feed_forward2(self.norm_feed_forward2(x))
        return self.norm_out(x), mean, variance


class Encoder(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.subsampler = Subsampler(size)
        self.layers = nn.ModuleList(Block(size) for _ in range(size.layers))
        self.out_norm = nn.LayerNorm(size.hidden, size.norm_eps, bias=False)


class Network(nn.Module):
    """Log-mel frames [B, T, 128] and their counts [B] to logits [B, F, 512].

    `mel_mean` and `mel_scale` normalise the input; they are no parameters and
    part of the state dict under these names, which no LASR checkpoint has.
    `momentum` None leaves the running statistics alone (see `reestimating`).
    """

    def __init__(self, size=SIZE):
        super().__init__()
        self.size = size
        self.encoder = Encoder(size)
        self.ctc_head = nn.Conv1d(size.hidden, size.vocabulary, 1)
        self.register_buffer("mel_mean", torch.zeros(size.mel_bins))
        self.register_buffer("mel_scale", torch.ones(size.mel_bins))
        self.fast = False  # blocks by fast.py, for training on a CPU
        initialise(self)

    def forward(self, mel, counts):
        """Returns (logits, middle logits or None, encoder frame counts [B])."""
        x = self.encoder.subsampler((mel - self.mel_mean) * self.mel_scale).float()
        counts = encoder_frames(counts, self.size)
        valid = torch.arange(x.shape[1], device=x.device) < counts[:, None]
        bias = torch.where(valid, 0.0, -1e4)[:, None, None, :]
        cos, sin = angles(x.shape[1], self.size, x.device)
        middle = None
        for number, block in enumerate(self.encoder.layers, 1):
            if self.fast and self.training:
                x, mean, variance = fast.run_block(block, x, counts, (cos, sin))
            else:
                x, mean, variance = block(x, valid[..., None].float(), bias, cos, sin)
            self.remember(block.conv.norm, mean, variance)
            if self.training and number == self.size.middle:
                middle = self.logits(x)
        return self.logits(x), middle, counts

    def logits(self, x):
        x = functional.linear(self.encoder.out_norm(x), self.ctc_head.weight.squeeze(-1), self.ctc_head.bias)
        return x.float()

    def remember(self, norm, mean, variance):
        """Moves the running statistics: by momentum, or by 1/n where momentum is None, as torch does."""
        if not self.training:
            return
        norm.num_batches_tracked += 1
        share = norm.momentum if norm.momentum is not None else 1 / norm.num_batches_tracked.item()
        norm.running_mean.lerp_(mean.detach(), share)
        norm.running_var.lerp_(variance.detach(), share)

    def normalise_input(self, mean, std):
        """Sets the input normalisation from per-bin statistics; the constant bin 0 keeps scale 1."""
        self.mel_mean.copy_(mean)
        self.mel_scale.copy_(1 / torch.where(std < 0.05, torch.ones_like(std), std))


def angles(frames, size, device):
    """cos and sin of the rotary angles, [F, head/2] float32."""
    half = torch.arange(0, size.head, 2, dtype=torch.float32, device=device)
    frequency = 1.0 / (size.rope_theta ** (half / size.head))
    angle = torch.arange(frames, dtype=torch.float32, device=device)[:, None] * frequency
    return angle.cos(), angle.sin()


def initialise(network):
    """Normal weights of std 1/sqrt(fan-in), 2/fan-in variance before ReLU; biases zero."""
    for name, weight in network.named_parameters():
        if weight.dim() == 1:
            nn.init.zeros_(weight) if name.endswith("bias") else nn.init.ones_(weight)
            continue
        fan_in = weight[0].numel()
        before_relu = "subsampler" in name and "dense_1" not in name
        nn.init.normal_(weight, std=((2 if before_relu else 1) / fan_in) ** 0.5)

