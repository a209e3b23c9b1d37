"""Writes higher_derivatives.json: derivatives up to the fifth order of functions at ordinary points, by mpmath.

A case of "one" is {"op", "x", "derivatives"}, the latter of the orders 1 to 5; one of "two" is {"op", "x", "y",
"derivatives"} with a number for each (i, j) of "orders": i times by x, j times by y. All are differentiated numerically at
100 digits from the values of operations.py, so that no formula of a derivative is taken for granted.
Run: python3 make_higher_derivatives.py
"""

import mpmath
from mpmath import mpf

import fixture
from exact import polygamma, rounded
from operations import OPERATIONS

POINTS = [-7.3, -3.1, -1.7, -0.6, -0.2, 0.15, 0.45, 0.8, 1.3, 2.4, 5.2]
PAIRS = [(0.7, 1.3), (2.1, -0.6), (-1.4, 2.0), (-0.8, -3.0), (3.2, 0.4)]
ORDERS = [(i, total - i) for total in range(1, 5) for i in range(total + 1)]


def of_one(name, function):
    for x in POINTS:
        results = function(mpf(x))
        if results is None or len(results) < 3:
            continue
        derivatives = [mpmath.diff(lambda t: function(t)[0], mpf(x), order) for order in range(1, 6)]
        yield {"op": name, "x": x, "derivatives": [rounded(each.real) for each in derivatives]}


def of_two(name, function):
    for x, y in PAIRS:
        if function(mpf(x), mpf(y)) is None or (name == "power" and x < 0):
            continue
        derivatives = [mpmath.diff(lambda s, t: function(s, t)[0], (mpf(x), mpf(y)), order) for order in ORDERS]
        yield {"op": name, "x": x, "y": y, "derivatives": [rounded(each.real) for each in derivatives]}


if __name__ == "__main__":
    mpmath.mp.dps = 100
    with_domain = [each for each in OPERATIONS if each.domain is not None]
    one = [case for each in with_domain if each.forms == ["V"] for case in of_one(each.op, each.domain.exact)]
    one += [case for case in of_one("polygamma1", polygamma(1))]
    two = [case for each in with_domain if each.forms != ["V"] for case in of_two(each.op, each.domain.exact)]
    sections = {"orders": ORDERS, "one": one, "two": two}
    fixture.write("higher_derivatives.json", {"mpmath": mpmath.__version__}, sections)
