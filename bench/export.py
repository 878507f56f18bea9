#!/usr/bin/env python3
"""export.py CHECKPOINT OUT: a LASR CTC checkpoint as sherpa-onnx takes it.

Writes model.onnx, model.int8.onnx and tokens.txt into the folder OUT: the graph that
torch's tracing exporter makes of transformers' LasrForCTC, inputs x and mask, outputs
logits and logits_len, opset 14; for int8, ONNX Runtime's dynamic quantisation of its
MatMuls with unsigned weights. These are the choices with which sherpa-onnx publishes
its MedASR, so that the benchmark compares with what people really download.

Made and tried with Python 3.11, torch 2.15.0, transformers 5.23.0, onnx 1.23.2,
onnxruntime 1.30.0:

    pip install torch transformers onnx onnxruntime onnxscript
"""
import json
import pathlib
import sys

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModelForCTC


class Exported(torch.nn.Module):
    """LasrForCTC with the inputs and outputs that sherpa-onnx wants."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x, mask):
        logits = self.model(x, mask.bool()).logits
        lengths = self.model._get_subsampling_output_length(mask.sum(-1))
        return logits, lengths.to(torch.int64)


def describe(path, vocab):
    """sherpa-onnx recognises the model by its metadata."""
    model = onnx.load(path)
    for key, value in {"model_type": "medasr_ctc", "version": "20251225", "vocab_size": vocab, "subsampling_factor": 4}.items():
        model.metadata_props.add(key=key, value=str(value))
    onnx.save(model, path)


def tokens(checkpoint, path):
    vocab = json.loads((checkpoint / "tokenizer.json").read_text())["model"]["vocab"]
    pieces = ["<blk>"] + [piece for piece, _ in vocab[1:]]
    path.write_text("".join(f"{piece} {i}\n" for i, piece in enumerate(pieces)), encoding="utf-8")


@torch.no_grad()
def main():
    checkpoint, out = map(pathlib.Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    model = AutoModelForCTC.from_pretrained(checkpoint).eval()
    tokens(checkpoint, out / "tokens.txt")
    path = str(out / "model.onnx")
    torch.onnx.export(
        Exported(model),
        (torch.rand(1, 100, 128), torch.ones(1, 100, dtype=torch.int64)),
        path,
        input_names=["x", "mask"],
        output_names=["logits", "logits_len"],
        dynamic_axes={"x": {0: "N", 1: "T"}, "mask": {0: "N", 1: "T"}, "logits": {0: "N", 1: "T_4"}, "logits_len": {0: "N"}},
        opset_version=14,
        external_data=False,
        dynamo=False,
    )
    describe(path, model.config.vocab_size)
    quantize_dynamic(path, str(out / "model.int8.onnx"), op_types_to_quantize=["MatMul"], weight_type=QuantType.QUInt8)


if __name__ == "__main__":
    main()
