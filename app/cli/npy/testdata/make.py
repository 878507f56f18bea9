"""Writes arrays with NumPy itself and golden.json, what is in them.

Run with numpy 2.4.6: python3 make.py
"""

import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(1)
values = rng.normal(0, 10, (3, 5))
values[0, :4] = [0, -0.0, 6.1e-5, 5e-8]  # zero and a float16's subnormal numbers
edge = np.array([[65504, -65504, 2.0**-24, np.inf, -np.inf]])

arrays = {
    "f2": values.astype("<f2"),
    "f2_big": values.astype(">f2"),
    "f2_edge": edge.astype("<f2"),
    "f4": values.astype("<f4"),
    "f4_big": values.astype(">f4"),
    "f4_fortran": np.asfortranarray(values.astype("<f4")),
    "f4_batch": values.astype("<f4")[None],
    "f4_batch_fortran": np.asfortranarray(rng.normal(0, 1, (2, 3, 4)).astype("<f4")),
    "f4_empty": np.zeros((0, 5), "<f4"),
    "f4_scalar": np.float32(3.5),
    "f8": values,
    "f8_fortran": np.asfortranarray(values),
    "i4": rng.integers(-100, 100, 7).astype("<i4"),
    "i8": rng.integers(-(2**40), 2**40, (2, 3)).astype("<i8"),
    "u1": np.frombuffer("{period} naïve".encode(), np.uint8),
}
golden = {}
for name, a in arrays.items():
    np.save(HERE / f"{name}.npy", a)
    flat = np.asarray(a).astype("f4" if a.dtype.kind == "f" else a.dtype).flatten("C")
    golden[name] = {"shape": list(a.shape), "values": [repr(v.item()) for v in flat]}
np.savez(HERE / "stored.npz", **{k: arrays[k] for k in ("f4", "i8", "u1")})
np.savez_compressed(HERE / "deflated.npz", **{k: arrays[k] for k in ("f4", "i8", "u1")})
np.save(HERE / "refused_object.npy", np.array([{}, 1], dtype=object), allow_pickle=True)
np.save(HERE / "refused_complex.npy", values.astype(complex))
np.save(HERE / "refused_text.npy", np.array(["period"]))
np.save(HERE / "refused_struct.npy", np.zeros(2, dtype=[("a", "<f4")]))
(HERE / "golden.json").write_text(json.dumps({"numpy": np.__version__, "arrays": golden}, indent=1) + "\n")
