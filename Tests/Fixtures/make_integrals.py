"""Writes integrals.json: integrals with first and second derivatives by parameters and limits, by mpmath.

Values of SciPy's quad are compared with mpmath's, so that a slip in a range or a break point is noticed."""

import math
import warnings

import mpmath
import scipy.integrate
from mpmath import mp, mpf

import fixture

mp.dps = 40
PI, INF = mpmath.pi, mpmath.inf

# name: (integrand f(x, p), points of the range as functions of p, parameters)
CASES = {
    "gaussian": (lambda x, p: mpmath.exp(-p[0] * x * x), lambda p: [-INF, 0, INF], ["1.5"]),
    "shiftedGaussian": (lambda x, p: mpmath.exp(-((x - p[0]) / p[1]) ** 2 / 2), lambda p: [-INF, p[0], INF], ["3", "2"]),
    "gamma": (lambda x, p: x ** (p[0] - 1) * mpmath.exp(-x), lambda p: [0, 1, 10, INF], ["2.5"]),
    "planck": (lambda x, p: x**3 / mpmath.expm1(x / p[0]), lambda p: [0, p[0], 10 * p[0], INF], ["1"]),
    "planckInHertz": (
        lambda x, p: x**3 / mpmath.expm1(x * mpf("4.799243073366221e-11") / p[0]),
        lambda p: [0, 1e14, 1e15, INF],
        ["5800"],
    ),
    "fresnelSine": (lambda x, p: mpmath.sin(PI / 2 * x * x), lambda p: [0, p[0]], ["1.7"]),
    "fresnelCosine": (lambda x, p: mpmath.cos(PI / 2 * x * x), lambda p: [p[0], p[1]], ["0.5", "2.5"]),
    "bessel": (lambda t, p: mpmath.cos(2 * t - p[0] * mpmath.sin(t)) / PI, lambda p: [0, PI], ["3.2"]),
    "besselOfHighOrder": (
        lambda t, p: mpmath.cos(20 * t - p[0] * mpmath.sin(t)) / PI, lambda p: [0, 1, 2, PI], ["25"],
    ),
    "oscillating": (
        lambda x, p: mpmath.exp(-x) * mpmath.cos(p[0] * x), lambda p: [mpf(k) / 4 for k in range(21)], ["60"],
    ),
    "peaked": (lambda x, p: 1 / (x * x + p[0]), lambda p: [-1, -0.01, 0, 0.01, 1], ["1e-6"]),
    "peakedAside": (lambda x, p: p[0] / ((x - 0.3) ** 2 + p[0] ** 2), lambda p: [0, 0.29, 0.3, 0.31, 1], ["1e-3"]),
    "lorentzianTails": (lambda x, p: p[0] / (x * x + p[0] ** 2), lambda p: [-INF, 0, INF], ["0.25"]),
    "inverseRoot": (lambda x, p: p[0] * mpmath.cos(p[0] * x) / mpmath.sqrt(x), lambda p: [0, 1], ["2"]),
    "logarithm": (lambda x, p: mpmath.log(p[0] * x), lambda p: [0, 1], ["3"]),
    "beta": (lambda x, p: x ** (p[0] - 1) * (1 - x) ** (p[1] - 1), lambda p: [0, 0.5, 1], ["0.7", "1.6"]),
    "strongPower": (lambda x, p: x ** (-p[0]), lambda p: [0, 1], ["0.8"]),
    "ellipticK": (lambda t, p: 1 / mpmath.sqrt(1 - p[0] * mpmath.sin(t) ** 2), lambda p: [0, PI / 2], ["0.9"]),
    "debye": (lambda x, p: x**3 / mpmath.expm1(x), lambda p: [0, p[0]], ["2.5"]),
    "debyeFromAbove": (lambda x, p: x**3 / mpmath.expm1(x), lambda p: [p[0], p[1]], ["4", "0.5"]),
    "exponentialIntegral": (lambda x, p: mpmath.exp(-p[1] * x) / x, lambda p: [p[0], p[0] + 5, INF], ["0.6", "1.2"]),
    "thinFilm": (
        lambda x, p: mpmath.exp(-x / p[0]) * mpmath.cos(x / p[1]) ** 2,
        lambda p: [mpf("1e-9") + k * (mpf("1e-6") - mpf("1e-9")) / 10 for k in range(11)],
        ["3e-7", "1e-7"],
    ),
    "arcLength": (lambda x, p: mpmath.sqrt(1 + (p[0] * mpmath.cosh(p[0] * x)) ** 2), lambda p: [-1, p[1]], ["0.8", "1.5"]),
    "logistic": (lambda x, p: mpmath.log1p(mpmath.exp(-p[0] * x)), lambda p: [0, 2, INF], ["1.3"]),
    "infiniteBelow": (lambda x, p: mpmath.exp(p[0] * x), lambda p: [-INF, p[1] - 5, p[1]], ["2", "0.4"]),
    "stretched": (lambda x, p: mpmath.exp(-mpmath.sqrt(x / p[0])), lambda p: [0, 1, 10, 100, INF], ["1.5"]),
}


# Where the integrand is so singular that mpmath's rule loses digits: the integral in closed form, or in t with x = t².
CLOSED = {
    "beta": lambda p, q: mpmath.beta(p, q),
    "strongPower": lambda p: 1 / (1 - p),
    "inverseRoot": lambda p: 2 * mpmath.quad(lambda t: p * mpmath.cos(p * t * t), [0, 1]),
    "gamma": lambda p: mpmath.gamma(p),
}


def record(name):
    f, points, texts = CASES[name]
    parameters = [mpf(float(t)) for t in texts]

    def value(*p):
        if name in CLOSED:
            return CLOSED[name](*p)
        return mpmath.quad(lambda x: f(x, p), [mpf(q) if not isinstance(q, mpf) else q for q in points(p)])

    # The step leaves half of the digits to a first difference, a third to a second one.
    count = len(parameters)
    h = [abs(p) * mpf(10) ** -8 for p in parameters]

    def at(*shifts):
        return value(*[p + sum(s * h[k] for j, s in shifts if j == k) for k, p in enumerate(parameters)])

    middle = at()
    first = [0.0] * count
    second = [[0.0] * count for _ in range(count)]
    for k in range(count):
        up, down = at((k, 1)), at((k, -1))
        first[k] = float((up - down) / (2 * h[k]))
        second[k][k] = float((up - 2 * middle + down) / h[k] ** 2)
        for j in range(k):
            a, b, c, d = (at((k, s), (j, t)) for s, t in ((1, 1), (1, -1), (-1, 1), (-1, -1)))
            second[k][j] = second[j][k] = float((a - b - c + d) / (4 * h[k] * h[j]))
    ends = points(parameters)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = 0
        for low, high in zip(ends, ends[1:]):
            other += scipy.integrate.quad(lambda x: float(f(mpf(x), parameters)), float(low), float(high), limit=500)[0]
    # SciPy takes x for a number near 1 on an infinite range.
    assert name == "planckInHertz" or math.isclose(other, float(middle), rel_tol=1e-6), (name, other, middle)
    return {"name": name, "parameters": [float(t) for t in texts], "value": float(middle), "first": first, "second": second}


fixture.write(
    "integrals.json",
    {"mpmath": mpmath.__version__, "scipy": scipy.__version__},
    {"integrals": [record(name) for name in CASES]},
)
