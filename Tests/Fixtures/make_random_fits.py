"""Writes random_fits.json: 500 random curve fits, solved by SciPy from the start that each names.

The data are a curve of the family with random parameters, plus noise, rounded to six digits. SciPy has exact derivatives
(complex steps), columns scaled by the Jacobian and tolerances at rounding; without bounds it uses MINPACK's method.
"""

import numpy
import scipy
from scipy.optimize import least_squares

import fixture

exp, log, sin, cos = numpy.exp, numpy.log, numpy.sin, numpy.cos


def uniform(low, high):
    return lambda random: random.uniform(low, high)


def either(*choices):
    return lambda random: random.choice(choices) * random.uniform(0.5, 2)


size = either(-3, 3, 1, 10)

# name: (curve, range of x, random parameters)
FAMILIES = {
    "decay": (lambda p, x: p[0] * exp(-p[1] * x), (0, 5), [size, uniform(0.2, 2)]),
    "decay to a level": (lambda p, x: p[0] * exp(-p[1] * x) + p[2], (0, 6), [size, uniform(0.3, 2), size]),
    "two decays": (
        lambda p, x: p[0] * exp(-p[1] * x) + p[2] * exp(-p[3] * x),
        (0, 6),
        [uniform(1, 4), uniform(0.1, 0.4), uniform(1, 4), uniform(1.5, 4)],
    ),
    "saturation": (lambda p, x: p[0] * (1 - exp(-p[1] * x)), (0.1, 6), [size, uniform(0.2, 2)]),
    "stretched decay": (
        lambda p, x: p[0] * exp(-((x / p[1]) ** p[2])),
        (0.05, 5),
        [size, uniform(0.5, 3), uniform(0.5, 2)],
    ),
    "Gaussian peak": (
        lambda p, x: p[0] * exp(-0.5 * ((x - p[1]) / p[2]) ** 2) + p[3],
        (0, 10),
        [size, uniform(3, 7), uniform(0.7, 2), size],
    ),
    "Lorentzian peak": (
        lambda p, x: p[0] / (1 + ((x - p[1]) / p[2]) ** 2),
        (0, 10),
        [size, uniform(3, 7), uniform(0.5, 2)],
    ),
    "logistic": (
        lambda p, x: p[0] / (1 + exp(-p[1] * (x - p[2]))),
        (0, 10),
        [size, uniform(0.5, 2), uniform(3, 7)],
    ),
    "Gompertz": (
        lambda p, x: p[0] * exp(-p[1] * exp(-p[2] * x)),
        (0, 8),
        [size, uniform(1, 5), uniform(0.3, 1.5)],
    ),
    "power": (lambda p, x: p[0] * x ** p[1], (0.2, 6), [size, uniform(-1.5, 2.5)]),
    "power and level": (lambda p, x: p[0] * x ** p[1] + p[2], (0.2, 6), [size, uniform(0.5, 2.5), size]),
    "Michaelis-Menten": (lambda p, x: p[0] * x / (p[1] + x), (0.1, 10), [size, uniform(0.5, 4)]),
    "Hill": (
        lambda p, x: p[0] * x ** p[2] / (p[1] ** p[2] + x ** p[2]),
        (0.1, 10),
        [size, uniform(1, 5), uniform(0.8, 4)],
    ),
    "rational": (
        lambda p, x: (p[0] + p[1] * x) / (1 + p[2] * x + p[3] * x**2),
        (0, 6),
        [size, size, uniform(0.1, 1), uniform(0.05, 0.6)],
    ),
    "oscillation": (
        lambda p, x: p[0] * sin(p[1] * x + p[2]) + p[3],
        (0, 8),
        [size, uniform(0.8, 2.5), uniform(-1, 1), size],
    ),
    "damped oscillation": (
        lambda p, x: p[0] * exp(-p[1] * x) * cos(p[2] * x + p[3]),
        (0, 8),
        [size, uniform(0.1, 0.5), uniform(1, 2.5), uniform(-1, 1)],
    ),
    "Arrhenius": (lambda p, x: p[0] * exp(-p[1] / x), (0.5, 4), [size, uniform(0.5, 3)]),
    "logarithm": (lambda p, x: p[0] * log(1 + p[1] * x) + p[2], (0, 8), [size, uniform(0.3, 3), size]),
    "cubic": (lambda p, x: p[0] + x * (p[1] + x * (p[2] + x * p[3])), (-2, 3), [size] * 4),
    "line": (lambda p, x: p[0] + p[1] * x, (-3, 6), [size, size]),
}


def rounded(values):
    return [float(f"{v:.6g}") for v in values]


def jacobian(curve, p, x):
    columns = []
    for k in range(len(p)):
        shifted = numpy.array(p, dtype=complex)
        shifted[k] += 1e-100j
        columns.append(numpy.broadcast_to(curve(shifted, x).imag / 1e-100, x.shape))
    return numpy.stack(columns, axis=1)


def problem(seed):
    """A random fit, or None where SciPy finds no minimum from its start."""
    random = numpy.random.default_rng(seed)
    family = list(FAMILIES)[seed % len(FAMILIES)]
    curve, (low, high), kinds = FAMILIES[family]
    true = numpy.array([kind(random) for kind in kinds])
    x = numpy.array(rounded(numpy.sort(random.uniform(low, high, random.integers(len(true) + 2, 25)))))
    clean = curve(true, x)
    noise = random.choice([0.001, 0.01, 0.05, 0.2]) * (numpy.ptp(clean) + 1e-3)
    y = numpy.array(rounded(clean + noise * random.normal(size=x.shape)))
    start = numpy.array(rounded(true * numpy.exp(random.choice([0.1, 0.3, 0.6]) * random.normal(size=true.shape))))
    if seed % 7 == 0 and family in ("line", "cubic"):
        start = 0 * start
    bounds = None
    if seed % 4 == 1:
        # Around the start; about one in three parameters ends at a bound.
        width = numpy.abs(true) * random.uniform(0.1, 2, true.shape)
        lower, upper = numpy.array(rounded(start - width)), numpy.array(rounded(start + width))
        positive = start > 0
        lower = numpy.where(positive & (lower < 0), 0.05 * start, lower)
        bounds = [[float(a), float(b)] for a, b in zip(lower, upper)]
    weights = rounded(numpy.exp(random.normal(size=x.shape))) if seed % 5 == 2 else None
    root = numpy.sqrt(weights) if weights else numpy.ones_like(x)
    with numpy.errstate(all="ignore"):
        try:
            found = least_squares(
                lambda p: (curve(p, x) - y) * root,
                start,
                jac=lambda p: jacobian(curve, p, x) * root[:, None],
                method="trf" if bounds else "lm",
                bounds=tuple(zip(*bounds)) if bounds else (-numpy.inf, numpy.inf),
                x_scale="jac",
                ftol=1e-15,
                xtol=1e-15,
                gtol=1e-15,
                max_nfev=20000,
            )
        except ValueError:
            return None
    if not found.success or not numpy.isfinite(found.cost) or numpy.abs(found.x).max() > 1e6:
        return None
    record = {
        "seed": seed,
        "family": family,
        "x": x.tolist(),
        "y": y.tolist(),
        "start": start.tolist(),
        "parameters": found.x.tolist(),
        "sum": 2 * float(found.cost),
    }
    if bounds:
        record["bounds"] = bounds
    if weights:
        record["weights"] = weights
    return record


def problems(count):
    found, seed = [], 0
    while len(found) < count:
        record = problem(seed)
        if record:
            found.append(record)
        seed += 1
    return found


fixture.write(
    "random_fits.json",
    {"numpy": numpy.__version__, "scipy": scipy.__version__},
    {"fits": problems(500)},
)
