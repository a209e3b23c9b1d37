"""Writes rounding.json: formulas that lose digits, and what they should give for the same inputs, by mpmath.

The inputs are doubles and taken as exact.
Run: python3 make_rounding.py
"""

import mpmath
from mpmath import mpf

import fixture

mpmath.mp.dps = 100


def variance(*x):
    mean = mpmath.fsum(x) / len(x)
    return mpmath.fsum((each - mean) ** 2 for each in x) / len(x)


FORMULAS = {
    "oneMinusCosine": (lambda x: (1 - mpmath.cos(x)) / x**2, [[1e-8], [1e-6], [3e-5], [0.001], [0.1], [1.3]]),
    "logOnePlus": (lambda x: mpmath.log(1 + x), [[1e-15], [3e-12], [1e-9], [-2e-7], [1e-4], [0.5]]),
    "smallRoot": (
        lambda b, c: -b / 2 + mpmath.sqrt(b**2 / 4 - c),
        [[1e8, 1.0], [1e5, 3.0], [1234.5, 0.1], [30.3, 2.0], [3.1, 2.0]],
    ),
    "variance": (
        variance,
        [[1e4 + 0.1, 1e4 + 0.3, 1e4 - 0.2, 1e4 + 0.7], [1e7 + 0.1, 1e7 + 0.3, 1e7 - 0.2], [100.1, 99.7, 100.6],
         [0.3, -1.2, 2.5, 0.9]],
    ),
    "expMinusOne": (lambda x: mpmath.exp(x) - 1, [[1e-14], [1e-10], [1e-5], [0.7]]),
    "hyperbolicSine": (lambda x: (mpmath.exp(x) - mpmath.exp(-x)) / 2, [[1e-9], [1e-4], [0.3]]),
    "differenceOfRoots": (lambda x: mpmath.sqrt(x + 1) - mpmath.sqrt(x), [[1e14], [1e8], [1e4], [12.3]]),
    "triangleArea": (
        lambda a, b, c: mpmath.sqrt((a + b + c) / 2 * ((a + b + c) / 2 - a) * ((a + b + c) / 2 - b)
                                    * ((a + b + c) / 2 - c)),
        [[9.0, 4.53, 4.53], [1.0, 0.5000001, 0.50000001], [3.1, 4.2, 5.3]],
    ),
}

cases = [
    {"formula": name, "inputs": inputs, "exact": float(formula(*map(mpf, inputs)))}
    for name, (formula, points) in FORMULAS.items()
    for inputs in points
]
fixture.write("rounding.json", {"mpmath": mpmath.__version__}, {"cases": cases})
