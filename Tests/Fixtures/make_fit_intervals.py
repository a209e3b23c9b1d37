"""Writes fit_intervals.json: quantiles, statistics, intervals, bands, robust losses, profiles and fits of several outputs.

SciPy finds the minima and the quantiles; everything else is computed by its textbook formula with NumPy."""

import math

import numpy as np
import scipy
from scipy.optimize import brentq, least_squares
from scipy.stats import norm, t

import fixture

# Bates & Watts, Nonlinear Regression Analysis and Its Applications (1988), A1.3: reaction rates of treated cells.
PUROMYCIN = (
    [0.02, 0.02, 0.06, 0.06, 0.11, 0.11, 0.22, 0.22, 0.56, 0.56, 1.10, 1.10],
    [76.0, 47.0, 97.0, 107.0, 123.0, 139.0, 159.0, 152.0, 191.0, 201.0, 207.0, 200.0],
)

MODELS = {
    "line": (lambda p, x: p[0] + p[1] * x, lambda p, x: np.stack([np.ones_like(x), x], 1)),
    "michaelis": (
        lambda p, x: p[0] * x / (p[1] + x),
        lambda p, x: np.stack([x / (p[1] + x), -p[0] * x / (p[1] + x) ** 2], 1),
    ),
    "decay": (
        lambda p, x: p[0] * np.exp(-p[1] * x) + p[2],
        lambda p, x: np.stack([np.exp(-p[1] * x), -p[0] * x * np.exp(-p[1] * x), np.ones_like(x)], 1),
    ),
}


def numbers(array):
    return np.asarray(array, dtype=float).tolist()


def quantile(level, freedom):
    tail = (1 - level) / 2
    return float(norm.isf(tail) if freedom is None else t.isf(tail, freedom))


def quantiles():
    levels = [0.5, 0.68, 0.9, 0.95, 0.99, 0.999, 0.9999]
    freedoms = [1, 2, 3, 4, 5, 7, 10, 13, 20, 29, 30, 60, 61, 100, 1000, 10**4, 10**5, 10**6]
    return [{"degreesOfFreedom": f, "level": l, "t": quantile(l, f)} for f in freedoms + [None] for l in levels]


def minimum(residuals, jacobian, start):
    """SciPy's minimum, and two steps of Gauss and Newton's method to the last digits."""
    scale = np.maximum(np.abs(start), 1e-8)
    tight = dict(xtol=1e-15, ftol=1e-15, gtol=1e-15, x_scale=scale, max_nfev=100000)
    p = least_squares(residuals, start, jac=jacobian, method="lm", **tight).x
    for _ in range(2):
        p = p - np.linalg.lstsq(jacobian(p), residuals(p), rcond=None)[0]
    return p


def statistics(name, x, y, start, kind, list_of_weights, grid, noise):
    f, j = MODELS[name]
    x, y, grid = map(np.array, (x, y, grid))
    root = np.ones_like(y)
    if kind == "weights":
        root = np.sqrt(np.array(list_of_weights))
    if kind == "deviations":
        root = 1 / np.array(list_of_weights)
    p = minimum(lambda p: root * (y - f(p, x)), lambda p: -root[:, None] * j(p, x), np.array(start))
    used = root > 0
    n, k = int(used.sum()), len(p)
    total = float(np.sum((root * (y - f(p, x))) ** 2))
    variance = 1.0 if kind == "deviations" else total / (n - k)
    weighted = root[:, None] * j(p, x)
    covariance = variance * np.linalg.inv(weighted.T @ weighted)
    errors = np.sqrt(np.diag(covariance))
    mean = np.sum(root**2 * y) / np.sum(root**2)
    freedom = None if kind == "deviations" else n - k
    rows = j(p, grid)
    curve_errors = np.sqrt(np.einsum("ij,jk,ik->i", rows, covariance, rows))
    scatter = noise if noise is not None else math.sqrt(total / (n - k))
    return {
        "model": name,
        "x": numbers(x),
        "y": numbers(y),
        "start": start,
        "kind": kind,
        "weights": list_of_weights,
        "parameters": numbers(p),
        "covariance": numbers(covariance),
        "halfWidths95": numbers(quantile(0.95, freedom) * errors),
        "halfWidths68": numbers(quantile(0.68, freedom) * errors),
        "residualSumOfSquares": total,
        "rSquared": 1 - total / float(np.sum((root * (y - mean)) ** 2)),
        "reducedChiSquare": total / (n - k) if kind == "deviations" else None,
        "akaike": n * math.log(total / n) + 2 * k,
        "bayesian": n * math.log(total / n) + math.log(n) * k,
        "grid": numbers(grid),
        "noise": noise,
        "mean": numbers(f(p, grid)),
        "curveErrors": numbers(curve_errors),
        "confidence": numbers(quantile(0.95, freedom) * curve_errors),
        "prediction": numbers(quantile(0.95, freedom) * np.sqrt(curve_errors**2 + scatter**2)),
    }


def decay_data(seed, outliers=0, scale=1.0):
    random = np.random.default_rng(seed)
    x = np.round(np.linspace(0, 6, 25), 3)
    y = 3 * np.exp(-0.8 * x) + 0.5 + 0.05 * random.standard_normal(25)
    for k in range(outliers):
        y[3 + 7 * k] += 1.5 if k % 2 == 0 else -0.9
    return numbers(x), numbers(np.round(y, 4) * scale)


def all_statistics():
    x, y = decay_data(1)
    deviations = numbers(np.round(0.03 + 0.005 * np.arange(25), 4))
    weights = [0.0 if k in (4, 11) else float(1 + k % 3) for k in range(25)]
    grid = [-0.5, 0.0, 1.3, 4.0, 9.0]
    return [
        statistics("michaelis", *PUROMYCIN, [200.0, 0.1], "equal", [], [0.0, 0.05, 0.3, 1.0, 2.0], None),
        statistics("decay", x, y, [2.0, 1.0, 0.0], "equal", [], grid, None),
        statistics("decay", x, y, [2.0, 1.0, 0.0], "weights", weights, grid, 0.07),
        statistics("decay", x, y, [2.0, 1.0, 0.0], "deviations", deviations, grid, 0.05),
        statistics("line", [0.0, 1.0, 2.0, 3.0], [1.0, 3.1, 4.9, 7.2], [0.0, 0.0], "equal", [], [1.5, 10.0], None),
    ]


LOSSES = {
    "huber": (
        lambda z: np.where(z <= 1, z, 2 * np.sqrt(z) - 1),
        lambda z: np.where(z <= 1, 1, 1 / np.sqrt(np.maximum(z, 1))),
        lambda z: np.where(z <= 1, 0, -0.5 * np.maximum(z, 1) ** -1.5),
    ),
    "soft_l1": (
        lambda z: 2 * (np.sqrt(1 + z) - 1),
        lambda z: (1 + z) ** -0.5,
        lambda z: -0.5 * (1 + z) ** -1.5,
    ),
    "cauchy": (lambda z: np.log1p(z), lambda z: 1 / (1 + z), lambda z: -1 / (1 + z) ** 2),
}


def robust(loss, name, x, y, start, scale, deviations=None, bounds=None):
    """SciPy's robust minimum, in units of the scale because SciPy's tolerance of the gradient depends on units, and the covariance of Huber's Robust Statistics (1981), 7.6: H1, as RLM of statsmodels has it."""
    f, j = MODELS[name]
    x, y = np.array(x), np.array(y)
    root = np.ones_like(y) if deviations is None else 1 / np.array(deviations)
    unit = np.abs(start)
    box = (-np.inf, np.inf) if bounds is None else tuple(np.array(bounds).T / unit[:, None].T)
    lift = lambda q: q * unit
    found = least_squares(
        lambda q: root * (y - f(lift(q), x)) / scale,
        np.array(start) / unit,
        jac=lambda q: -root[:, None] * j(lift(q), x) * unit / scale,
        bounds=box,
        loss=loss,
        f_scale=1.0,
        xtol=1e-15,
        ftol=1e-15,
        gtol=1e-15,
        max_nfev=10000,
    )
    p = lift(found.x)
    _, first, second = LOSSES[loss]
    r = root * (y - f(p, x))
    z = (r / scale) ** 2
    psi, slope = r * first(z), first(z) + 2 * z * second(z)
    n, k = len(y), len(p)
    ratio = 1 + k / n * np.var(slope) / np.mean(slope) ** 2
    weighted = root[:, None] * j(p, x)
    variance = ratio**2 * np.sum(psi**2) / (n - k) / np.mean(slope) ** 2
    return {
        "loss": loss,
        "model": name,
        "x": numbers(x),
        "y": numbers(y),
        "start": start,
        "scale": scale,
        "deviations": deviations,
        "bounds": bounds,
        "parameters": numbers(p),
        "lossSum": 2 * float(found.cost) * scale**2,
        "covariance": numbers(variance * np.linalg.inv(weighted.T @ weighted)) if bounds is None else None,
    }


def all_robust():
    cases = []
    for loss in LOSSES:
        for size in (1.0, 1e6, 1e-9):
            x, y = decay_data(2, outliers=3, scale=size)
            cases.append(robust(loss, "decay", x, y, [2 * size, 1.0, 0.1 * size], 0.1 * size))
        x, y = decay_data(2, outliers=3)
        deviations = numbers(np.round(0.04 + 0.002 * np.arange(25), 4))
        cases.append(robust(loss, "decay", x, y, [2.0, 1.0, 0.1], 1.5, deviations=deviations))
        limits = [[0.0, 2.9], [0.0, 5.0], [0.0, 2.0]]
        cases.append(robust(loss, "decay", x, y, [2.0, 1.0, 0.1], 0.1, bounds=limits))
        cases.append(robust(loss, "line", x, y, [1.0, -0.1], 0.3))
    return cases


def profile(name, x, y, start, level, deviations=None):
    """Where the rest of the parameters, fitted again, has a sum of squares with |τ| = t: Bates & Watts, chapter 6."""
    f, j = MODELS[name]
    x, y = np.array(x), np.array(y)
    root = np.ones_like(y) if deviations is None else 1 / np.array(deviations)
    residuals = lambda p: root * (y - f(p, x))
    jacobian = lambda p: -root[:, None] * j(p, x)
    best = minimum(residuals, jacobian, np.array(start))
    lowest = np.sum(residuals(best) ** 2)
    freedom = len(y) - len(best)
    variance = 1.0 if deviations is not None else lowest / freedom
    limit = quantile(level, None if deviations is not None else freedom)
    errors = np.sqrt(np.diag(variance * np.linalg.inv(jacobian(best).T @ jacobian(best))))
    ends = []
    for k in range(len(best)):
        others = [i for i in range(len(best)) if i != k]

        def tau(value):
            def whole(q):
                p = np.array(best)
                p[k], p[others] = value, q
                return p

            rest = minimum(lambda q: residuals(whole(q)), lambda q: jacobian(whole(q))[:, others], best[others])
            return math.sqrt(max(np.sum(residuals(whole(rest)) ** 2) - lowest, 0) / variance) - limit

        pair = []
        for sign in (-1, 1):
            width = 0.5 * limit * errors[k]
            while tau(best[k] + sign * width) < 0:
                width *= 1.5
            pair.append(brentq(lambda w: tau(best[k] + sign * w), 0, width, xtol=1e-14 * abs(best[k]), rtol=1e-14))
        ends.append([float(best[k] - pair[0]), float(best[k] + pair[1])])
    return {
        "model": name,
        "x": numbers(x),
        "y": numbers(y),
        "start": start,
        "level": level,
        "deviations": deviations,
        "ends": ends,
    }


def all_profiles():
    x, y = decay_data(1)
    short = ([0.0, 0.5, 1.0, 1.5, 2.0, 3.0], [3.4, 2.6, 1.7, 1.55, 1.05, 0.82])
    deviations = numbers(np.round(0.03 + 0.005 * np.arange(25), 4))
    return [
        profile("michaelis", *PUROMYCIN, [200.0, 0.1], 0.95),
        profile("michaelis", *PUROMYCIN, [200.0, 0.1], 0.99),
        profile("decay", x, y, [2.0, 1.0, 0.0], 0.95),
        profile("decay", x, y, [2.0, 1.0, 0.0], 0.68, deviations),
        profile("decay", *short, [3.0, 0.8, 0.3], 0.95),
    ]


def reaction(p, x):
    """Amounts of A and B in A → B → C."""
    a = p[0] * np.exp(-p[1] * x)
    return np.stack([a, p[0] * p[1] / (p[2] - p[1]) * (np.exp(-p[1] * x) - np.exp(-p[2] * x))], 1)


def outputs(deviations):
    random = np.random.default_rng(5)
    x = np.round(np.linspace(0.2, 6, 12), 3)
    y = np.round(reaction([2.0, 0.9, 0.4], x) + [0.02, 0.01] * random.standard_normal((12, 2)), 4)
    root = np.ones((12, 2)) if deviations is None else 1 / np.tile(deviations, (12, 1))
    residuals = lambda p: (root * (y - reaction(p, x))).ravel()

    def jacobian(p):
        step = 1e-30
        rows = [np.imag(residuals(p + 1j * step * np.eye(3)[k])) / step for k in range(3)]
        return np.stack(rows, 1)

    p = minimum(residuals, jacobian, np.array([1.5, 1.0, 0.5]))
    total = float(np.sum(residuals(p) ** 2))
    variance = 1.0 if deviations is not None else total / (24 - 3)
    columns = jacobian(p)
    mean = np.sum(root**2 * y, 0) / np.sum(root**2, 0)
    return {
        "x": numbers(x),
        "rows": numbers(y),
        "deviations": deviations,
        "parameters": numbers(p),
        "residualSumOfSquares": total,
        "covariance": numbers(variance * np.linalg.inv(columns.T @ columns)),
        "rSquared": 1 - total / float(np.sum((root * (y - mean)) ** 2)),
    }


fixture.write(
    "fit_intervals.json",
    {"numpy": np.__version__, "scipy": scipy.__version__},
    {
        "quantiles": quantiles(),
        "statistics": all_statistics(),
        "robust": all_robust(),
        "profiles": all_profiles(),
        "outputs": [outputs(None), outputs([0.02, 0.01])],
    },
)
