"""Writes packages/core/fixtures/numpy-draws.json: what numpy's RandomState draws, for the tests of core's RandomState.

Doubles are written as Python's repr, which is exact; long results as their first entries and a SHA-256 over
little-endian uint32.
"""

import hashlib

import numpy as np

import golden

SEEDS = (0, 1, 42, 2**32 - 1)
SPANS = ((0, 1), (0, 2), (0, 7), (-5, 6), (0, 257), (0, 2**31), (-(2**31), 2**31), (0, 2**32))


def plain(value):
    return value.item() if isinstance(value, np.generic) else value


def digest(order):
    return hashlib.sha256(np.asarray(order, "<u4").tobytes()).hexdigest()


def permutation(seed, n):
    order = np.random.RandomState(seed).permutation(n)
    return {"n": n, "first": order[:8].tolist(), "sha256": digest(order)}


def shuffled(seed, n):
    random, values = np.random.RandomState(seed), np.arange(100, 100 + n)
    random.shuffle(values)
    first = values.tolist()
    random.shuffle(values)
    return {"n": n, "once": first, "twice": values.tolist()}


def mixed(seed):
    """Kinds in turn from one generator: shows that each call takes as many words as numpy's."""
    random = np.random.RandomState(seed)
    calls = [
        ("random", []),
        ("uniform", [-10.0, 10.0]),
        ("randint", [0, 10]),
        ("permutation", [5]),
        ("uniform", [0.9, 1.1]),
        ("choice", [[-1, 1]]),
        ("random", []),
        ("randint", [5, 6]),
        ("choice", [[0.25, 0.5, 0.75]]),
        ("permutation", [1]),
        ("random", []),
    ]
    results = []
    for name, arguments in calls * 40:  # more than the 624 words of one state
        value = getattr(random, name)(*arguments)
        results.append(value.tolist() if isinstance(value, np.ndarray) else plain(value))
    key, position = random.get_state(legacy=True)[1:3]
    return {"calls": [list(call) for call in calls], "results": results, "position": position, "state": digest(key)}


def draws(seed):
    random = lambda: np.random.RandomState(seed)  # noqa: E731
    choices = random()
    return {
        "seed": seed,
        "words": random().randint(0, 2**32, 8, np.uint32).tolist(),
        "random": random().random(8).tolist(),
        "uniform": [{"low": low, "high": high, "values": random().uniform(low, high, 5).tolist()} for low, high in ((-10.0, 10.0), (0.9, 1.1), (-0.1, 0.1), (3.0, 3.0))],
        "randint": [{"low": low, "high": high, "values": [plain(v) for v in random().randint(low, high, 6)]} for low, high in SPANS],
        "choice": {"values": [3, 1, 4, 1, 5], "picked": [plain(choices.choice([3, 1, 4, 1, 5])) for _ in range(12)]},
        "permutation": [permutation(seed, n) for n in (0, 1, 2, 257, 60000)],
        "shuffle": [shuffled(seed, n) for n in (1, 2, 10)],
        "mixed": mixed(seed),
    }


if __name__ == "__main__":
    content = {"numpy": np.__version__, "draws": [draws(seed) for seed in SEEDS]}
    golden.write_fixture(golden.ROOT / "packages/core/fixtures/numpy-draws.json", content)
