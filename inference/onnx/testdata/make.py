"""Writes the small graphs of the tests: python make.py

Versions used: Python 3.11, onnx 1.23.2, numpy 2.4.6.

Every graph that is accepted takes each fourth frame's first six features,
multiplies them by the mask (1 where there is none) and adds 0.5.
"""
import os

import numpy as np
from onnx import TensorProto as T, helper as h, load, save

here = os.path.dirname(os.path.abspath(__file__))


def info(name, kind, shape):
    return h.make_tensor_value_info(name, kind, shape)


def ints(name, *values):
    return h.make_tensor(name, T.INT64, [len(values)], values)


def write(name, inputs, outputs, nodes, constants=()):
    graph = h.make_graph(nodes, name, inputs, outputs, list(constants))
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 18)], ir_version=8)
    save(model, os.path.join(here, name + ".onnx"))


CONSTANTS = [
    ints("from", 0, 0), ints("to", 2**40, 6), ints("axes", 1, 2), ints("steps", 4, 1),
    ints("from1", 0), ints("to1", 2**40), ints("axis1", 1), ints("step1", 4), ints("last", 2),
    h.make_tensor("half", T.FLOAT, [], [0.5]),
]


def body(features, mask=None):
    nodes = [h.make_node("Slice", [features, "from", "to", "axes", "steps"], ["rows"])]
    rows = "rows"
    if mask:
        nodes += [
            h.make_node("Slice", [mask, "from1", "to1", "axis1", "step1"], ["few"]),
            h.make_node("Cast", ["few"], ["real"], to=T.FLOAT),
            h.make_node("Unsqueeze", ["real", "last"], ["column"]),
            h.make_node("Mul", ["rows", "column"], ["masked"]),
        ]
        rows = "masked"
    return nodes + [h.make_node("Add", [rows, "half"], ["logits"])]


def family(name, features, mask=None, kind=None, batch=1, bins=128, vocab=6, swap=False):
    inputs = [info(features, T.FLOAT, [batch, "T", bins])]
    if mask:
        inputs.append(info(mask, kind, [batch, "T"]))
    if swap:
        inputs.reverse()
    write(name, inputs, [info("logits", T.FLOAT, [batch, "R", vocab])], body(features, mask), CONSTANTS)


# sherpa-onnx's export: its lengths cut one row here
write(
    "sherpa",
    [info("x", T.FLOAT, ["N", "T", 128]), info("mask", T.INT64, ["N", "T"])],
    [info("logits", T.FLOAT, ["N", "R", 6]), info("logits_len", T.INT64, ["N"])],
    body("x", "mask") + [
        h.make_node("ReduceSum", ["mask", "axis1"], ["valid"], keepdims=0),
        h.make_node("Div", ["valid", "four"], ["quarter"]),
        h.make_node("Sub", ["quarter", "one"], ["logits_len"]),
    ],
    CONSTANTS + [ints("four", 4), ints("one", 1)],
)
family("masked_int32", "input_features", "attention_mask", T.INT32)
family("masked_int64", "input_features", "attention_mask", T.INT64, swap=True)
family("masked_bool", "input_features", "attention_mask", T.BOOL, batch="N")
family("plain", "input_features", bins="B", vocab="V")

# refused
family("refused_mask_float", "input_features", "attention_mask", T.FLOAT)
family("refused_name", "features")
write("refused_bins", [info("input_features", T.FLOAT, [1, "T", 80])], [info("logits", T.FLOAT, [1, "R", 6])], body("input_features"), CONSTANTS)
write(
    "refused_waveform",
    [info("input_values", T.FLOAT, [1, "T"]), info("mask", T.BOOL, [1, "T"])],
    [info("logits", T.FLOAT, [1, "T"])],
    [h.make_node("Cast", ["mask"], ["real"], to=T.FLOAT), h.make_node("Mul", ["input_values", "real"], ["logits"])],
)
write(
    "refused_float16",
    [info("input_features", T.FLOAT16, [1, "T", 128])],
    [info("logits", T.FLOAT16, [1, "T", 128])],
    [h.make_node("Neg", ["input_features"], ["logits"])],
)
write(
    "refused_output",
    [info("input_features", T.FLOAT, [1, "T", 128])],
    [info("tokens", T.INT64, [1, "T"])],
    [h.make_node("ArgMax", ["input_features"], ["tokens"], axis=2, keepdims=0)],
)
# the graph does not say that its answer has the wrong rank
write(
    "flat",
    [info("input_features", T.FLOAT, [1, "T", 128])],
    [info("logits", T.FLOAT, None)],
    [h.make_node("ReduceSum", ["input_features", "axis1"], ["logits"], keepdims=0)],
    [ints("axis1", 1)],
)
# would run for years: to be cancelled
loop = h.make_graph(
    [h.make_node("Identity", ["go"], ["goes"]), h.make_node("Sin", ["in"], ["out"])],
    "loop",
    [info("i", T.INT64, []), info("go", T.BOOL, []), info("in", T.FLOAT, None)],
    [info("goes", T.BOOL, []), info("out", T.FLOAT, None)],
)
write(
    "endless",
    [info("input_features", T.FLOAT, [1, "T", 128])],
    [info("logits", T.FLOAT, [1, "T", 128])],
    [h.make_node("Loop", ["trips", "true", "input_features"], ["logits"], body=loop)],
    [h.make_tensor("trips", T.INT64, [], [2**50]), h.make_tensor("true", T.BOOL, [], [True])],
)
# weights in a file beside it, which is not kept: for a model copied in part
external = h.make_tensor("half", T.FLOAT, [2000], np.full(2000, 0.5, "<f4").tobytes(), raw=True)
write("external", [info("input_features", T.FLOAT, [1, "T", 128])], [info("logits", T.FLOAT, [1, "T", 128])],
      [h.make_node("ReduceMean", ["half"], ["mean"], keepdims=0), h.make_node("Add", ["input_features", "mean"], ["logits"])], [external])
whole = load(os.path.join(here, "external.onnx"))
os.remove(os.path.join(here, "external.onnx"))
save(whole, os.path.join(here, "external.onnx"), save_as_external_data=True, location="external.data", size_threshold=0)
os.remove(os.path.join(here, "external.data"))
