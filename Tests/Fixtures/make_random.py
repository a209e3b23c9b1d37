"""Writes random.json: what CPython, NumPy and scikit-learn draw. Needs numpy and scikit-learn.

Run: python3 make_random.py
"""

import random

import numpy as np
import sklearn
from sklearn.datasets import make_moons

import fixture

PYTHON_SEEDS = [0, 1, 42, 1337, 2**32 - 1, 2**32, 2**40 + 7, 2**63 - 1, -1, -1337, -(2**40) - 7, -(2**63)]
NUMPY_SEEDS = [0, 1, 42, 1337, 2**32 - 1]

# Long runs are kept thinned: every 97th of 2000 numbers, which is beyond six renewals of the state.
RUN, STRIDE = 2000, 97

RANGES = [
    (1, 6), (0, 0), (0, 1), (-7, 8), (0, 2**31 - 1), (0, 2**32 - 2), (0, 2**32 - 1), (-(2**32), 2**32),
    (0, 2**40), (0, 2**63 - 1), (-(2**63), 2**63 - 1), (-(2**63), -(2**63) + 2), (2**63 - 3, 2**63 - 1),
]
WEIGHTS = [
    [1.0, 9.0], [0.1, 0.2, 0.3, 0.4], [0.0, 3.0, 0.0, 1.5, 0.0], [5.0], [1e-300, 1e300, 1e300],
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
]


def twister(seed):
    bits = np.random.MT19937()
    bits._legacy_seeding(seed)
    return [int(word) for word in bits.random_raw(1300)]


def python(seed):
    def fresh():
        return random.Random(seed)

    record = {"seed": seed}
    r = fresh()
    record["random"] = [r.random() for _ in range(RUN)][::STRIDE]
    r = fresh()
    record["uniform"] = [r.uniform(-1, 1) for _ in range(8)] + [r.uniform(5.5, -0.25) for _ in range(8)]
    r = fresh()
    record["gauss"] = [r.gauss(0.0, 1.0) for _ in range(RUN)][::STRIDE] + [r.gauss(0.5, 2.25) for _ in range(7)]
    r = fresh()
    record["normalvariate"] = (
        [r.normalvariate(0.0, 1.0) for _ in range(RUN)][::STRIDE] + [r.normalvariate(0.5, -2.25) for _ in range(7)])
    r = fresh()
    record["randint"] = [r.randint(a, b) for a, b in RANGES for _ in range(5)]
    r = fresh()
    record["shuffle"] = []
    for size in [0, 1, 2, 7, 16, 33]:
        elements = list(range(size))
        r.shuffle(elements)
        record["shuffle"].append(elements)
    elements = list(range(RUN))
    r.shuffle(elements)
    record["longShuffle"] = elements[::STRIDE]
    r = fresh()
    record["weighted"] = [r.choices(range(len(w)), weights=w, k=9) for w in WEIGHTS]
    r = fresh()
    record["unweighted"] = [r.choices(range(size), k=9) for size in [1, 2, 7, 1000]]
    # A gauss leaves its second deviate behind; whatever comes between must not disturb it.
    r = fresh()
    mixed = []
    for _ in range(300):
        elements = list(range(5))
        mixed.append([r.random(), r.gauss(1.0, 3.0), r.uniform(-2, 7), float(r.randint(-9, 9))])
        r.shuffle(elements)
        mixed[-1] += [float(elements[0]), float(r.choices(range(4), weights=WEIGHTS[1])[0])]
    record["mixed"] = sum(mixed[::STRIDE], [])
    return record


def numpy(seed):
    def fresh():
        return np.random.RandomState(seed)

    record = {"seed": seed}
    record["random"] = fresh().random_sample(RUN).tolist()[::STRIDE]
    r = fresh()
    record["uniform"] = r.uniform(-1, 1, 8).tolist() + r.uniform(5.5, -0.25, 8).tolist()
    r = fresh()
    record["normal"] = r.normal(size=RUN).tolist()[::STRIDE] + r.normal(0.5, 2.25, 7).tolist()
    r = fresh()
    record["shuffle"] = []
    for size in [0, 1, 2, 7, 16, 33]:
        elements = list(range(size))
        r.shuffle(elements)
        record["shuffle"].append(elements)
    record["permutation"] = [r.permutation(size).tolist() for size in [0, 1, 2, 9, 32]]
    record["longPermutation"] = r.permutation(RUN).tolist()[::STRIDE]
    r = fresh()
    mixed = []
    for _ in range(300):
        mixed.append([r.random_sample(), r.normal(1.0, 3.0), r.uniform(-2, 7), float(r.permutation(5)[0])])
    record["mixed"] = sum(mixed[::STRIDE], [])
    return record


def moons(seed, count, noise, shuffled):
    r = np.random.RandomState(seed)
    inputs, labels = make_moons(count, noise=noise or None, shuffle=shuffled, random_state=r)
    return {
        "seed": seed, "count": count, "noise": noise, "shuffled": shuffled,
        "inputs": inputs.tolist(), "labels": labels.tolist(), "nextRandom": r.random_sample(),
        "nextNormal": r.normal(),
    }


fixture.write(
    "random.json",
    {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    {
        "stride": STRIDE,
        "ranges": RANGES,
        "weights": WEIGHTS,
        "twisterSeeds": [{"seed": seed, "words": twister(seed)} for seed in [5489, 0]],
        "twisterKeys": [
            {"key": key, "words": twister(key)[::STRIDE]}
            for key in [[0x123, 0x234, 0x345, 0x456], [0], [2**32 - 1] * 3, list(range(700, 0, -1))]
        ],
        "python": [python(seed) for seed in PYTHON_SEEDS],
        "numpy": [numpy(seed) for seed in NUMPY_SEEDS],
        "moons": [
            moons(1337, 100, 0.1, True), moons(42, 25, 0.0, False), moons(42, 25, 0.0, True),
            moons(0, 7, 0.25, True), moons(1, 1, 0.5, True), moons(1, 2, 0.0, True), moons(3, 3, 1.5, False),
            moons(7, 4, 0.05, True),
        ],
    },
)
