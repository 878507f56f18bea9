"""A block's forward and backward pass by hand, for training on a CPU.

Matrix products are torch's in bfloat16, everything between them is fused in
kernels.cpp. The arithmetic is that of network.Block under autocast; the
residual stream and the norms' statistics are float32.

Names: x the residual stream [N, C] float32 (N = B * F frames), n a norm's
output, h a feed-forward's hidden layer, g... a gradient.
"""

import functools
from pathlib import Path

import torch


@functools.cache
def kernels():
    """The compiled kernels.cpp (half a minute the first time), for this very CPU."""
    from torch.utils.cpp_extension import load

    flags = ["-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math"]
    return load("demo_model_kernels", [str(Path(__file__).with_name("kernels.cpp"))], extra_cflags=flags)


def run_block(block, x, counts, angles):
    """The block for x [B, F, C] float32 with counts [B] of valid frames: (x, mean, variance)."""
    conv, attention = block.conv, block.self_attn
    qkv = torch.cat([attention.q_proj.weight, attention.k_proj.weight, attention.v_proj.weight])
    return FastBlock.apply(
        x, counts, angles, block,
        block.norm_feed_forward1.weight, block.feed_forward1.linear1.weight, block.feed_forward1.linear2.weight,
        block.norm_self_att.weight, qkv, attention.o_proj.weight,
        block.norm_conv.weight, conv.pointwise_conv1.weight.squeeze(-1), conv.depthwise_conv.weight.squeeze(1),
        conv.norm.weight, conv.norm.bias, conv.pointwise_conv2.weight.squeeze(-1),
        block.norm_feed_forward2.weight, block.feed_forward2.linear1.weight, block.feed_forward2.linear2.weight,
        block.norm_out.weight,
    )


class FastBlock(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, counts, angles, block, *weights):
        k = kernels()
        (norm1, up1, down1, norm_att, qkv, out, norm_conv, point1, depth, scale, shift, point2,
         norm2, up2, down2, norm_out) = weights
        up1, down1, qkv, out, point1, point2, up2, down2 = (
            w.to(torch.bfloat16) for w in (up1, down1, qkv, out, point1, point2, up2, down2))
        depth = depth.t().contiguous()
        b, f, c = x.shape
        heads, eps = block.self_attn.heads, block.norm_out.eps
        old, new = block.feed_forward_weights
        old_conv, new_conv = block.convolution_weights

        x1, n1, s1 = k.residual_norm(x.reshape(b * f, c), None, 1, 1, norm1, eps, False)
        h1 = n1 @ up1.t()
        a1 = k.silu(h1)

        x2, n2, s2 = k.residual_norm(x1, a1 @ down1.t(), old, new, norm_att, eps, False)
        q, key, v = k.split_heads(n2 @ qkv.t(), b, f, heads, c // heads, *angles)
        p = torch.bmm(q, key.transpose(1, 2))
        k.softmax(p, counts, heads)
        mixed = unite(torch.bmm(p, v), b, heads)

        x3, n3, s3 = k.residual_norm(x2, mixed @ out.t(), 1, 1, norm_conv, eps, False)
        ab = n3 @ point1.t()
        u = k.glu(ab, counts, f)
        d = k.depthwise(u, depth, f, (len(depth) - 1) // 2)
        mean, variance = k.statistics(d, counts, f)
        inverse = torch.rsqrt(variance + block.conv.norm.eps)
        a3 = k.normed_silu(d, mean, inverse, scale, shift)

        x4, n4, s4 = k.residual_norm(x3, a3 @ point2.t(), old_conv, new_conv, norm2, eps, False)
        h4 = n4 @ up2.t()
        a4 = k.silu(h4)

        x5, y, s5 = k.residual_norm(x4, a4 @ down2.t(), old, new, norm_out, eps, True)
        ctx.shape, ctx.block, ctx.angles = (b, f, c), block, angles
        ctx.save_for_backward(
            counts, norm1, up1, down1, norm_att, qkv, out, norm_conv, point1, depth, scale, shift, point2, norm2, up2,
            down2, norm_out, x1, n1, s1, h1, a1, x2, n2, s2, q, key, v, p, mixed, x3, n3, s3, ab, u, d, mean, inverse,
            a3, x4, n4, s4, h4, a4, x5, s5)
        ctx.mark_non_differentiable(mean, variance)
        return y.view(b, f, c), mean, variance

    @staticmethod
    def backward(ctx, g, _mean, _variance):
        k = kernels()
        (counts, norm1, up1, down1, norm_att, qkv, out, norm_conv, point1, depth, scale, shift, point2, norm2, up2,
         down2, norm_out, x1, n1, s1, h1, a1, x2, n2, s2, q, key, v, p, mixed, x3, n3, s3, ab, u, d, mean, inverse,
         a3, x4, n4, s4, h4, a4, x5, s5) = ctx.saved_tensors
        b, f, c = ctx.shape
        heads = ctx.block.self_attn.heads
        old, new = ctx.block.feed_forward_weights
        old_conv, new_conv = ctx.block.convolution_weights

        gx5, gy, g_norm_out = k.norm_backward(g.contiguous().view(b * f, c), x5, s5, norm_out, None, 0, new)
        g_down2, g_up2, gn = feed_forward_backward(gy, a4, h4, n4, up2, down2)
        gx4, gy, g_norm2 = k.norm_backward(gn, x4, s4, norm2, gx5, old, new_conv)

        g_point2 = gy.t() @ a3
        gd, sums = k.normed_silu_backward(gy @ point2, d, mean, inverse, scale, shift, counts, f)
        left = (len(depth) - 1) // 2
        g_depth = k.depthwise_weight(u, gd, len(depth), f, left)
        gu = k.depthwise(gd, depth.flip(0), f, len(depth) - 1 - left)
        gab = k.glu_backward(ab, gu, counts, f)
        g_point1 = gab.t() @ n3
        gx3, gy, g_norm_conv = k.norm_backward(gab @ point1, x3, s3, norm_conv, gx4, old_conv, 1)

        g_out = gy.t() @ mixed
        gm = divide(gy @ out, b, f, heads)
        gv = torch.bmm(p.transpose(1, 2), gm)
        gs = torch.bmm(gm, v.transpose(1, 2))
        k.softmax_backward(p, gs)
        gqkv = k.join_heads_backward(
            torch.bmm(gs, key), torch.bmm(gs.transpose(1, 2), q), gv, b, f, heads, c // heads, *ctx.angles)
        g_qkv = gqkv.t() @ n2
        gx2, gy, g_norm_att = k.norm_backward(gqkv @ qkv, x2, s2, norm_att, gx3, 1, new)

        g_down1, g_up1, gn = feed_forward_backward(gy, a1, h1, n1, up1, down1)
        gx1, _, g_norm1 = k.norm_backward(gn, x1, s1, norm1, gx2, old, 1)
        gradients = (g_norm1, g_up1, g_down1, g_norm_att, g_qkv, g_out, g_norm_conv, g_point1, g_depth.t(),
                     sums[0], sums[1], g_point2, g_norm2, g_up2, g_down2, g_norm_out)
        return (gx1.view(b, f, c), *[None] * 3, *(gradient.float() for gradient in gradients))


def feed_forward_backward(gy, a, h, n, up, down):
    """Gradients of the two weights and of the norm's output n."""
    gh = kernels().silu_backward(h, gy @ down)
    return gy.t() @ a, gh.t() @ n, gh @ up


def unite(x, b, heads):
    """[B * H, F, D] -> [B * F, H * D]."""
    _, f, d = x.shape
    return x.view(b, heads, f, d).transpose(1, 2).reshape(b * f, heads * d)


def divide(x, b, f, heads):
    """[B * F, H * D] -> [B * H, F, D]."""
    d = x.shape[1] // heads
    return x.view(b, f, heads, d).transpose(1, 2).reshape(b * heads, f, d)
