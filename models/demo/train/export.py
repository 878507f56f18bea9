"""Writes a trained checkpoint as Google lays out MedASR, F16, and checks it against transformers.

    python export.py [--checkpoint train/checkpoint.pt] folder

The averaged weights are taken; the running statistics of the batch norms are
measured anew with them, since those of the training belong to other weights;
the input normalisation goes into subsampler.dense_0.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from curriculum import PHASES
from data import Batches, Speech
from features import BINS, FFT, HOP, RATE, WINDOW, LogMel, frames_of
from network import SIZE, Network
from tokenizer import Pieces
from work import ROOT

BATCHES = 20  # for the statistics


def measure_statistics(network, batches, settings, strength):
    """Replaces the running statistics by the mean over some training batches."""
    network.train()
    for block in network.encoder.layers:
        block.conv.norm.reset_running_stats()
        block.conv.norm.momentum = None  # a cumulative mean
    with torch.no_grad():
        for _ in range(BATCHES):
            batch = batches.next(settings, strength)
            network(batch.mel, batch.counts)
    network.eval()


def fold_normalisation(network):
    """Puts (mel - mean) * scale into dense_0, which then takes raw log-mel."""
    dense = network.encoder.subsampler.dense_0
    with torch.no_grad():
        dense.weight.mul_(network.mel_scale)
        dense.bias.sub_(dense.weight @ network.mel_mean)
        network.mel_mean.zero_()
        network.mel_scale.fill_(1)


def config(size=SIZE):
    """config.json: the names of google/medasr's, the numbers of this network."""
    encoder = {
        "activation_dropout": 0.1, "attention_bias": False, "attention_dropout": 0.1,
        "batch_norm_momentum": size.batch_norm_momentum, "conv_kernel_size": size.depthwise_kernel,
        "conv_residual_weights": list(size.convolution_weights), "convolution_bias": False, "dropout": 0.1,
        "dropout_positions": 0.0, "feed_forward_residual_weights": list(size.feed_forward_weights),
        "hidden_act": "silu", "hidden_size": size.hidden, "initializer_range": 0.02,
        "intermediate_size": size.feed_forward, "layer_norm_eps": size.norm_eps, "layerdrop": 0.1,
        "max_position_embeddings": 10000, "model_type": "lasr_encoder", "num_attention_heads": size.heads,
        "num_hidden_layers": size.layers, "num_key_value_heads": size.heads, "num_mel_bins": size.mel_bins,
        "rope_parameters": {"rope_theta": size.rope_theta, "rope_type": "default"},
        "subsampling_conv_channels": size.subsampling_channels,
        "subsampling_conv_kernel_size": size.subsampling_kernel, "subsampling_conv_stride": size.subsampling_stride,
    }
    return {
        "architectures": ["LasrForCTC"], "ctc_loss_reduction": "mean", "ctc_zero_infinity": True, "dtype": "float32",
        "encoder_config": encoder, "initializer_range": 0.02, "model_type": "lasr_ctc", "pad_token_id": 0,
        "vocab_size": size.vocabulary,
    }


def preprocessor():
    return {
        "feature_extractor_type": "LasrFeatureExtractor", "feature_size": BINS, "hop_length": HOP, "n_fft": FFT,
        "padding_side": "right", "padding_value": 0.0, "return_attention_mask": True, "sampling_rate": RATE,
        "win_length": WINDOW,
    }


def write(network, folder, tokenizer):
    """The five files of a model folder."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in network.state_dict().items() if not name.startswith("mel_")
    }
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)
    for name, content in (("config.json", config()), ("preprocessor_config.json", preprocessor())):
        (folder / name).write_text(json.dumps(content, indent=2) + "\n")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(tokenizer / name, folder / name)


def export(state, folder, batches):
    """Writes the model folder of a checkpoint's state; returns its network. `batches` measure its statistics."""
    network, curriculum = Network(), state["curriculum"]
    network.load_state_dict(state["network"] | state["average"])
    measure_statistics(network, batches, PHASES[curriculum["phase"]], curriculum["strength"])
    fold_normalisation(network)
    write(network, folder, ROOT / "tokenizer")
    return network


def training_batches():
    return Batches(Speech(ROOT / "speech", Pieces(ROOT / "tokenizer")), seed=7)


def check(network, folder, utterances):
    """Prints how our logits and texts compare with transformers' on some utterances."""
    from transformers import AutoModelForCTC, AutoProcessor

    processor = AutoProcessor.from_pretrained(folder)
    model = AutoModelForCTC.from_pretrained(folder, dtype=torch.float32).eval()
    pieces, mel = Pieces(folder), LogMel(torch.float64)
    worst, largest, same = 0.0, 0.0, 0
    for utterance in utterances:
        wave = np.asarray(utterance.sound, np.float32) / 32768
        inputs = processor(wave, sampling_rate=RATE, return_tensors="pt")
        with torch.no_grad():
            theirs = model(**inputs).logits[0]
            ours = network(mel(torch.from_numpy(wave)[None]).float(), frames_of(torch.tensor([len(wave)])))[0][0]
        worst, largest = max(worst, (ours - theirs).abs().max().item()), max(largest, theirs.abs().max().item())
        ids = theirs.argmax(-1)
        text = pieces.text(ids.tolist())
        same += text == processor.batch_decode(ids[None], skip_special_tokens=True)[0]
        print(f"  {pieces.tokenizer.decode(utterance.ids)!r}\n  -> {text!r}")
    print(f"{len(utterances)} clips: logits differ by at most {worst:.4f} of {largest:.1f} (weights in F16 there, "
          f"F32 here); {same} texts alike by both decoders")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--checkpoint", type=Path, default=ROOT / "train" / "checkpoint.pt")
    options = parser.parse_args()
    batches = training_batches()
    network = export(torch.load(options.checkpoint, map_location="cpu"), options.folder, batches)
    check(network, options.folder, batches.speech.utterances[:: max(1, len(batches.speech.utterances) // 8)][:8])
    size = sum(file.stat().st_size for file in options.folder.iterdir())
    print(f"{options.folder}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
