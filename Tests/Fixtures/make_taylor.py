"""Writes taylor.json: Taylor coefficients up to order 21 of every function, by mpmath at 50 digits; at 350 where erfc underflows.

A case of "one" is {"op", "x", "coefficients"}; one of "two" has "y" too and is along the direction (1, 0.7); one of
"formulas" names a formula of TaylorTests.swift. The last coefficient only measures the size of its neighbours. All are
differentiated numerically from the values of operations.py, so that no recurrence is taken for granted.
Run: python3 make_taylor.py
"""

import mpmath
from mpmath import mpf

import fixture
from exact import polygamma, rounded
from operations import OPERATIONS

ORDER = 21
POINTS = [-7.3, -1.7, -0.6, 0.15, 0.8, 2.4, 5.2]
# Where a formula cancels that is not written for it.
HARD = {
    "sin": [3.141592653589793, 1e-9], "cos": [1.5707963267948966], "tan": [3.141592653589793, 1.57],
    "expm1": [1e-9, -1e-9, -40.0], "log1p": [1e-9, -0.999999], "tanh": [20.0, -20.0, 1e-9], "sigmoid": [-40.0, 40.0, 1e-9],
    "erf": [1e-9, 6.0], "erfc": [6.0, -6.0, 26.0], "log1mexp": [1e-9, 30.0, 50.0], "softplus": [-40.0, 40.0],
    "logit": [1e-9, 0.499999999, 0.999999], "atanh": [1e-9, 0.999999], "asin": [1e-9, 0.999999], "acosh": [1.000001, 1e12],
    "asinh": [1e-9, 1e12, -1e12], "atan": [1e-9, 1e12], "sinh": [1e-9, -20.0], "cosh": [-20.0], "gamma": [1e-9, 20.5, -3.5],
    "logGamma": [1e-9, 1.0, 2.0, 1e6, -3.5], "digamma": [1e-9, 1.4616321449683623, 1e6], "silu": [-40.0, 40.0],
    "gelu": [-8.0, 8.0], "geluTanh": [-5.0], "mish": [-40.0, 20.0], "elu": [-1e-9, 1e-9], "sqrt": [1e-12, 1e12],
    "cbrt": [1e-12, -1e12], "log": [1e-12, 0.999999999], "softsign": [-1e-9, 1e9],
}
PAIRS = [(0.7, 1.3), (2.1, -0.6), (-1.4, 2.0), (-0.8, -3.0), (3.2, 0.4)]
# One side far longer than the other.
HARD_PAIRS = {"hypot": [(1.0, 1e-6), (-1e-6, 1.0), (3e200, 4e200)], "atan2": [(1.0, 1e-6), (-1e-6, 1.0), (1e-6, -1.0)]}

VALUES = {
    "gamma": mpmath.gamma,
    "logGamma": lambda x: mpmath.log(abs(mpmath.gamma(x))),
    "digamma": mpmath.digamma,
}

FORMULAS = {
    "planck": (lambda x: x**3 / mpmath.expm1(x), [0.5, 2.8, 6.0]),
    "gauss": (lambda x: mpmath.exp(-(x**2) / 2), [0.0, 0.7, 3.0, -5.0]),
    "logistic": (lambda x: 100 / (1 + 9 * mpmath.exp(-x / 2)), [0.0, 2.0, -3.0]),
    "oscillation": (lambda x: mpmath.exp(-x / 3) * mpmath.cos(2 * x + 1), [0.0, 1.5, 4.0]),
    "power 2.5": (lambda x: x ** mpf(2.5), [0.3, 1.7, 20.0]),
    "power -3": (lambda x: x ** mpf(-3), [0.3, -1.7, 20.0]),
    "power 4": (lambda x: x ** mpf(4), [0.3, -1.7, 0.0]),
    "power 40": (lambda x: x ** mpf(40), [0.3, -1.7, 0.0]),
    "base 0.3": (lambda x: mpf(0.3) ** x, [-2.0, 0.0, 3.5]),
    "3 over": (lambda x: 3 / x, [0.3, -1.7, 20.0]),
    "self-power": (lambda x: x**x, [0.3, 1.7, 5.0]),
    "polygamma 2": (lambda x: mpmath.psi(2, x), [0.3, 1.7, 12.0]),
    "softmax": (lambda x: mpmath.exp(x) / (mpmath.exp(x) + mpmath.exp(2 * x) + 1), [0.3, -30.0, 40.0]),
    "log softmax": (lambda x: x - mpmath.log(mpmath.exp(x) + mpmath.exp(2 * x) + 1), [0.3, -30.0, 40.0]),
    "log sum exp": (lambda x: mpmath.log(mpmath.exp(x) + mpmath.exp(2 * x) + 1), [0.3, -30.0, 40.0]),
    "kepler": (lambda x: mpmath.atan2(mpmath.sin(x) * mpf(0.6), mpmath.cos(x) - mpf(0.25)), [0.4, 2.0]),
    "nested root": (lambda x: mpmath.sqrt(1 + mpmath.sin(x) ** 2), [0.4, 2.0]),
    "cosine of logarithm": (lambda x: mpmath.cos(mpmath.log(1 + x**2)), [0.4, 2.0]),
}


def coefficients(function, x, unit=1):
    """Those of function(x + t), by steps of t in a unit."""
    scaled = mpmath.taylor(lambda s: function(x + unit * s), mpf(0), ORDER)
    return [rounded(mpf(each.real) / mpf(unit) ** k) for k, each in enumerate(scaled)]


def unit_of(x):
    return mpf(x) if abs(x) > 100 else 1


def of_one(name, function):
    value = VALUES.get(name, lambda t: function(t)[0])
    for x in POINTS + HARD.get(name, []):
        results = function(mpf(x))
        if results is not None and len(results) >= 3:
            mpmath.mp.dps = 350 if name == "erfc" else 50
            yield {"op": name, "x": x, "coefficients": coefficients(value, mpf(x), unit_of(x))}
            mpmath.mp.dps = 50


def of_two(name, function):
    for x, y in PAIRS + HARD_PAIRS.get(name, []):
        if function(mpf(x), mpf(y)) is None or (name == "power" and x < 0):
            continue
        along = lambda t: function(x + t, y + mpf(0.7) * t)[0]
        yield {"op": name, "x": x, "y": y, "coefficients": coefficients(along, mpf(0), unit_of(max(abs(x), abs(y))))}


if __name__ == "__main__":
    mpmath.mp.dps = 50
    with_domain = [each for each in OPERATIONS if each.domain is not None]
    one = [case for each in with_domain if each.forms == ["V"] for case in of_one(each.op, each.domain.exact)]
    two = [case for each in with_domain if each.forms != ["V"] for case in of_two(each.op, each.domain.exact)]
    formulas = [
        {"op": name, "x": x, "coefficients": coefficients(function, mpf(x))}
        for name, (function, points) in FORMULAS.items()
        for x in points
    ]
    fixture.write("taylor.json", {"mpmath": mpmath.__version__}, {"one": one, "two": two, "formulas": formulas})
