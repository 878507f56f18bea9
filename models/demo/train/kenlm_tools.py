"""KenLM's lmplz and build_binary, built from the sources in PyPI's kenlm (LGPL 2.1; only tools here).

Needs cmake, a C++ compiler and Debian's libboost-program-options-dev,
libboost-thread-dev, libboost-system-dev and libboost-test-dev; a minute or two, once.
"""

import hashlib
import subprocess
import sys
import tarfile

import work

SDIST = "kenlm==0.3.0"
SHA256 = "c4628bb9fb63c8a6f9240035b8b037385cfc404cb72e933cf48878291edac1e8"


def program(name):
    """The path of lmplz or build_binary."""
    built = work.downloads() / "kenlm" / "build" / "bin" / name
    if not built.exists():
        build(work.downloads() / "kenlm")
    return built


def build(folder):
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "kenlm", "-d", folder, SDIST], check=True)
    packed = folder / (SDIST.replace("==", "-") + ".tar.gz")
    if hashlib.sha256(packed.read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{packed.name}: not the file this recipe was made with; delete it and try again")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    subprocess.run(["cmake", "-S", folder / packed.name.removesuffix(".tar.gz"), "-B", folder / "build"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder / "build", "--target", "lmplz", "build_binary"], check=True, stdout=subprocess.DEVNULL)
