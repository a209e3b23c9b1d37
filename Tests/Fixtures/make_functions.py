"""Writes functions.json: the engine's functions over their whole domains, with first and second derivatives, by mpmath.

A case is {"op", "x", "value", "dx", "dxx"}, of two arguments with "y", "dy", "dxy", "dyy" as well; x is the first
argument and y the second, so that for atan2(y, x) dx is the derivative in the ordinate. For polygamma y is the order,
a whole number. What is not there, at kinks, at the ends of a domain and at infinity, is left out. All numbers are rounded
to the nearest double, subnormal ones too; what is beyond the largest is infinite. elu has the constant 1.5.

The formulas of the derivatives are compared with mpmath's numeric ones at some points each.
Run: python3 make_functions.py
"""

import math
import random

import mpmath
from mpmath import mpf

import fixture

# 1 + x² of the smallest x takes 650 digits. What is slow, and loses nothing by it, takes fewer.
DIGITS, FEWER_DIGITS = 1000, 120
MOST = 10**5  # no exponential function is asked farther from zero: it has long left the range of doubles
mpmath.mp.dps = DIGITS


def clamp(x):
    return max(-MOST, min(MOST, x))


def exp(x):
    return mpmath.exp(clamp(x))


def logistic(x):
    return 1 / (1 + exp(-x))


def sech(x):
    return mpmath.sech(clamp(x))


def gate_slope(x):
    return exp(-abs(x)) / (1 + exp(-abs(x))) ** 2


def gate_bend(x):
    return gate_slope(x) * -mpmath.tanh(clamp(x) / 2)


def normal_below(x):
    return mpmath.ncdf(max(-1000, min(1000, x)))


def normal_density(x):
    return mpmath.npdf(min(1000, abs(x)))


def silu(x):
    return x * logistic(x), logistic(x) + x * gate_slope(x), 2 * gate_slope(x) + x * gate_bend(x)


def gelu(x):
    return x * normal_below(x), normal_below(x) + x * normal_density(x), (2 - x**2) * normal_density(x)


def gelu_tanh(x):
    scale, bend = 2 * mpmath.sqrt(2 / mpmath.pi), mpf(0.044715)
    u, du, ddu = scale * (x + bend * x**3), scale * (1 + 3 * bend * x**2), scale * 6 * bend * x
    return (
        x * logistic(u),
        logistic(u) + x * gate_slope(u) * du,
        2 * gate_slope(u) * du + x * (gate_bend(u) * du**2 + gate_slope(u) * ddu),
    )


def softplus(x):
    return max(x, 0) + mpmath.log(1 + exp(-abs(x))), logistic(x), gate_slope(x)


def elu(x):
    if x == 0:
        return (x,)
    return (x, mpf(1), mpf(0)) if x > 0 else (1.5 * mpmath.expm1(clamp(x)), 1.5 * exp(x), 1.5 * exp(x))


def tangent(x):
    return mpmath.tan(x), mpmath.sec(x) ** 2, 2 * mpmath.tan(x) * mpmath.sec(x) ** 2


def inside(x, low, high, function):
    """The function at x between low and high; at these themselves its value only."""
    if low < x < high:
        return function(x)
    if x in (low, high):
        value = function(x, derivatives=False)
        return value if value is None else (value,)
    return None


def arc(x, value, sign):
    def function(x, derivatives=True):
        root = mpmath.sqrt(1 - x**2)
        return (value(x), sign / root, sign * x / root**3) if derivatives else value(x)

    return inside(x, -1, 1, function)


def root(x):
    return (x,) if x == 0 else (mpmath.sqrt(x), 1 / (2 * mpmath.sqrt(x)), -1 / (4 * mpmath.sqrt(x) ** 3))


def cube_root(x):
    if x == 0:
        return (x,)
    value = mpmath.sign(x) * mpmath.cbrt(abs(x))
    return value, 1 / (3 * value**2), -2 / (9 * value**5)


def area_cosine(x):
    if x == 1:
        return (mpf(0),)
    return mpmath.acosh(x), 1 / mpmath.sqrt(x**2 - 1), -x / mpmath.sqrt(x**2 - 1) ** 3


def logarithm(base):
    return lambda x: (mpmath.log(x) / mpmath.log(base), 1 / (x * mpmath.log(base)), -1 / (x**2 * mpmath.log(base)))


def power_of(base):
    def function(x):
        value, rate = exp(x * mpmath.log(base)), mpmath.log(base)
        if x == int(x) and abs(x) < 2000:
            value = mpf(base) ** int(x)
        return value, value * rate, value * rate**2

    return function


def error_function(x):
    slope = 2 / mpmath.sqrt(mpmath.pi) * exp(-min(x**2, MOST))
    return mpmath.erf(max(-300, min(300, x))), slope, -2 * x * slope


def complement(x):
    value, slope, bend = error_function(x)
    return mpmath.erfc(max(-300, min(300, x))), -slope, -bend


def digamma(order, x):
    """Digamma or one of its derivatives. Below zero by the series for the poles beside x, above it mpmath's own."""
    if x > 0:
        return mpmath.psi(order, x)
    if order == 0:
        return mpmath.digamma(x)
    whole = mpmath.nint(x)
    rest, s = x - whole, order + 1
    below = mpmath.zeta(s, 1 - rest) - mpmath.zeta(s, 1 - x) if whole else 0
    return (-1) ** s * mpmath.factorial(order) * (rest**-s + mpmath.zeta(s, 1 + rest) + (-1) ** s * below)


def gamma(x):
    value, slope = mpmath.gamma(clamp(x)), digamma(0, clamp(x))
    return value, value * slope, value * (slope**2 + digamma(1, clamp(x)))


def log_gamma(x):
    value = mpmath.loggamma(x) if x > 0 else mpmath.log(abs(mpmath.gamma(x)))
    return value, digamma(0, x), digamma(1, x)


def log1mexp(x):
    # exp(-x) / (1 - exp(-x)) = 1 / (exp(x) - 1)
    slope = 1 / mpmath.expm1(clamp(x))
    return mpmath.log(-mpmath.expm1(-clamp(x))), slope, -slope * (1 + slope)


def positive(function):
    return lambda x: function(x) if x > 0 else None


SQUARE_ROOT_OF_PI = mpmath.sqrt(mpmath.pi)

# Value, first and second derivative; None outside of the domain, one number where there are no derivatives.
ONE = {
    "negate": lambda x: (-x, mpf(-1), mpf(0)),
    "square": lambda x: (x**2, 2 * x, mpf(2)),
    "cube": lambda x: (x**3, 3 * x**2, 6 * x),
    "reciprocal": lambda x: None if x == 0 else (1 / x, -1 / x**2, 2 / x**3),
    "sqrt": lambda x: root(x) if x >= 0 else None,
    "cbrt": cube_root,
    "exp": lambda x: (exp(x),) * 3,
    "expMinusOne": lambda x: (mpmath.expm1(clamp(x)), exp(x), exp(x)),
    "exp2": power_of(2),
    "exp10": power_of(10),
    "log": positive(lambda x: (mpmath.log(x), 1 / x, -1 / x**2)),
    "log2": positive(logarithm(2)),
    "log10": positive(logarithm(10)),
    "log1p": lambda x: (mpmath.log(1 + x), 1 / (1 + x), -1 / (1 + x) ** 2) if x > -1 else None,
    "sin": lambda x: (mpmath.sin(x), mpmath.cos(x), -mpmath.sin(x)),
    "cos": lambda x: (mpmath.cos(x), -mpmath.sin(x), -mpmath.cos(x)),
    "tan": tangent,
    "asin": lambda x: arc(x, mpmath.asin, 1),
    "acos": lambda x: arc(x, mpmath.acos, -1),
    "atan": lambda x: (mpmath.atan(x), 1 / (1 + x**2), -2 * x / (1 + x**2) ** 2),
    "sinh": lambda x: (mpmath.sinh(clamp(x)), mpmath.cosh(clamp(x)), mpmath.sinh(clamp(x))),
    "cosh": lambda x: (mpmath.cosh(clamp(x)), mpmath.sinh(clamp(x)), mpmath.cosh(clamp(x))),
    "tanh": lambda x: (mpmath.tanh(clamp(x)), sech(x) ** 2, -2 * mpmath.tanh(clamp(x)) * sech(x) ** 2),
    "asinh": lambda x: (mpmath.asinh(x), 1 / mpmath.sqrt(x**2 + 1), -x / mpmath.sqrt(x**2 + 1) ** 3),
    "acosh": lambda x: area_cosine(x) if x >= 1 else None,
    "atanh": lambda x: (mpmath.atanh(x), 1 / (1 - x**2), 2 * x / (1 - x**2) ** 2) if abs(x) < 1 else None,
    "sigmoid": lambda x: (logistic(x), gate_slope(x), gate_bend(x)),
    "softplus": softplus,
    "silu": silu,
    "gelu": gelu,
    "geluTanh": gelu_tanh,
    "elu": elu,
    "erf": error_function,
    "erfc": complement,
    "gamma": lambda x: None if x <= 0 and x == int(x) or x < -1000 else gamma(x),
    "logGamma": lambda x: None if x <= 0 and x == int(x) or x < -1e4 else log_gamma(x),
    "digamma": lambda x: None if x <= 0 and x == int(x) or x < -1e4 else tuple(digamma(k, x) for k in range(3)),
    "logit": lambda x: (
        (mpmath.log(x / (1 - x)), 1 / (x * (1 - x)), (2 * x - 1) / (x * (1 - x)) ** 2) if 0 < x < 1 else None
    ),
    "log1mexp": positive(log1mexp),
}


def power(x, y):
    if x == 0:
        return (x**y, mpf(0), mpf(0), mpf(2 if y == 2 else 0), mpf(0), mpf(0)) if y >= 2 else None
    if x > 0:
        log, value = mpmath.log(x), lambda y: exp(y * mpmath.log(x))
    else:
        if y != int(y):
            return None
        log, value = None, lambda y: exp(y * mpmath.log(-x)) * (-1 if y % 2 else 1)
    of_base = value(y), y * value(y - 1), y * (y - 1) * value(y - 2)
    if log is None:
        return of_base[0], of_base[1], None, of_base[2], None, None
    return of_base[0], of_base[1], log * value(y), of_base[2], (1 + y * log) * value(y - 1), log**2 * value(y)


def angle(x, y):
    square = x**2 + y**2
    if square == 0:
        return None
    cross = 2 * x * y / square**2
    return mpmath.atan2(x, y), y / square, -x / square, -cross, (x**2 - y**2) / square**2, cross


def distance(x, y):
    h = mpmath.sqrt(x**2 + y**2)
    return (h,) if h == 0 else (h, x / h, y / h, y**2 / h**3, -x * y / h**3, x**2 / h**3)


# Value, the derivatives dx and dy, the second derivatives dxx, dxy and dyy.
TWO = {
    "add": lambda x, y: (x + y, mpf(1), mpf(1), mpf(0), mpf(0), mpf(0)),
    "subtract": lambda x, y: (x - y, mpf(1), mpf(-1), mpf(0), mpf(0), mpf(0)),
    "multiply": lambda x, y: (x * y, y, x, mpf(0), mpf(1), mpf(0)),
    "divide": lambda x, y: None if y == 0 else (x / y, 1 / y, -x / y**2, mpf(0), -1 / y**2, 2 * x / y**3),
    "power": power,
    "atan2": angle,
    "hypot": distance,
}

INFINITY = math.inf
# Limits at minus infinity and infinity; None where there is none, or where PyTorch has NaN.
LIMITS = {
    "negate": (INFINITY, -INFINITY),
    "square": (INFINITY, INFINITY),
    "cube": (-INFINITY, INFINITY),
    "reciprocal": (-0.0, 0.0),
    "sqrt": (None, INFINITY),
    "cbrt": (-INFINITY, INFINITY),
    "exp": (0.0, INFINITY),
    "expMinusOne": (-1.0, INFINITY),
    "exp2": (0.0, INFINITY),
    "exp10": (0.0, INFINITY),
    "log": (None, INFINITY),
    "log2": (None, INFINITY),
    "log10": (None, INFINITY),
    "log1p": (None, INFINITY),
    "atan": (-math.pi / 2, math.pi / 2),
    "sinh": (-INFINITY, INFINITY),
    "cosh": (INFINITY, INFINITY),
    "tanh": (-1.0, 1.0),
    "asinh": (-INFINITY, INFINITY),
    "acosh": (None, INFINITY),
    "sigmoid": (0.0, 1.0),
    "softplus": (0.0, INFINITY),
    "silu": (None, INFINITY),
    "gelu": (None, INFINITY),
    "geluTanh": (None, INFINITY),
    "elu": (-1.5, INFINITY),
    "erf": (-1.0, 1.0),
    "erfc": (2.0, 0.0),
    "gamma": (None, INFINITY),
    "logGamma": (INFINITY, INFINITY),
    "digamma": (None, INFINITY),
    "log1mexp": (None, -0.0),
}

# Where a function has a zero, a pole, a kink or the end of its domain, leaves the range of doubles, or has no slope.
PLACES = {
    "sqrt": [0.0],
    "cbrt": [0.0],
    "exp": [709.782712893384, -708.3964185322641, -745.1332191019411],
    "expMinusOne": [709.782712893384, -37.42994775023705],
    "exp2": [0.0, 1024.0, -1022.0, -1074.0, -1075.0],
    "exp10": [0.0, 308.2547155599167, -307.6526555685887, -323.3062153431158],
    "log": [1.0],
    "log2": [1.0, 2.0, 8.0],
    "log10": [1.0, 10.0, 1000.0],
    "log1p": [-1.0, 0.0],
    "sin": [math.pi / 2, math.pi, 2 * math.pi, 22 * math.pi],
    "cos": [math.pi / 2, math.pi, -math.pi / 2, 22.5 * math.pi],
    "tan": [math.pi / 2, math.pi, -math.pi / 2, math.pi / 4, 22.5 * math.pi],
    "asin": [-1.0, 1.0, 0.5],
    "acos": [-1.0, 1.0, 0.5],
    "atan": [1.0],
    "sinh": [710.4758600739439, -710.4758600739439, 1.0],
    "cosh": [710.4758600739439, 0.0],
    "tanh": [0.55, 1.0, 19.06, -22.0],
    "acosh": [1.0, 1.25, 2.0],
    "atanh": [-1.0, 1.0, 0.5],
    "sigmoid": [-745.1332191019411, -709.0, -1.386294361119891, 36.7],
    "softplus": [-745.1332191019411, -709.0, 36.7],
    "silu": [-1.2784645427610738, -2.3993572805154, -745.0, -708.0],
    "gelu": [-0.7517915246935645, -1.4142135623730951, -38.4, -37.5],
    "geluTanh": [-0.7524614220710162, -21.0, -20.5],
    "elu": [0.0],
    "erf": [0.47, 5.9],
    "erfc": [0.47, 26.0, 26.54325845425098, 27.226],
    "gamma": [1.0, 1.4616321449683623, 2.0, 171.62437695630272, 0.0, -1.0, -2.0, -5.0, -20.0, -170.0]
    + [-0.504083008264455],
    "logGamma": [1.0, 1.4616321449683623, 2.0, 0.0, -1.0, -2.0, -5.0, -20.0, -2.4570247382208006, -2.7476826467274127]
    + [-3.143580888349980, -3.955294284858598, -4.991544640560048, -5.008218168472541],
    "digamma": [1.4616321449683623, 0.0, -1.0, -2.0, -10.0, -0.5040830082644554, -1.5734984731623904]
    + [-2.6107208684441447, -3.635293366436901, -10.702],
    "logit": [0.0, 1.0, 0.5, 0.25, 0.75],
    "log1mexp": [0.0, 0.6931471805599453, 745.1332191019411],
}

# The largest magnitude of the points strewn evenly, for functions that change within it.
REACH = {
    **dict.fromkeys(["asin", "acos", "atanh"], [1]),
    **dict.fromkeys(["log1p", "log", "log2", "log10", "acosh", "atan", "asinh", "cbrt"], [2, 40]),
    **dict.fromkeys(["exp", "expMinusOne", "sinh", "cosh", "sigmoid", "softplus", "silu"], [3, 40, 745]),
    **dict.fromkeys(["gelu", "geluTanh", "erf", "erfc"], [1, 3, 9, 39]),
    **dict.fromkeys(["gamma", "logGamma"], [3, 20, 175]),
    **dict.fromkeys(["digamma", "polygamma"], [3, 20, 60]),
    "exp2": [3, 40, 1075],
    "exp10": [3, 40, 323],
    "tanh": [0.6, 2, 25],
    "logit": [1],
    "log1mexp": [2, 40, 745],
}

EXTREME = [5e-324, 1e-323, 2.225073858507201e-308, 2.2250738585072014e-308, 1.7976931348623157e308]
# Powers of ten, each of which gets a random mantissa.
MAGNITUDES = [-320, -310, -300, -250, -200, -162, -154, -120, -100, -80, -50, -30, -20, -17, -16, -15, -12, -10, -8, -7]
MAGNITUDES += [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 9, 12, 15, 16, 18, 25, 50, 90, 120, 154, 200, 250, 300, 307]


def beside(place):
    """The number, its neighbours, and numbers farther and farther away on either side."""
    yield place
    for direction in (-INFINITY, INFINITY):
        neighbour = place
        for _ in range(3):
            neighbour = math.nextafter(neighbour, direction)
            yield neighbour
        for step in (1e-13, 1e-10, 1e-7, 1e-4, 1e-2):
            yield place + math.copysign(step, direction) * max(abs(place), 1)


def points(name, places, reach):
    generator = random.Random(name)
    yield from [0.0] + [sign * x for x in EXTREME for sign in (1, -1)]
    for k in MAGNITUDES:
        for sign in (1, -1):
            yield sign * generator.uniform(1, 9.5 if k < 307 else 1.7) * 10.0**k
    for most in reach:
        for _ in range(20):
            yield generator.uniform(-most, most)
            yield generator.uniform(0, most)
    for place in places:
        yield from beside(place)


def pairs(name):
    generator = random.Random(name)
    uniform, sign = generator.uniform, lambda: generator.choice([-1, 1])
    if name == "power":
        for _ in range(80):
            x = 10 ** uniform(-300, 300)
            yield x, uniform(-709, 709) / math.log(x)
            x = 1 + sign() * 10 ** uniform(-15, -0.1)
            yield x, uniform(-730, 709) / math.log(x)
            x = uniform(0.01, 30)
            yield x, uniform(-20, 20)
        for y in (-3.0, -2.0, -1.0, -0.5, 0.0, 1e-300, 1e-10, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 10.0):
            for _ in range(4):
                yield uniform(0.1, 9), y
            yield 10 ** uniform(-30, 30), y
            if y == int(y):
                yield -uniform(0.1, 9), y
                yield -(10 ** uniform(-30, 30)), y
        for y in (-101.0, 51.0, 2.0**30 + 1, 2.0**53):
            yield -1 - uniform(1, 9) * 10 / abs(y), y
        yield from [(0.0, 2.0), (0.0, 3.0), (0.0, 4.5), (1.0, 1e300), (1.0, -3.7), (5e-324, 0.5), (5e-324, 1.0)]
        yield from [(1.7e308, 0.99), (1.7e308, 1.0), (1.7e308, -1.0), (2.5e-308, 1.0), (2.5e-308, 1.01)]
        return
    for _ in range(60):
        yield sign() * 10 ** uniform(-3, 3), sign() * 10 ** uniform(-3, 3)
        yield sign() * 10 ** uniform(-150, 150), sign() * 10 ** uniform(-150, 150)
        yield sign() * 10 ** uniform(-320, 308), sign() * 10 ** uniform(-320, 308)
        scale = 10 ** uniform(-300, 300)
        yield sign() * scale * uniform(0.1, 1), sign() * scale * uniform(0.1, 1)
    for _ in range(20):  # nearly equal, nearly opposite
        x = uniform(-9, 9)
        yield x, sign() * x * (1 + 10 ** uniform(-15, -1))
    for x in (0.0, 1.5, -1.5, 3e-320, 2.5e307):
        yield from [(x, 0.7), (x, -0.7), (0.7, x), (-0.7, x), (x, x), (x, 0.0), (0.0, x)]


def rounded(x):
    """The nearest double."""
    sign, mantissa, exponent, bits = x._mpf_
    if mantissa == 0:
        return 0.0
    if exponent + bits < -1080:
        magnitude = 0.0
    elif exponent + bits > 1025:
        magnitude = INFINITY
    else:
        try:
            magnitude = mantissa / (1 << -exponent) if exponent < 0 else float(mantissa << exponent)
        except OverflowError:
            magnitude = INFINITY
    return -magnitude if sign else magnitude


def case(name, arguments, keys, results):
    named = {"op": name, **dict(zip(("x", "y"), arguments))}
    return {**named, **{key: rounded(mpf(each)) for key, each in zip(keys, results) if each is not None}}


FEW_DIGITS = {"gamma", "logGamma", "digamma", "polygamma", "gelu", "erf", "erfc"}


def cases_of_one(name, function, places, reach, order=None):
    keys, seen = ("value", "dx", "dxx"), set()
    more = () if order is None else (order,)
    check(name + str(order or ""), function, 1)
    for x in points(name + str(order or ""), places, reach):
        if x in seen or not math.isfinite(x):
            continue
        seen.add(x)
        with mpmath.workdps(FEWER_DIGITS if name in FEW_DIGITS else DIGITS):
            results = function(mpf(x))
        if results is not None:
            yield case(name, (x, *more), keys, results)
    for x, limit in zip((-INFINITY, INFINITY), LIMITS.get(name, (None, None))):
        if limit is not None:
            yield {"op": name, "x": x, **({"y": order} if more else {}), "value": limit}


def polygamma(n):
    return lambda x: (
        None if x <= 0 and x == int(x) or x < -1e4 else tuple(digamma(n + k, x) for k in range(3))
    )


def cases_of_two(name, function):
    keys, seen = ("value", "dx", "dy", "dxx", "dxy", "dyy"), set()
    check(name, function, 2)
    for x, y in pairs(name):
        if (x, y) in seen or not (math.isfinite(x) and math.isfinite(y)):
            continue
        seen.add((x, y))
        results = function(mpf(x), mpf(y))
        if results is not None:
            yield case(name, (x, y), keys, results)


def check(name, function, arguments):
    """The derivatives' formulas against differences at 60 digits."""
    generator = random.Random("check " + name)
    with mpmath.workdps(60):
        for low, high in ((0.05, 0.95), (1.1, 4), (-0.95, -0.05), (-4, -1.1)):
            at = tuple(mpf(generator.uniform(low, high)) for _ in range(arguments))
            results = function(*at)
            if results is None:
                continue
            orders = [(0,), (1,), (2,)] if arguments == 1 else [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
            for order, result in zip(orders, results):
                expected = mpmath.diff(lambda *x: function(*x)[0], at if arguments == 2 else at[0],
                                       order if arguments == 2 else order[0])
                assert abs(result - expected) < mpf(10) ** -20 * (1 + abs(expected)), (name, at, order)


def all_cases():
    for name, function in ONE.items():
        yield from cases_of_one(name, function, PLACES.get(name, []), REACH.get(name, [2, 40]))
    for n in (1, 2, 3):
        places = [0.0, -1.0, -2.0, -10.0] + ([-0.4999, -1.4986] if n == 2 else [])
        yield from cases_of_one("polygamma", polygamma(n), places, REACH["polygamma"], n)
    for name, function in TWO.items():
        yield from cases_of_two(name, function)


if __name__ == "__main__":
    fixture.write("functions.json", {"mpmath": mpmath.__version__}, {"cases": list(all_cases())})
