"""Writes fits.json: minima and a badly conditioned fit, computed by mpmath at 60 digits."""

import mpmath
from mpmath import mp

import fixture

mp.dps = 60


def himmelblau(start):
    """The root of the gradient near a start."""
    gradient = lambda x, y: [
        4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7),
        2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7),
    ]
    return [float(x) for x in mpmath.findroot(gradient, start)]


def rosenbrock_above_two():
    """Where Rosenbrock's function has its minimum on the line y = 2, left of 0."""
    return float(mpmath.findroot(lambda x: 2 * (x - 1) + 400 * x * (x**2 - 2), -1.4))


def polynomial(degree, count):
    """A fit of a polynomial to a wave: the condition of its columns grows with every power."""
    x = [k / (count - 1) for k in range(count)]
    y = [round(float(mpmath.sin(7 * mpmath.mpf(a)) + mpmath.mpf(a) ** 2), 3) for a in x]
    columns = mpmath.matrix(count, degree + 1)
    for i, a in enumerate(x):
        for j in range(degree + 1):
            columns[i, j] = mpmath.mpf(a) ** j
    inverse = (columns.T * columns) ** -1
    parameters = inverse * columns.T * mpmath.matrix(y)
    residuals = mpmath.matrix(y) - columns * parameters
    total = sum(r**2 for r in residuals)
    variance = total / (count - degree - 1)
    return {
        "x": x,
        "y": y,
        "parameters": [float(p) for p in parameters],
        "residualSumOfSquares": float(total),
        "covariance": [[float(variance * inverse[i, j]) for j in range(degree + 1)] for i in range(degree + 1)],
    }


fixture.write(
    "fits.json",
    {"mpmath": mpmath.__version__},
    {
        "himmelblau": [
            {"start": start, "minimum": himmelblau(start)} for start in ([3, 2], [-3, 3], [-4, -3], [4, -2])
        ],
        "rosenbrockAboveTwo": rosenbrock_above_two(),
        "polynomial": polynomial(8, 25),
    },
)
