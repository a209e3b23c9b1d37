"""Writes data.json: points that scikit-learn makes, and data that it standardises. Needs numpy and scikit-learn.

Run: python3 make_data.py
"""

import numpy as np
import sklearn
from sklearn.datasets import make_blobs, make_circles
from sklearn.preprocessing import StandardScaler

import fixture


def made(record, function, **arguments):
    r = np.random.RandomState(record["seed"])
    inputs, labels = function(random_state=r, **arguments)
    return {
        **record, "inputs": inputs.tolist(), "labels": labels.tolist(), "nextRandom": r.random_sample(),
        "nextNormal": r.normal(),
    }


def circles(seed, count, noise, factor, shuffled):
    record = {"seed": seed, "count": count, "noise": noise, "factor": factor, "shuffled": shuffled}
    return made(record, make_circles, n_samples=count, noise=noise or None, factor=factor, shuffle=shuffled)


def blobs(seed, count, centers, features, deviation, box, shuffled):
    record = {"seed": seed, "count": count, "features": features, "deviation": deviation, "box": box,
              "shuffled": shuffled, "centers": None, "places": None}
    record["centers" if isinstance(centers, int) else "places"] = centers
    return made(record, make_blobs, n_samples=count, centers=centers, n_features=features, cluster_std=deviation,
                center_box=tuple(box), shuffle=shuffled)


def standardized(name, columns):
    rows = np.array(columns, dtype=np.float64).T
    scaler = StandardScaler().fit(rows)
    return {
        "name": name, "columns": rows.shape[1], "numbers": rows.ravel().tolist(), "means": scaler.mean_.tolist(),
        "deviations": scaler.scale_.tolist(), "standardized": scaler.transform(rows).ravel().tolist(),
    }


r = np.random.RandomState(7)

fixture.write(
    "data.json",
    {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    {
        "circles": [
            circles(1337, 60, 0.1, 0.8, True), circles(42, 25, 0.0, 0.3, False), circles(42, 24, 0.0, 0.3, True),
            circles(0, 7, 0.25, 0.0, True), circles(1, 1, 0.5, 0.8, True), circles(3, 3, 1.5, 0.99, False),
        ],
        "blobs": [
            blobs(0, 10, 3, 2, 1.0, [-10, 10], True), blobs(42, 50, 4, 3, 0.5, [-2.5, 7.25], True),
            blobs(1337, 11, 5, 1, 2.0, [0, 0], False), blobs(1, 2, 4, 2, 1.0, [-10, 10], True),
            blobs(5, 9, [[1.5, -2.25], [0.125, 4.0]], 2, 0.75, [-10, 10], True),
            blobs(6, 3, [[1.0, 2.0, 3.0, 4.0]], 4, 0.0, [-10, 10], False),
        ],
        "standardized": [
            standardized("normal", [r.normal(3, 2, 40), r.normal(-1e3, 0.5, 40), r.uniform(-1, 1, 40)]),
            standardized("constant", [[5.0] * 7, [0.1] * 7, [1, 2, 3, 4, 5, 6, 7]]),
            standardized("far from zero", [1e9 + np.arange(8.0), 1e6 + 1e-3 * np.arange(8.0) ** 2]),
            standardized("constant but for rounding", [0.1 + 1e-17 * np.arange(5), 1e8 + 1e-8 * np.arange(5)]),
            standardized("one row", [[3.0], [-4.5]]),
            standardized("two values", [[-1.0, 1.0], [0.0, 1e-200]]),
            standardized("tiny and huge", [1e-120 * r.normal(size=6), 1e120 * r.normal(size=6)]),
        ],
    },
)
