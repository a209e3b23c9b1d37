"""Writes test_problems.json: the sums of squares of the 35 problems of J. J. Moré, B. S. Garbow and K. E. Hillstrom, Testing
unconstrained optimization software (1981), at their standard starts and at a point near each, from the published formulas, by NumPy."""

import math

import numpy as np
from numpy import arange, array, cos, exp, log, ones, pi, prod, sin, sqrt, zeros
from numpy.polynomial import chebyshev, polynomial

import fixture


def column(text):
    return array([float(word) for word in text.split()])


def rosenbrock(x):
    odd, even = x[0::2], x[1::2]
    return 10 * (even - odd**2), 1 - odd


def freudenstein_roth(x):
    a, b = x
    return -13 + a + 5 * b**2 - b**3 - 2 * b, -29 + a + b**3 + b**2 - 14 * b


def powell_badly_scaled(x):
    return 1e4 * x[0] * x[1] - 1, exp(-x[0]) + exp(-x[1]) - 1.0001


def brown_badly_scaled(x):
    return x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2


def beale(x):
    return array([1.5, 2.25, 2.625]) - x[0] * (1 - x[1] ** arange(1, 4))


def jennrich_sampson(x):
    i = arange(1, 11)
    return 2 + 2 * i - (exp(i * x[0]) + exp(i * x[1]))


def helical_valley(x):
    angle = math.atan2(x[1], x[0])
    # The paper's angle lies between -1/4 and 3/4 of a turn.
    turn = angle / (2 * pi) if angle >= -pi / 2 else angle / (2 * pi) + 1
    return 10 * (x[2] - 10 * turn), 10 * (math.hypot(x[0], x[1]) - 1), x[2]


def bard(x):
    y = column(".14 .18 .22 .25 .29 .32 .35 .39 .37 .58 .73 .96 1.34 2.10 4.39")
    u = arange(1, 16)
    v = 16 - u
    return y - x[0] - u / (v * x[1] + np.minimum(u, v) * x[2])


def gaussian(x):
    rising = column(".0009 .0044 .0175 .0540 .1295 .2420 .3521 .3989")
    y = np.concatenate([rising, rising[-2::-1]])
    t = (8 - arange(1, 16)) / 2
    return x[0] * exp(-x[1] * (t - x[2]) ** 2 / 2) - y


def meyer(x):
    y = column("34780 28610 23650 19630 16370 13720 11540 9744 8261 7030 6005 5147 4427 3820 3307 2872")
    t = 45 + 5 * arange(1, 17)
    return x[0] * exp(x[1] / (t + x[2])) - y


def gulf(x):
    t = arange(1, 100) / 100
    y = 25 + (-50 * log(t)) ** (2 / 3)
    return exp(-abs(y - x[1]) ** x[2] / x[0]) - t


def box(x):
    t = arange(1, 11) / 10
    return exp(-t * x[0]) - exp(-t * x[1]) - x[2] * (exp(-t) - exp(-10 * t))


def powell_singular(x):
    a, b, c, d = x.reshape(-1, 4).T
    return a + 10 * b, sqrt(5) * (c - d), (b - 2 * c) ** 2, sqrt(10) * (a - d) ** 2


def wood(x):
    a, b, c, d = x
    return 10 * (b - a**2), 1 - a, sqrt(90) * (d - c**2), 1 - c, sqrt(10) * (b + d - 2), (b - d) / sqrt(10)


def kowalik_osborne(x):
    y = column(".1957 .1947 .1735 .1600 .0844 .0627 .0456 .0342 .0323 .0235 .0246")
    u = column("4 2 1 .5 .25 .167 .125 .1 .0833 .0714 .0625")
    return y - x[0] * (u**2 + u * x[1]) / (u**2 + u * x[2] + x[3])


def brown_dennis(x):
    t = arange(1, 21) / 5
    return (x[0] + t * x[1] - exp(t)) ** 2 + (x[2] + x[3] * sin(t) - cos(t)) ** 2


def osborne1(x):
    y = column(
        """.844 .908 .932 .936 .925 .908 .881 .850 .818 .784 .751 .718 .685 .658 .628 .603 .580 .558 .538 .522 .506 .490
        .478 .467 .457 .448 .438 .431 .424 .420 .414 .411 .406"""
    )
    t = 10 * arange(33)
    return y - (x[0] + x[1] * exp(-t * x[3]) + x[2] * exp(-t * x[4]))


def biggs(x):
    t = arange(1, 14) / 10
    y = exp(-t) - 5 * exp(-10 * t) + 3 * exp(-4 * t)
    return x[2] * exp(-t * x[0]) - x[3] * exp(-t * x[1]) + x[5] * exp(-t * x[4]) - y


def osborne2(x):
    y = column(
        """1.366 1.191 1.112 1.013 .991 .885 .831 .847 .786 .725 .746 .679 .608 .655 .616 .606 .602 .626 .651 .724 .649 .649
        .694 .644 .624 .661 .612 .558 .533 .495 .500 .423 .395 .375 .372 .391 .396 .405 .428 .429 .523 .562 .607 .653 .672
        .708 .633 .668 .645 .632 .591 .559 .597 .625 .739 .710 .729 .720 .636 .581 .428 .292 .162 .098 .054"""
    )
    t = arange(65) / 10
    bells = [x[1 + j] * exp(-((t - x[8 + j]) ** 2) * x[5 + j]) for j in range(3)]
    return y - (x[0] * exp(-t * x[4]) + bells[0] + bells[1] + bells[2])


def watson(x):
    t = arange(1, 30) / 29
    rows = polynomial.polyval(t, polynomial.polyder(x)) - polynomial.polyval(t, x) ** 2 - 1
    return rows, x[0], x[1] - x[0] ** 2 - 1


def penalty1(x):
    return sqrt(1e-5) * (x - 1), sum(x**2) - 1 / 4


def penalty2(x):
    n = len(x)
    i = arange(2, n + 1)
    y = exp(i / 10) + exp((i - 1) / 10)
    return (
        x[0] - 0.2,
        sqrt(1e-5) * (exp(x[1:] / 10) + exp(x[:-1] / 10) - y),
        sqrt(1e-5) * (exp(x[1:] / 10) - exp(-1 / 10)),
        sum((n - arange(1, n + 1) + 1) * x**2) - 1,
    )


def variably_dimensioned(x):
    total = arange(1, len(x) + 1) @ (x - 1)
    return x - 1, total, total**2


def trigonometric(x):
    n = len(x)
    return n - sum(cos(x)) + arange(1, n + 1) * (1 - cos(x)) - sin(x)


def brown_almost_linear(x):
    return x[:-1] + sum(x) - (len(x) + 1), prod(x) - 1


def grid(n):
    return arange(1, n + 1) / (n + 1)


def boundary_value(x):
    h = 1 / (len(x) + 1)
    second = np.convolve(x, [-1, 2, -1])[1:-1]
    return second + h**2 * (x + grid(len(x)) + 1) ** 3 / 2


def integral_equation(x):
    t = grid(len(x))
    kernel = np.where(t[None, :] <= t[:, None], t[None, :] * (1 - t[:, None]), t[:, None] * (1 - t[None, :]))
    return x + kernel @ (x + t + 1) ** 3 / (2 * (len(x) + 1))


def broyden_tridiagonal(x):
    padded = np.pad(x, 1)
    return (3 - 2 * x) * x - padded[:-2] - 2 * padded[2:] + 1


def broyden_banded(x):
    n = len(x)
    offset = arange(n)[:, None] - arange(n)[None, :]
    near = (offset <= 5) & (offset >= -1) & (offset != 0)
    return x * (2 + 5 * x**2) + 1 - near @ (x * (1 + x))


def full_rank(x, m=20):
    tall = np.zeros(m)
    tall[: len(x)] = x
    return tall - 2 / m * sum(x) - 1


def rank_one(x, m=20):
    return arange(1, m + 1) * (arange(1, len(x) + 1) @ x) - 1


def rank_one_with_zeros(x, m=20):
    j = arange(1, len(x) + 1)
    factors = arange(m, dtype=float)
    factors[-1] = 0
    return factors * (j[1:-1] @ x[1:-1]) - 1


def chebyquad(x):
    n = len(x)

    def residual(i):
        mean = chebyshev.chebval(2 * x - 1, np.eye(n + 1)[i]).mean()
        return mean - (-1 / (i**2 - 1) if i % 2 == 0 else 0)

    return [residual(i) for i in range(1, n + 1)]


n = 10
t = grid(n)
problems = [
    (rosenbrock, [-1.2, 1]),
    (freudenstein_roth, [0.5, -2]),
    (powell_badly_scaled, [0, 1]),
    (brown_badly_scaled, [1, 1]),
    (beale, [1, 1]),
    (jennrich_sampson, [0.3, 0.4]),
    (helical_valley, [-1, 0, 0]),
    (bard, [1, 1, 1]),
    (gaussian, [0.4, 1, 0]),
    (meyer, [0.02, 4000, 250]),
    (gulf, [5, 2.5, 0.15]),
    (box, [0, 10, 20]),
    (powell_singular, [3, -1, 0, 1]),
    (wood, [-3, -1, -3, -1]),
    (kowalik_osborne, [0.25, 0.39, 0.415, 0.39]),
    (brown_dennis, [25, 5, -5, -1]),
    (osborne1, [0.5, 1.5, -1, 0.01, 0.02]),
    (biggs, [1, 2, 1, 1, 1, 1]),
    (osborne2, [1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5]),
    (watson, zeros(6)),
    (rosenbrock, [-1.2, 1] * 5),
    (powell_singular, [3, -1, 0, 1] * 2),
    (penalty1, [1, 2, 3, 4]),
    (penalty2, ones(4) / 2),
    (variably_dimensioned, 1 - arange(1, n + 1) / n),
    (trigonometric, ones(n) / n),
    (brown_almost_linear, ones(n) / 2),
    (boundary_value, t * (t - 1)),
    (integral_equation, t * (t - 1)),
    (broyden_tridiagonal, -ones(n)),
    (broyden_banded, -ones(n)),
    (full_rank, ones(n)),
    (rank_one, ones(n)),
    (rank_one_with_zeros, ones(n)),
    (chebyquad, grid(8)),
]


def sum_of_squares(residuals, x):
    return float(sum(np.sum(np.asarray(part, dtype=float) ** 2) for part in residuals(x)))


records = []
for number, (residuals, start) in enumerate(problems, 1):
    start = array(start, dtype=float)
    # Where all parameters are equal or 0, exchanged parameters would go unnoticed.
    skewed = start * (1 + arange(len(start)) / 100) + arange(len(start)) / 1000
    points = [start, skewed]
    records.append(
        {
            "number": number,
            "points": [[float(each) for each in x] for x in points],
            "values": [sum_of_squares(residuals, x) for x in points],
        }
    )

fixture.write("test_problems.json", {"numpy": np.__version__}, {"problems": records})
