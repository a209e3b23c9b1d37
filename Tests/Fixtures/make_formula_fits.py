"""Writes formula_fits.json: tables and formulas, with the parameters and standard errors of SciPy's curve_fit.

Each fit starts at the parameters that made the data, to tolerances near rounding. Run: python3 make_formula_fits.py
"""

import numpy as np
import scipy
from scipy.optimize import curve_fit

import fixture

R = 8.314462618


def fit(model, text, columns, f, true, noise, sigma=None, bounds=None, seed=1):
    """Data of a model with noise, and the fit of SciPy to them."""
    random = np.random.default_rng(seed)
    x = [np.array(c, dtype=float) for c in columns.values()]
    exact = f(x, *true.values())
    deviations = noise * np.ones_like(exact) if sigma is None else sigma(exact)
    y = np.array([float(f"{v:.8g}") for v in exact + random.normal(size=exact.shape) * deviations])
    options = {"xtol": 3e-16, "ftol": 3e-16, "gtol": 3e-16}
    if bounds is None:
        options["maxfev"] = 100000
    # In units in which all parameters are near 1, so that SciPy's steps are of use.
    size = np.array([abs(v) if v else 1.0 for v in true.values()])
    scaled = lambda x, *p: f(x, *(size * np.array(p)))
    start = np.array(list(true.values())) / size
    jacobian = lambda x, *p: np.array([
        np.imag(scaled(x, *[complex(q, 1e-30 if k == j else 0) for k, q in enumerate(p)])) / 1e-30 for j in range(len(p))]).T
    p, covariance = curve_fit(
        scaled, x, y, p0=start, sigma=None if sigma is None else deviations, absolute_sigma=sigma is not None, jac=jacobian, **options)
    data = {name: [float(v) for v in column] for name, column in columns.items()}
    response = text.split("~")[0].strip(" `")
    data[response] = [float(v) for v in y]
    if sigma is not None:
        data["dy"] = [float(v) for v in deviations]
    return {
        "name": model, "formula": text, "columns": list(data), "data": list(data.values()), "sigma": None if sigma is None else "dy",
        "parameters": list(true), "values": [float(v) for v in p * size],
        "standardErrors": [float(v) for v in np.sqrt(np.diag(covariance)) * size],
    }


def fits():
    t = np.round(np.linspace(0, 10, 50), 4)
    yield fit("decay", "y ~ a*exp(-b*x) + c", {"x": t}, lambda x, a, b, c: a * np.exp(-b * x[0]) + c,
              {"a": 2.5, "b": 0.7, "c": 0.4}, 0.05)
    yield fit("decay with deviations", "y ~ a*exp(-b*x) + c", {"x": t}, lambda x, a, b, c: a * np.exp(-b * x[0]) + c,
              {"a": 2.5, "b": 0.7, "c": 0.4}, 0, sigma=lambda y: 0.02 + 0.03 * np.abs(y), seed=2)
    f = np.linspace(0.9995e9, 1.0006e9, 120)
    yield fit("resonance in hertz and pascals", "`p (Pa)` ~ A/(1 + ((`f (Hz)` - f0)/w)**2) + o", {"f (Hz)": f},
              lambda x, A, f0, w, o: A / (1 + ((x[0] - f0) / w) ** 2) + o,
              {"A": 3.2e5, "f0": 1.0001e9, "w": 6e4, "o": 1.1e4}, 3e3, seed=3)
    T = np.round(np.linspace(280, 420, 30), 2)
    yield fit("Arrhenius", f"k ~ A*exp(-E/({R}*T))", {"T": T}, lambda x, A, E: A * np.exp(-E / (R * x[0])),
              {"A": 1e9, "E": 6e4}, 0.2, seed=4)
    s = np.round(np.geomspace(1e-6, 1e-3, 25), 9)
    yield fit("Michaelis and Menten", "v ~ Vmax*S/(Km + S)", {"S": s}, lambda x, V, K: V * x[0] / (K + x[0]),
              {"Vmax": 2.4e-3, "Km": 3.2e-5}, 4e-5, seed=5)
    yield fit("Hill", "y ~ B + (T - B)*c**n/(K**n + c**n)", {"c": np.geomspace(1e-9, 1e-5, 40)},
              lambda x, B, T, n, K: B + (T - B) * x[0] ** n / (K**n + x[0] ** n), {"B": 0.05, "T": 1.1, "n": 1.6, "K": 1.2e-7}, 0.02, seed=6)
    year = np.arange(1900.0, 2000.0, 2.5)
    yield fit("logistic", "N ~ K/(1 + exp(-r*(t - t0)))", {"t": year}, lambda x, K, r, t0: K / (1 + np.exp(-r * (x[0] - t0))),
              {"K": 8.1e9, "r": 0.06, "t0": 1955.0}, 8e7, seed=7)
    time = np.linspace(0, 0.02, 160)
    yield fit("damped oscillation", "u ~ A*exp(-g*t)*cos(2*pi*f*t + p)", {"t": time},
              lambda x, A, g, f, p: A * np.exp(-g * x[0]) * np.cos(2 * np.pi * f * x[0] + p),
              {"A": 0.02, "g": 90.0, "f": 440.0, "p": 0.4}, 1e-3, seed=8)
    x = np.linspace(-5, 5, 100)
    yield fit("two peaks", "y ~ a*exp(-(x - m)**2/(2*s**2)) + b*exp(-(x - n)**2/(2*t**2)) + c", {"x": x},
              lambda x, a, m, s, b, n, t, c: a * np.exp(-((x[0] - m) ** 2) / (2 * s**2)) + b * np.exp(-((x[0] - n) ** 2) / (2 * t**2)) + c,
              {"a": 3.0, "m": -1.5, "s": 0.6, "b": 2.0, "n": 1.2, "t": 0.9, "c": 0.3}, 0.05, seed=9)
    random = np.random.default_rng(10)
    u, v = np.round(random.uniform(0, 10, 60), 3), np.round(random.uniform(-3, 3, 60), 3)
    yield fit("plane", "z ~ a*x1 + b*x2 + c", {"x1": u, "x2": v}, lambda x, a, b, c: a * x[0] + b * x[1] + c,
              {"a": 1.5, "b": -0.7, "c": 4.0}, 0.3, seed=11)
    yield fit("two columns", "z ~ a*x1**b*exp(-c*x2)", {"x1": u + 1, "x2": v}, lambda x, a, b, c: a * x[0] ** b * np.exp(-c * x[1]),
              {"a": 1.3, "b": 0.6, "c": 0.25}, 0.05, seed=12)
    yield fit("Antoine", "lp ~ A - B/(C + T)", {"T": np.linspace(10, 100, 31)}, lambda x, A, B, C: A - B / (C + x[0]),
              {"A": 8.07131, "B": 1730.63, "C": 233.426}, 1e-4, seed=13)


fixture.write("formula_fits.json", {"numpy": np.__version__, "scipy": scipy.__version__}, {"fits": list(fits())})
