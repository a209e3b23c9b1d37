"""Prints the polynomials of CSupport/CMicrograd/kernels/lanes/mg_lane_short.h, and their errors. Needs mpmath; made with 1.3.0.

Each interpolates its function at the zeros of a Chebyshev polynomial in 40 digits, so its error is at most a few times that of
the best polynomial of its degree. Coefficients are rounded to double, then the largest relative error is searched for at
4001 points of the interval.
"""

import mpmath
from mpmath import mpf

mpmath.mp.dps = 40


def interpolate(f, low, high, degree):
    nodes = [mpmath.cos(mpmath.pi * (2 * k + 1) / (2 * degree + 2)) for k in range(degree + 1)]
    points = [(low + high) / 2 + (high - low) / 2 * t for t in nodes]
    rows = mpmath.matrix([[x**k for k in range(degree + 1)] for x in points])
    return [float(c) for c in mpmath.lu_solve(rows, mpmath.matrix([f(x) for x in points]))]


def report(name, f, low, high, degree, of=lambda x: x):
    """The polynomial in of(x) for f, x between low and high."""
    low, high = mpf(low), mpf(high)
    coefficients = interpolate(f, low, high, degree)
    worst = mpf(0)
    for k in range(4001):
        x = low + (high - low) * k / 4000
        exact = f(x)
        value = sum(mpf(c) * x**k for k, c in enumerate(coefficients))
        worst = max(worst, abs(value / exact - 1))
    print(f"{name}: 2^{float(mpmath.log(worst, 2)):.1f}")
    print("  " + ", ".join(c.hex() for c in coefficients))


def quotient(f, at_zero):
    """f(x) / x."""
    return lambda x: f(x) / x if x else mpf(at_zero)


def of_square(f, at_zero):
    """A function of z = x * x."""
    return lambda z: f(mpmath.sqrt(z)) if z else mpf(at_zero)


half = mpmath.log(2) / 2
quarter = mpmath.pi / 4
root = mpmath.sqrt(mpf(1) / 2)
s = (1 - root) / (1 + root)
print("mpmath", mpmath.__version__)
report("expm1(r) / r", quotient(mpmath.expm1, 1), -half * mpf("1.001"), half * mpf("1.001"), 6)
report("log1p(f) / f", quotient(mpmath.log1p, 1), root - 1, 1 / root - 1, 11)
report("(log1p(f) / s / 2 - 1) / z, z = s^2, s = f / (2 + f)",
       of_square(lambda s: (mpmath.atanh(s) / s - 1) / s**2, mpf(1) / 3), 0, s**2 * mpf("1.001"), 6)
report("(sin(r) / r - 1) / z, z = r^2", of_square(lambda r: (mpmath.sin(r) / r - 1) / r**2, mpf(-1) / 6),
       0, quarter**2 * mpf("1.001"), 3)
report("(cos(r) - 1) / z, z = r^2", of_square(lambda r: (mpmath.cos(r) - 1) / r**2, mpf(-1) / 2),
       0, quarter**2 * mpf("1.001"), 4)
