"""Formulas of functions and of their first and second derivatives, for mpmath.

A function of one number gives (value, dx, dxx), one of two (value, dx, dy, dxx, dxy, dyy): None outside of the domain, and
the value alone where there are no derivatives. operations.py says which operation each belongs to.
"""

import math

import mpmath
from mpmath import mpf

INFINITY = math.inf

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


def softsign(x):
    one = 1 + abs(x)
    return (x,) if x == 0 else (x / one, 1 / one**2, -2 * mpmath.sign(x) / one**3)


def silu(x):
    return x * logistic(x), logistic(x) + x * gate_slope(x), 2 * gate_slope(x) + x * gate_bend(x)


def mish(x):
    t, s = mpmath.tanh(min(MOST, softplus(x)[0])), logistic(x)
    slope = (1 - t**2) * s
    return x * t, t + x * slope, 2 * slope + x * ((1 - t**2) * gate_slope(x) - 2 * t * s * slope)


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


def hyperbolic_tangent(x):
    value, slope = mpmath.tanh(clamp(x)), sech(x) ** 2
    return value, slope, -2 * value * slope


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


def polygamma(n):
    return lambda x: (
        None if x <= 0 and x == int(x) or x < -1e4 else tuple(digamma(n + k, x) for k in range(3))
    )


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
