"""Writes functions.json: the engine's functions over their whole domains, with first and second derivatives, by mpmath.

A case is {"op", "x", "value", "dx", "dxx"}, of two arguments with "y", "dy", "dxy", "dyy" as well; x is the first
argument and y the second, so that for atan2(y, x) dx is the derivative in the ordinate. For polygamma y is the order,
a whole number. What is not there, at kinks, at the ends of a domain and at infinity, is left out. All numbers are rounded
to the nearest double, subnormal ones too; what is beyond the largest is infinite. elu has the constant 1.5.

Which functions there are, operations.py says; "functions" has the engine's name of each. The formulas of the derivatives are
compared with mpmath's numeric ones at some points each. Needs torch, as operations.py does, and mpmath.
Run: python3 make_functions.py
"""

import math
import random

import mpmath
from mpmath import mpf

import fixture
from exact import DIGITS, FEWER_DIGITS, INFINITY, polygamma, rounded
from operations import OPERATIONS, Domain

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


def case(name, arguments, keys, results):
    named = {"op": name, **dict(zip(("x", "y"), arguments))}
    return {**named, **{key: rounded(mpf(each)) for key, each in zip(keys, results) if each is not None}}


def cases_of_one(name, domain, few_digits, order=None):
    keys, seen = ("value", "dx", "dxx"), set()
    more = () if order is None else (order,)
    check(name + str(order or ""), domain.exact, 1)
    for x in points(name + str(order or ""), domain.places, domain.reach):
        if x in seen or not math.isfinite(x):
            continue
        seen.add(x)
        with mpmath.workdps(FEWER_DIGITS if few_digits else DIGITS):
            results = domain.exact(mpf(x))
        if results is not None:
            yield case(name, (x, *more), keys, results)
    for x, limit in zip((-INFINITY, INFINITY), domain.ends):
        if limit is not None:
            yield {"op": name, "x": x, **({"y": order} if more else {}), "value": limit}


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
    with_domain = [each for each in OPERATIONS if each.domain is not None]
    for each in with_domain:
        if each.forms == ["V"]:
            yield from cases_of_one(each.op, each.domain, each.few_digits)
    for n in (1, 2, 3):
        places = [0.0, -1.0, -2.0, -10.0] + ([-0.4999, -1.4986] if n == 2 else [])
        yield from cases_of_one("polygamma", Domain(polygamma(n), places=places, reach=[3, 20, 60]), True, n)
    for each in with_domain:
        if each.forms != ["V"]:
            yield from cases_of_two(each.op, each.domain.exact)


if __name__ == "__main__":
    functions = [
        {"op": each.op, "name": each.names[0], "cancels": each.domain.cancels}
        for each in OPERATIONS if each.domain is not None
    ]
    fixture.write("functions.json", {"mpmath": mpmath.__version__}, {"functions": functions, "cases": list(all_cases())})
