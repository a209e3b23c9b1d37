"""Writes fits.json: minima, a badly conditioned fit and fits of very large and small numbers, by mpmath at 60 digits."""

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


def curve_fit(curve, partials, x, y, start, units, unit):
    """The minimum of the sum of squares, by Gauss and Newton's method, and the standard errors there.

    In units of the parameters and of y in which mpmath does not take the columns for singular."""
    parameters = mpmath.matrix(start)
    for _ in range(100):
        columns = mpmath.matrix([[d * u / unit for d, u in zip(partials(parameters, a), units)] for a in map(mpmath.mpf, x)])
        residuals = mpmath.matrix([(b - curve(parameters, mpmath.mpf(a))) / unit for a, b in zip(x, map(mpmath.mpf, y))])
        inverse = (columns.T * columns) ** -1
        step = inverse * columns.T * residuals
        parameters += mpmath.matrix([s * u for s, u in zip(step, units)])
    deviation = mpmath.sqrt(sum(r**2 for r in residuals) / (len(x) - len(start)))
    return {
        "x": x,
        "y": y,
        "parameters": [float(p) for p in parameters],
        "standardErrors": [float(deviation * mpmath.sqrt(inverse[k, k]) * u) for k, u in enumerate(units)],
        "residualStandardDeviation": float(deviation * unit),
    }


def photoelectric():
    """Stopping voltages against the frequency of light in hertz: the slope is Planck's constant."""
    x = [5.187e14, 5.490e14, 6.879e14, 7.408e14, 8.213e14]
    y = [0.549, 0.664, 1.248, 1.466, 1.794]
    return curve_fit(lambda p, a: p[0] * a + p[1], lambda p, a: [a, 1], x, y, [0, 0], [mpmath.mpf(1e-15), 1], 1)


def decay(size):
    """A decay of numbers of some size, with a wave that no decay follows."""
    x = [0.5 * k for k in range(12)]
    y = [float(size * (mpmath.exp(-0.7 * a) + 0.02 * mpmath.sin(3 * a))) for a in x]
    fall = lambda p, a: mpmath.exp(-p[1] * a)
    curve = lambda p, a: p[0] * fall(p, a)
    partials = lambda p, a: [fall(p, a), -a * p[0] * fall(p, a)]
    unit = mpmath.mpf(size)
    return {"size": size, **curve_fit(curve, partials, x, y, [size, 0.7], [unit, 1], unit)}


fixture.write(
    "fits.json",
    {"mpmath": mpmath.__version__},
    {
        "himmelblau": [
            {"start": start, "minimum": himmelblau(start)} for start in ([3, 2], [-3, 3], [-4, -3], [4, -2])
        ],
        "rosenbrockAboveTwo": rosenbrock_above_two(),
        "polynomial": polynomial(8, 25),
        "photoelectric": photoelectric(),
        "decays": [decay(size) for size in (3e19, 1e160, 1e300, 1e-160, 1e-290)],
    },
)
