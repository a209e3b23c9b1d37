"""Writes ops_exact.json: the functions of one number in ops.json, value and derivative to the nearest double, by mpmath.

PyTorch's own formulas lose digits here and there (1 - tanh² at large x, 1 - x² near ±1); these do not. Zeros, which have
a sign, and what is no real number, such as poles and results outside of a domain, are left to ops.json.
Run: python3 make_ops_exact.py
"""

import json
import math
import pathlib

import mpmath
from mpmath import mpf

import fixture

mpmath.mp.dps = 1000



def logistic(x):
    return 1 / (1 + mpmath.exp(-x))


def tanh_argument(x):
    return mpmath.sqrt(2 / mpmath.pi) * (x + mpf(0.044715) * x**3)


def tanh_slope(x):
    return mpmath.sqrt(2 / mpmath.pi) * (1 + 3 * mpf(0.044715) * x**2)


FUNCTIONS = {
    "negate": (lambda x: -x, lambda x: mpf(-1)),
    "square": (lambda x: x**2, lambda x: 2 * x),
    "cube": (lambda x: x**3, lambda x: 3 * x**2),
    "reciprocal": (lambda x: 1 / x, lambda x: -1 / x**2),
    "sqrt": (mpmath.sqrt, lambda x: 1 / (2 * mpmath.sqrt(x))),
    "exp": (mpmath.exp, mpmath.exp),
    "expMinusOne": (mpmath.expm1, mpmath.exp),
    "log": (mpmath.log, lambda x: 1 / x),
    "log1p": (lambda x: mpmath.log(1 + x), lambda x: 1 / (1 + x)),
    "sin": (mpmath.sin, mpmath.cos),
    "cos": (mpmath.cos, lambda x: -mpmath.sin(x)),
    "tan": (mpmath.tan, lambda x: mpmath.sec(x) ** 2),
    "asin": (mpmath.asin, lambda x: 1 / mpmath.sqrt(1 - x**2)),
    "acos": (mpmath.acos, lambda x: -1 / mpmath.sqrt(1 - x**2)),
    "atan": (mpmath.atan, lambda x: 1 / (1 + x**2)),
    "sinh": (mpmath.sinh, mpmath.cosh),
    "cosh": (mpmath.cosh, mpmath.sinh),
    "tanh": (mpmath.tanh, lambda x: mpmath.sech(x) ** 2),
    "asinh": (mpmath.asinh, lambda x: 1 / mpmath.sqrt(x**2 + 1)),
    "acosh": (mpmath.acosh, lambda x: 1 / mpmath.sqrt(x**2 - 1)),
    "atanh": (mpmath.atanh, lambda x: 1 / (1 - x**2)),
    "sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), lambda x: mpmath.exp(-x) / (1 + mpmath.exp(-x)) ** 2),
    "softplus": (lambda x: mpmath.log(1 + mpmath.exp(x)), lambda x: 1 / (1 + mpmath.exp(-x))),
    "silu": (lambda x: x * logistic(x), lambda x: logistic(x) * (1 + x * logistic(-x))),
    "gelu": (lambda x: x * mpmath.ncdf(x), lambda x: mpmath.ncdf(x) + x * mpmath.npdf(x)),
    "geluTanh": (
        lambda x: x * logistic(2 * tanh_argument(x)),
        lambda x: logistic(2 * tanh_argument(x))
        + x * logistic(2 * tanh_argument(x)) * logistic(-2 * tanh_argument(x)) * 2 * tanh_slope(x),
    ),
    "elu": (
        lambda x: x if x > 0 else mpf(1.5) * mpmath.expm1(x), lambda x: mpf(1) if x > 0 else mpf(1.5) * mpmath.exp(x)
    ),
}
# Not asked at 1e300: mpmath would write out all the digits.
HUGE = {"exp", "expMinusOne", "sinh", "cosh", "tanh", "sigmoid", "softplus", "silu", "gelu", "geluTanh", "elu"}


def number(x):
    if isinstance(x, mpmath.mpc):
        raise ValueError("outside of the domain")
    try:
        return float(x)
    except OverflowError:
        return math.inf if x > 0 else -math.inf


def cases():
    path = pathlib.Path(__file__).with_name("ops.json")
    for case in json.loads(path.read_text())["cases"]:
        op, x = case["op"], float(case["x"])
        if op not in FUNCTIONS or x == 0 or not math.isfinite(x) or (op in HUGE and abs(x) > 1e6):
            continue
        value, derivative = FUNCTIONS[op]
        try:
            yield {"op": op, "form": "V", "x": x, "value": number(value(mpf(x))), "dx": number(derivative(mpf(x)))}
        except (ValueError, ZeroDivisionError):
            continue


fixture.write("ops_exact.json", {"mpmath": mpmath.__version__}, {"cases": list(cases())})
