"""Makes the golden files of this folder with the executable reference.

Needs: python 3.11+, torch 2.15.0 (CPU), transformers 5.23.0, tokenizers 0.23.3,
safetensors 0.8.0, numpy 2.4.6. What was really used is written to versions.json.

    python make.py            # from this folder; clip.s16 must be there

Three random checkpoints (a, b, c) are saved as LasrForCTC and LasrProcessor
save them; then the features, logits, greedy ids and chunked-pipeline ids of
tiled speech are taken from transformers. README.md describes every file.
"""

import json
import pathlib
import platform
import shutil

import numpy as np
import safetensors
import tokenizers
import torch
import transformers
from transformers import (
    AutomaticSpeechRecognitionPipeline,
    LasrCTCConfig,
    LasrEncoderConfig,
    LasrFeatureExtractor,
    LasrForCTC,
    LasrProcessor,
    LasrTokenizer,
)

HERE = pathlib.Path(__file__).parent
LENGTHS = [399, 400, 2319, 2320, 16000, 319999, 320000, 320001, 576000, 576001, 976000]
LOGIT_STEP = 37  # of a long one-pass result every 37th row is kept
FEATURE_STEP = 97

SIZES = {
    # F32, one file, preprocessor_config.json beside processor_config.json.
    "a": dict(
        vocab=64,
        dtype=torch.float32,
        shard=None,
        encoder=dict(
            hidden_size=48, num_hidden_layers=2, num_attention_heads=3, intermediate_size=112,
            conv_kernel_size=32, subsampling_conv_channels=32,
        ),
    ),
    # Everything config.json can vary, BF16, in shards.
    "b": dict(
        vocab=96,
        dtype=torch.bfloat16,
        shard="60KB",
        encoder=dict(
            hidden_size=40, num_hidden_layers=3, num_attention_heads=5, num_key_value_heads=1, head_dim=16,
            intermediate_size=104, conv_kernel_size=9, subsampling_conv_channels=24, layer_norm_eps=1e-5,
            feed_forward_residual_weights=[1.25, 0.75], conv_residual_weights=[1.5, 0.8],
            attention_bias=True, convolution_bias=True,
            rope_parameters={"rope_type": "default", "rope_theta": 5000.0},
        ),
    ),
    # Other sub-sampling, two K/V heads of four, an even kernel, F16.
    "c": dict(
        vocab=40,
        dtype=torch.float16,
        shard=None,
        encoder=dict(
            hidden_size=24, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2, head_dim=10,
            intermediate_size=56, conv_kernel_size=8, subsampling_conv_channels=20, subsampling_conv_kernel_size=4,
            subsampling_conv_stride=3, attention_bias=True,
        ),
    ),
}

PIECES = (
    "e s t a ▁the o n i ed ▁a r d . , ing ▁of y m al er ▁to ▁and in l c p u or ar ▁{ period } ▁is ▁no es on ra g h f b k v w 1 2 3 0"
    " re le ation ▁chest comma [ ] ▁in I S T E N lung ▁right ▁left ti ic en ph oma itis ▁pain ▁mm mg ▁normal 4 5 6 7 8 9 an at it"
    " ve ▁with us ▁ex th ck qu x z j ' - / ▁un"
).split()


def clip(n):
    """n samples: the clip, tiled, as float32 in [-1, 1)."""
    s = np.fromfile(HERE / "clip.s16", dtype="<i2")
    return np.resize(s, n).astype(np.float32) / 32768.0


def tokenizer(vocab):
    pieces = ["<epsilon>", "<s>", "</s>", "<unk>", "▁"] + PIECES[: vocab - 5]
    assert len(pieces) == vocab == len(set(pieces))
    scores = [(p, 0.0 if i < 4 else -3.0 - 0.01 * i) for i, p in enumerate(pieces)]
    return LasrTokenizer(vocab=scores, pad_token="<epsilon>", unk_token="<unk>", extra_ids=3)


def spread(model, features, rng):
    """Random weights whose logits spread over several units and whose argmax varies."""
    enc = model.encoder
    mean, std = features.mean(0), features.std(0)
    std = np.where(std < 0.05, 1.0, std)
    for name, p in model.named_parameters():
        if p.dim() > 1:
            fan_in = p[0].numel()
            p.copy_(torch.from_numpy(rng.normal(0, fan_in**-0.5, p.shape).astype(np.float32)))
        elif name.endswith("bias"):
            p.copy_(torch.from_numpy(rng.normal(0, 0.2, p.shape).astype(np.float32)))
        else:
            p.copy_(torch.from_numpy(rng.uniform(0.6, 1.4, p.shape).astype(np.float32)))
    for name, p in model.named_buffers():
        if name.endswith("running_mean"):
            p.copy_(torch.from_numpy(rng.normal(0, 0.3, p.shape).astype(np.float32)))
        if name.endswith("running_var"):
            p.copy_(torch.from_numpy(rng.uniform(0.2, 1.5, p.shape).astype(np.float32)))
    # The network takes raw log-mel: the normalisation is inside dense_0.
    w, b = enc.subsampler.dense_0.weight, enc.subsampler.dense_0.bias
    w.copy_(w / torch.from_numpy(std).float())
    b.copy_(b - w @ torch.from_numpy(mean).float())
    logits = model(torch.from_numpy(features)[None]).logits[0]
    m, s = logits.mean(0), logits.std(0)
    head = model.ctc_head
    head.weight.copy_(head.weight * (2.0 / s)[:, None, None])
    head.bias.copy_((head.bias - m) * 2.0 / s)
    head.bias[0] += 2.0  # blank leads
    head.bias[2] += 0.4  # </s> and the bare space are among the greedy ids
    head.bias[4] += 1.0


def build(name, seed):
    """Saves checkpoint `name` and returns it, loaded again in float32."""
    size = SIZES[name]
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    encoder = LasrEncoderConfig(**size["encoder"])
    config = LasrCTCConfig(encoder_config=encoder, vocab_size=size["vocab"], pad_token_id=0)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    with torch.no_grad():
        model = LasrForCTC(config).eval()
        features = LasrFeatureExtractor()(clip(160000), sampling_rate=16000)["input_features"][0]
        spread(model, np.asarray(features), rng)
    kw = {"max_shard_size": size["shard"]} if size["shard"] else {}
    model.to(size["dtype"]).save_pretrained(folder, **kw)
    tok, ext = tokenizer(size["vocab"]), LasrFeatureExtractor()
    LasrProcessor(feature_extractor=ext, tokenizer=tok).save_pretrained(folder)
    if name == "a":
        ext.save_pretrained(folder)
    return LasrForCTC.from_pretrained(folder, dtype=torch.float32).eval(), LasrTokenizer.from_pretrained(folder)


def text(tok, frame_ids):
    """Collapse, drop the blank and 1, 2, 3, keep 4 as a space."""
    ids = [k for i, k in enumerate(frame_ids) if i == 0 or frame_ids[i - 1] != k]
    ids = [k for k in ids if k != 1]
    return tok.decode(ids, skip_special_tokens=True, group_tokens=False)


def one_pass(model, n):
    x = LasrFeatureExtractor()(clip(n), sampling_rate=16000, return_tensors="pt")["input_features"]
    with torch.no_grad():
        return model(x).logits[0].numpy()


def pipeline_ids(model, tok, n):
    """Frame ids kept by the chunked pipeline, before collapse, and the least gap in any window."""
    seen, gaps = [], []

    class Spy(LasrTokenizer):
        def decode(self, ids, **kw):
            seen.append([int(i) for i in ids])
            return super().decode(ids, **kw)

    spy = Spy.from_pretrained(tok.name_or_path)
    asr = AutomaticSpeechRecognitionPipeline(
        model=model, tokenizer=spy, feature_extractor=LasrFeatureExtractor(), chunk_length_s=20, stride_length_s=2, batch_size=1
    )
    hook = model.register_forward_hook(lambda _m, _i, out: gaps.append(gap(out.logits[0].numpy())))
    asr({"raw": clip(n), "sampling_rate": 16000})
    hook.remove()
    (ids,) = seen
    return ids, min(gaps)


def gap(logits):
    """The least distance between the best two scores of a frame."""
    top = np.sort(logits, -1)
    return float((top[:, -1] - top[:, -2]).min())


def case(name, model, tok, n):
    """One entry of golden_<name>.json, and its least gap."""
    c = {"samples": n, "ids": [], "text": "", "pipeline_ids": [], "pipeline_text": ""}
    try:
        logits = one_pass(model, n)
    except (RuntimeError, ValueError) as e:
        c["error"] = type(e).__name__  # too short for the reference: no text
        return c, 9.0
    step = 1 if len(logits) <= 50 else LOGIT_STEP
    c["rows"] = len(logits)
    c["logits"], c["logits_step"] = f"{name}_logits_{n}.npy", step
    np.save(HERE / c["logits"], np.ascontiguousarray(logits[::step], "<f4"))
    c["ids"] = [int(i) for i in logits.argmax(-1)]
    c["text"] = text(tok, c["ids"])
    least = gap(logits)
    if name != "c":
        c["pipeline_ids"], windowed = pipeline_ids(model, tok, n)
        c["pipeline_text"] = text(tok, c["pipeline_ids"])
        least = min(least, windowed)
    return c, least


def golden(name):
    """The first seed whose argmax no float noise can change, and that emits ids 0, 2 and 4 and doubled ids."""
    for seed in range(1, 200):
        model, tok = build(name, seed)
        lengths = LENGTHS if name != "c" else [16000, 320000]
        cases, gaps = zip(*(case(name, model, tok, n) for n in lengths))
        last = cases[-1]["ids"]
        doubled = sum(a == b != 0 for a, b in zip(last, last[1:]))
        print(name, seed, "gap", min(gaps), "distinct", len(set(last)), "blank", last.count(0) / len(last), "doubled", doubled, flush=True)
        if min(gaps) > 4e-4 and {0, 2, 4} <= set(last) and doubled > 4 and len(set(last)) > 12:
            break
    else:
        raise SystemExit("no seed will do")
    write(name, {"checkpoint": name, "seed": seed, "vocab": SIZES[name]["vocab"], "least_gap": min(gaps), "cases": cases})


def demo():
    """Real weights: the demo model that ships with the app."""
    folder = HERE / "../../demo/checkpoint"
    model = LasrForCTC.from_pretrained(folder, dtype=torch.float32).eval()
    tok = LasrTokenizer.from_pretrained(folder)
    cases, gaps = zip(*(case("demo", model, tok, n) for n in [98179, 576001]))
    write("demo", {"checkpoint": "demo", "vocab": model.config.vocab_size, "least_gap": min(gaps), "cases": cases})


def write(name, doc):
    """golden_<name>.json, a list of ids on one line."""
    body = json.dumps(doc, ensure_ascii=False, indent=1).replace(",\n    ", ", ").replace("[\n    ", "[").replace("\n   ]", "]")
    (HERE / f"golden_{name}.json").write_text(body + "\n")


def features():
    out = []
    for n in [400, 2320, 16000, 320001]:
        f = np.asarray(LasrFeatureExtractor()(clip(n), sampling_rate=16000)["input_features"][0])
        step = 1 if n <= 16000 else FEATURE_STEP
        np.save(HERE / f"features_{n}.npy", np.ascontiguousarray(f[::step], "<f4"))
        sums = f.astype(np.float64)
        out.append({
            "samples": n, "frames": len(f), "features": f"features_{n}.npy", "features_step": step,
            "sum": sums.sum(), "sum_of_squares": (sums**2).sum(),
        })
    (HERE / "golden_features.json").write_text(json.dumps({"cases": out}, indent=1) + "\n")


def main():
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(1)
    for old in HERE.glob("*.npy"):
        old.unlink()
    features()
    for name in SIZES:
        golden(name)
    demo()
    versions = {
        "python": platform.python_version(), "torch": torch.__version__, "transformers": transformers.__version__,
        "tokenizers": tokenizers.__version__, "safetensors": safetensors.__version__, "numpy": np.__version__,
    }
    (HERE / "versions.json").write_text(json.dumps(versions, indent=1) + "\n")


if __name__ == "__main__":
    main()
