"""The operations: how each is written, what it computes, who says so, and at which points it is asked.

From this one table make_ops.py writes ops.json and edges.json, with which the tests compare the library, and the tables
of the article Operations.md; make_functions.py writes functions.json, and make_higher_derivatives.py
higher_derivatives.json. Needs torch and mpmath.

PyTorch's autograd in float64 is the first oracle. Where the result is a real number, mpmath's digits replace PyTorch's,
which have to agree as far as its formulas go. What PyTorch lacks is said by mpmath, IEEE 754 and limits.
DEVIATIONS lists all points at which this library means to differ from PyTorch, with the reason.
"""

import dataclasses
import fractions
import math
from typing import Callable, Optional

import mpmath
import torch
import torch.nn.functional as F
from mpmath import mpf

import exact

INF, NAN = math.inf, math.nan


@dataclasses.dataclass
class Domain:
    """Where make_functions.py asks for a function, and what it is there by mpmath; see exact.py."""

    exact: Callable
    ends: tuple = (None, None)  # limits at minus infinity and infinity; None where there is none, or where PyTorch has NaN
    # Where there is a zero, a pole, a kink or the end of the domain, the range of doubles is left, or there is no slope.
    places: list = dataclasses.field(default_factory=list)
    # Up to which magnitude of x a recorded derivative is a sum of terms near 1, which cancel beside its zeros.
    cancels: float = 0
    # The largest magnitudes of points strewn evenly, for functions that change within them.
    reach: list = dataclasses.field(default_factory=lambda: [2, 40])


@dataclasses.dataclass
class Operation:
    """A row. Its op names it in the fixtures; it has one operand x, or x and y; what has more has no points here."""

    op: str
    written: object  # ways to write it in Swift, or a name in prose
    value: str
    derivative: str
    names: list[str]  # the engine's, as Value.operation has them
    torch: Optional[Callable] = None
    exact: Optional[Callable] = None  # value and derivatives by mpmath, where they are not those of the domain
    limits: object = ()  # where PyTorch has nothing: a function of the operands, or pairs of a point and the results
    points: list = dataclasses.field(default_factory=list)
    edges: list = dataclasses.field(default_factory=list)  # those that the article shows
    kinks: list = dataclasses.field(default_factory=list)  # where second derivatives are asked
    note: str = ""
    domain: Optional[Domain] = None
    few_digits: bool = False  # is slow, and loses nothing by fewer digits
    layer: str = ""  # the name in torch.nn; MicrogradNN has an Activation for each

    @property
    def forms(self):
        """V is an operand that is differentiated, C a plain number."""
        return ["VV", "VC", "CV"] if self.points and isinstance(self.points[0], tuple) else ["V"]


@dataclasses.dataclass
class Deviation:
    """Points at which an operation has a result of its own. What is None is as PyTorch has it."""

    op: str
    at: Callable  # of the operands
    results: Callable  # of the operands: value, and the derivative by each
    where: str
    ours: str
    theirs: str
    reason: str


# MARK: Points

# Generic points, none of them a kink, a zero or ±1 of any operation; then what belongs to one operation alone.
ANYWHERE = [-37.25, -4.7, -2.3, -1.3, -0.62, -0.17, -1e-3, 2e-5, 0.11, 0.43, 0.86, 1.7, 2.9, 6.1, 23.4]
POSITIVE = [1.7e-12, 3e-4, 0.06, 0.21, 0.48, 0.83, 1.2, 1.9, 3.3, 7.7, 41.0, 5e3, 2.6e9]
UNIT = [-0.999, -0.87, -0.64, -0.41, -0.23, -0.05, -2e-4, 7e-6, 0.08, 0.29, 0.53, 0.78, 0.93, 0.9999]
OUTSIDE = [-3.5, -1.01, -1.0, 1.0, 1.01, 3.5]
STEPS = [-7.0, -2.5, -1.5, -0.5, -0.49999999999999994, 0.49999999999999994, 0.5, 1.5, 2.5, 3.0]
STEPS += [4503599627370495.5, -1e17]
BELOW_LOGARITHMS = [-1e-300, -0.3, -2.0]
POLES = [-1.0, -2.0, -3.0, -7.0]
GAMMAS = ANYWHERE[1:] + POLES + [1.0, 2.0, 5.0]
SPECIAL = [0.0, -0.0, INF, -INF, NAN, 1e-300, 1e300]
PAIRS = [
    (-4.0, 2.0), (2.5, 3.7), (-1.3, 0.6), (0.37, -2.9), (-6.2, -1.7), (11.25, 0.08), (0.9, 0.9), (-0.45, 0.45),
    (1e-3, 250.0), (3e8, -7e-5), (-73.0, 19.0), (0.125, 5.5), (1.0 / 3.0, -2.0 / 7.0), (1e200, 1e200),
]
SPECIAL_PAIRS = [(x, y) for x in SPECIAL for y in SPECIAL + [2.5, -2.5]] + [
    (x, y) for x in [2.5, -2.5] for y in SPECIAL
]
POWERS = [
    (0.3, 0.7), (0.3, -1.6), (0.82, 2.4), (1.4, 0.35), (1.4, -3.1), (2.2, 1.9), (3.7, -0.45), (5.1, 2.75),
    (0.06, 1.15), (17.5, -2.2), (120.0, 0.9), (1e-5, 0.4), (9.3, 3.3), (-1.7, 3.0), (-0.6, 2.0), (-2.9, -3.0),
    (-1.7, 0.3), (1e150, 3.0), (1e-150, 3.0), (1e-300, 0.5), (1e300, 1.5), (1e-300, -1.5), (1e300, -0.5),
]
GRID = [
    (base, exponent)
    for base in [-INF, -2.5, -2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.0, 3.7, INF, NAN]
    for exponent in [-INF, -2.5, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 2.5, INF, NAN]
]
WHOLE = [
    (base, float(exponent))
    for exponent in range(-3, 6)
    for base in [-41.0, -3.3, -2.1, -1.2, -0.7, -0.24, -0.03, 0.015, 0.19, 0.66, 1.3, 2.6, 5.9, 14.5]
    + [-0.0, 0.0, INF, -INF, NAN, 1e-300, 1e300]
]
REMAINDERS = [(7.0, 2.0), (-7.0, 2.0), (5.0, 2.0), (3.0, -2.0), (6.5, 0.1), (1e17, 3.0), (0.3, 0.1), (-0.9, 0.3)]
QUADRANTS = [(x, y) for x in [-1.0, -0.0, 0.0, 1.0] for y in [-1.0, -0.0, 0.0, 1.0]]


# MARK: What PyTorch lacks


def root(n):
    def exact(x):
        if x == 0 or (x < 0 and n % 2 == 0):
            return None
        value = mpmath.sign(x) * mpmath.root(abs(x), n)
        return value, value / (n * x)

    edge = (NAN, NAN) if n % 2 == 0 else (-INF, 0.0)
    limits = [(0.0, (0.0, INF)), (-0.0, (-0.0, INF)), (INF, (INF, 0.0)), (-INF, edge), (NAN, (NAN, NAN))]
    return exact, limits + [(x, (NAN, NAN)) for x in ANYWHERE if x < 0 and n % 2 == 0]


def steps(function):
    """A function that is flat but for jumps."""
    return lambda x: (function(x), 0.0)


def half_away(x):
    if not math.isfinite(x):
        return x
    whole = math.floor(abs(x))
    return math.copysign(whole + (abs(x) - whole >= 0.5), x)


def away(x):
    return math.copysign(math.ceil(abs(x)), x) if math.isfinite(x) else x


def remainder(function):
    """The value by Python, IEEE 754's or C's; how many times y is taken from x, exactly."""

    def results(x, y):
        if math.isnan(x) or math.isnan(y) or math.isinf(x) or y == 0:
            return NAN, 1.0, NAN
        value = function(x, y)
        if math.isinf(y):
            return value, 1.0, 0.0
        quotient = (fractions.Fraction(x) - fractions.Fraction(value)) / fractions.Fraction(y)
        try:
            return value, 1.0, -float(round(quotient))
        except OverflowError:
            return value, 1.0, -INF if quotient > 0 else INF

    return results


def log_sum_exp(x, y):
    total = max(x, y) + mpmath.log(1 + exact.exp(-abs(x - y)))
    return total, 1 / (1 + exact.exp(y - x)), 1 / (1 + exact.exp(x - y))


def power(x, y):
    # PyTorch takes constant exponents of ±0.5 for square roots, which at -0 and -∞ are not what C's pow gives. Of two
    # tensors it takes the power.
    return torch.pow(x, y)


def unary(op, *arguments, points=ANYWHERE, **more):
    return Operation(op, *arguments, points=points + SPECIAL, **more)


def binary(op, *arguments, points=PAIRS + SPECIAL_PAIRS, **more):
    return Operation(op, *arguments, points=points, **more)


def formula(op, written, value, derivative, names, note=""):
    """A row without numbers, for operations that others cover, or whole lists and matrices."""
    return Operation(op, written, value, derivative, names, note=note)


# MARK: The operations

ENDS = [INF, -INF]
ZEROS = [0.0, -0.0]

OPERATIONS = [
    binary(
        "add", ["x + y"], "x + y", "1; 1", ["add", "add_constant"], lambda x, y: x + y, edges=[(INF, -INF)],
        domain=Domain(lambda x, y: (x + y, mpf(1), mpf(1), mpf(0), mpf(0), mpf(0))),
    ),
    binary(
        "subtract", ["x - y"], "x - y", "1; -1", ["subtract", "subtract_from_constant"], lambda x, y: x - y,
        edges=[(INF, INF)],
        domain=Domain(lambda x, y: (x - y, mpf(1), mpf(-1), mpf(0), mpf(0), mpf(0))),
    ),
    binary(
        "multiply", ["x * y"], "x y", "y; x", ["multiply", "multiply_constant"], lambda x, y: x * y, edges=[(0.0, INF)],
        domain=Domain(lambda x, y: (x * y, y, x, mpf(0), mpf(1), mpf(0))),
    ),
    binary(
        "divide", ["x / y"], "x / y", "1 / y; -x / y²", ["divide", "divide_by_constant", "divide_constant"],
        lambda x, y: x / y,
        edges=[(1.0, 0.0), (-1.0, 0.0), (1.0, -0.0), (0.0, 0.0), (1.0, INF), (INF, INF)],
        domain=Domain(lambda x, y: None if y == 0 else (x / y, 1 / y, -x / y**2, mpf(0), -1 / y**2, 2 * x / y**3)),
    ),
    binary(
        "power", ["x ** y", "pow(x, y)"], "xʸ", "y xʸ⁻¹; xʸ log x", ["power", "power_constant", "constant_power"],
        power,
        points=POWERS + GRID, note="negative x: NaN unless y is whole, and always by y",
        edges=[(0.0, 0.0), (0.0, 0.5), (0.0, 1.0), (0.0, 2.0), (0.0, -1.0), (-2.0, 2.0), (-2.0, 0.0), (-2.0, 0.5),
               (2.0, INF), (2.0, -INF), (INF, 0.0), (NAN, 0.0), (1.0, NAN)],
        domain=Domain(exact.power),
    ),
    unary("negate", ["-x"], "-x", "-1", ["negate"], torch.neg, edges=ZEROS,
        domain=Domain(lambda x: (-x, mpf(-1), mpf(0)), ends=(INF, -INF)),
    ),
    unary(
        "square", ["x.squared()", "x ** 2"], "x²", "2 x", ["square"], torch.square,
        points=ANYWHERE + [-1e160, 1e160, 1e-170], edges=[0.0] + ENDS,
        domain=Domain(lambda x: (x**2, 2 * x, mpf(2)), ends=(INF, INF)),
    ),
    unary(
        "cube", ["x.cubed()", "x ** 3"], "x³", "3 x²", ["cube"], lambda x: x**3,
        points=ANYWHERE + [-1e110, 1e110, 1e-110], edges=[0.0] + ENDS,
        domain=Domain(lambda x: (x**3, 3 * x**2, 6 * x), ends=(-INF, INF)),
    ),
    unary(
        "reciprocal", ["1 / x"], "1 / x", "-1 / x²", ["divide_constant"], torch.reciprocal,
        points=ANYWHERE + [-1e-309, 1e-309], edges=ZEROS + ENDS,
        domain=Domain(lambda x: None if x == 0 else (1 / x, -1 / x**2, 2 / x**3), ends=(-0.0, 0.0)),
    ),
    unary(
        "abs", ["abs(x)", "x.magnitude"], "x, or -x where x < 0", "1 for x > 0, -1 for x < 0", ["absolute"], torch.abs,
        edges=ZEROS + ENDS + [NAN], kinks=ZEROS,
    ),
    unary(
        "sign", ["sign(x)"], "1 for x > 0, -1 for x < 0", "0", ["sign"], torch.sign, points=ANYWHERE,
        edges=ZEROS + ENDS + [NAN], kinks=ZEROS,
    ),
    binary(
        "max", ["max(x, y)"], "the larger; NaN where one is", "1 for the larger, 0 for the other, ½ each where equal",
        ["maximum"], torch.maximum, edges=[(0.0, 0.0), (2.0, 2.0), (0.0, -0.0), (INF, INF), (NAN, 1.0), (1.0, NAN)],
        kinks=[(0.0, 0.0), (2.0, 2.0)],
    ),
    binary(
        "min", ["min(x, y)"], "the smaller; NaN where one is", "1 for the smaller, 0 for the other, ½ each where equal",
        ["minimum"], torch.minimum, edges=[(0.0, 0.0), (2.0, 2.0), (0.0, -0.0), (INF, INF), (NAN, 1.0), (1.0, NAN)],
        kinks=[(0.0, 0.0), (2.0, 2.0)],
    ),
    unary(
        "clamp", ["clamp(x, 0, 1)", "x.clamped(to: 0...1)"], "x within the limits", "1 between the limits",
        ["clamp_below", "clamp_above"], lambda x: torch.clamp(x, 0.0, 1.0), points=ANYWHERE + [1.0],
        edges=ZEROS + [1.0] + ENDS + [NAN], kinks=[0.0, 1.0],
    ),
    unary(
        "clampBelow", ["x.clamped(to: 0...)"], "x, or the limit where x is below", "1 above the limit", ["clamp_below"],
        lambda x: torch.clamp(x, min=0.0), edges=ZEROS + ENDS + [NAN], kinks=[0.0],
    ),
    unary(
        "clampAbove", ["x.clamped(to: ...1)"], "x, or the limit where x is above", "1 below the limit", ["clamp_above"],
        lambda x: torch.clamp(x, max=1.0), points=ANYWHERE + [1.0], edges=[1.0] + ENDS + [NAN], kinks=[1.0],
    ),
    binary(
        "clampBetween", ["clamp(x, y, 1)"], "min(max(x, y), 1)", "1 for the one that it is, shared where equal",
        ["maximum", "minimum"], lambda x, y: torch.clamp(x, y, torch.ones((), dtype=torch.float64)),
        points=PAIRS + SPECIAL_PAIRS + [(1.0, 0.0), (0.5, 0.5), (1.0, 1.0), (0.5, 2.0), (1.0, 2.0)],
        edges=[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (NAN, 0.0), (0.5, NAN)], kinks=[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)],
        note="limits that are Values",
    ),
    binary(
        "select", ["select(x > 0, x, y)"], "x where the condition holds, else y",
        "1 for the one taken, 0 for the other", ["select"], lambda x, y: torch.where(x > 0, x, y),
        edges=[(0.0, 2.0), (NAN, 2.0)], kinks=[(0.0, 2.0)],
        note="what is not taken may have an infinite slope or be NaN",
    ),
    binary(
        "pick", ["pick([x, y], at: .constant(1))"], "the element at a whole number, 0 to count - 1",
        "1 for that element, 0 for the others and the index", ["pick"],
        lambda x, y: torch.index_select(torch.stack([x, y]), 0, torch.tensor([1]))[0],
        edges=[(NAN, 2.0), (0.0, INF)],
        note="where data is set and recomputed so that the index is no such number, NaN without derivatives",
    ),
    unary(
        "floor", ["floor(x)", "x.rounded(.down)"], "the largest whole number ≤ x", "0", ["floor"], torch.floor,
        points=STEPS + ANYWHERE, edges=[2.0, -0.5, -0.0] + ENDS + [NAN], kinks=[0.0, 2.0],
    ),
    unary(
        "ceil", ["ceil(x)", "x.rounded(.up)"], "the smallest whole number ≥ x", "0", ["ceiling"], torch.ceil,
        points=STEPS + ANYWHERE, edges=[2.0, -0.5] + ENDS + [NAN], kinks=[0.0, 2.0],
    ),
    unary(
        "trunc", ["trunc(x)", "x.rounded(.towardZero)"], "x without its fraction", "0", ["truncate"], torch.trunc,
        points=STEPS + ANYWHERE, edges=[2.0, -0.5] + ENDS + [NAN], kinks=[0.0, 2.0],
    ),
    unary(
        "round", ["round(x)", "x.rounded()"], "the closest whole number, of two the one away from 0", "0", ["round"],
        limits=steps(half_away), points=STEPS + ANYWHERE, edges=[0.5, 1.5, 2.5, -0.5] + ENDS + [NAN], kinks=[0.5, 2.5],
    ),
    unary(
        "roundToEven", ["x.rounded(.toNearestOrEven)"], "the closest whole number, of two the even one", "0",
        ["round_to_even"], torch.round, points=STEPS + ANYWHERE, edges=[0.5, 1.5, 2.5, -0.5] + ENDS + [NAN],
        kinks=[0.5, 2.5],
    ),
    unary(
        "roundAway", ["x.rounded(.awayFromZero)"], "the next whole number away from 0", "0",
        ["sign", "ceiling", "multiply"], limits=steps(away), points=STEPS + ANYWHERE,
        edges=[2.0, -0.5, -0.0] + ENDS + [NAN],
        kinks=[0.0, 2.0],
    ),
    unary(
        # Beside x itself, so that PyTorch can be asked for a derivative.
        "detach", ["x.detached"], "x", "0", ["detach"], lambda x: torch.where(torch.tensor(True), x.detach(), x),
        edges=[2.0, -0.0, INF, NAN], note="while a function is compiled; elsewhere it is a constant",
    ),
    binary(
        "fmod", ["fmod(x, y)", "x.truncatingRemainder(dividingBy: y)"], "x - n y, n = x / y cut to a whole number",
        "1; -n", ["truncating_remainder"], torch.fmod, points=PAIRS + SPECIAL_PAIRS + REMAINDERS,
        limits=remainder(math.fmod), edges=[(6.0, 2.0), (-6.0, 4.0), (-0.0, 2.0), (1.0, 0.0), (INF, 2.0), (2.0, INF)],
        kinks=[(6.0, 2.0)],
    ),
    binary(
        "remainder", ["remainder(x, y)", "x.remainder(dividingBy: y)"], "x - n y, n the whole number closest to x / y",
        "1; -n", ["remainder"], points=PAIRS + SPECIAL_PAIRS + REMAINDERS, limits=remainder(math.remainder),
        edges=[(6.0, 2.0), (5.0, 2.0), (7.0, 2.0), (-0.0, 2.0), (1.0, 0.0), (INF, 2.0), (2.0, INF)], kinks=[(5.0, 2.0)],
    ),
    unary(
        "sqrt", ["sqrt(x)", "x.sqrt()"], "√x", "1 / (2 √x)", ["square_root"], torch.sqrt,
        points=POSITIVE + BELOW_LOGARITHMS, edges=ZEROS + [-2.0, INF],
        domain=Domain(lambda x: exact.root(x) if x >= 0 else None, ends=(None, INF), places=[0.0]),
    ),
    unary(
        "cbrt", ["cbrt(x)", "Value.root(x, 3)"], "∛x", "1 / (3 ∛x²)", ["cube_root"],
        limits=root(3)[1],
        edges=ZEROS + ENDS,
        domain=Domain(exact.cube_root, ends=(-INF, INF), places=[0.0], reach=[2, 40]),
    ),
    unary(
        "root4", ["Value.root(x, 4)"], "ⁿ√x for even n", "ⁿ√x / (n x)", ["power_constant"],
        exact=root(4)[0], limits=root(4)[1], edges=ZEROS + [-1.3, INF],
    ),
    unary(
        "root5", ["Value.root(x, 5)"], "ⁿ√x for odd n", "ⁿ√x / (n x)", ["power_constant", "negate"],
        exact=root(5)[0], limits=root(5)[1], edges=ZEROS + ENDS,
    ),
    binary(
        "hypot", ["hypot(x, y)"], "√(x² + y²)", "x / hypot(x, y); y / hypot(x, y)", ["hypotenuse"], torch.hypot,
        points=PAIRS + SPECIAL_PAIRS + QUADRANTS + [(3e-320, 4e-320)],
        edges=[(0.0, 0.0), (0.0, -2.0), (INF, 1.0), (INF, NAN), (-INF, INF)], kinks=[(0.0, 0.0)],
        domain=Domain(exact.distance),
    ),
    binary(
        "atan2", ["atan2(x, y)"], "the angle of the point with abscissa y and ordinate x",
        "y / (x² + y²); -x / (x² + y²)",
        ["angle"], torch.atan2, points=PAIRS + SPECIAL_PAIRS + QUADRANTS,
        edges=[(0.0, 0.0), (-0.0, 0.0), (0.0, -0.0), (-0.0, -0.0), (0.0, 1.0), (0.0, -1.0), (-0.0, -1.0), (1.0, 0.0),
               (-1.0, 0.0), (INF, 1.0), (1.0, INF), (INF, INF)],
        kinks=[(0.0, 0.0)],
        domain=Domain(exact.angle),
    ),
    unary(
        "exp", ["exp(x)", "x.exp()"], "eˣ", "eˣ", ["exponential"], torch.exp,
        points=ANYWHERE + [-745.0, -746.0, -700.0, 700.0, 709.7, 709.8], edges=[0.0] + ENDS,
        domain=Domain(
            lambda x: (exact.exp(x),) * 3,
            ends=(0.0, INF), places=[709.782712893384, -708.3964185322641, -745.1332191019411], reach=[3, 40, 745],
        ),
    ),
    unary(
        "expMinusOne", ["expMinusOne(x)", "expm1(x)"], "eˣ - 1", "eˣ", ["exponential_minus_one"], torch.expm1,
        points=ANYWHERE + [1e-17, -1e-17, -745.0, 709.7, 709.8], edges=ZEROS + ENDS,
        domain=Domain(
            lambda x: (mpmath.expm1(exact.clamp(x)), exact.exp(x), exact.exp(x)),
            ends=(-1.0, INF), places=[709.782712893384, -37.42994775023705], reach=[3, 40, 745],
        ),
    ),
    unary(
        "exp2", ["exp2(x)"], "2ˣ", "2ˣ log 2", ["exponential_base_2"], torch.exp2,
        points=ANYWHERE + [-1020.0, 1023.5, 1025.0, -1080.0], edges=[0.0] + ENDS,
        domain=Domain(
            exact.power_of(2),
            ends=(0.0, INF), places=[0.0, 1024.0, -1022.0, -1074.0, -1075.0], reach=[3, 40, 1075],
        ),
    ),
    unary(
        "exp10", ["exp10(x)"], "10ˣ", "10ˣ log 10", ["exponential_base_10"], lambda x: torch.pow(10.0, x),
        points=ANYWHERE + [-307.0, 307.8, 308.5, -330.0], edges=[0.0] + ENDS,
        domain=Domain(
            exact.power_of(10),
            ends=(0.0, INF),
            places=[0.0, 308.2547155599167, -307.6526555685887, -323.3062153431158],
            reach=[3, 40, 323],
        ),
    ),
    unary(
        "log", ["log(x)", "x.log()"], "log x", "1 / x, even where x < 0", ["logarithm"], torch.log,
        points=POSITIVE + [1.0, 0.999999, 1.000001] + BELOW_LOGARITHMS, edges=ZEROS + [-2.0, 1.0, INF],
        domain=Domain(
            exact.positive(lambda x: (mpmath.log(x), 1 / x, -1 / x**2)),
            ends=(None, INF), places=[1.0], reach=[2, 40],
        ),
    ),
    unary(
        "log1p", ["log1p(x)", "Value.log(onePlus: x)"], "log(1 + x)", "1 / (1 + x), even where x < -1",
        ["logarithm_one_plus"], torch.log1p, points=POSITIVE + UNIT + [1e-17, -1e-17, -1.0, -1.01, -3.0],
        edges=[-1.0, -3.0] + ZEROS + [INF],
        domain=Domain(
            lambda x: (mpmath.log(1 + x), 1 / (1 + x), -1 / (1 + x) ** 2) if x > -1 else None,
            ends=(None, INF), places=[-1.0, 0.0], reach=[2, 40],
        ),
    ),
    unary(
        "log2", ["log2(x)"], "log x / log 2", "1 / (x log 2), even where x < 0", ["logarithm_base_2"], torch.log2,
        points=POSITIVE + [1.0, 2.0, 8.0] + BELOW_LOGARITHMS, edges=ZEROS + [-2.0, 1.0, INF],
        domain=Domain(exact.positive(exact.logarithm(2)), ends=(None, INF), places=[1.0, 2.0, 8.0], reach=[2, 40]),
    ),
    unary(
        "log10", ["log10(x)"], "log x / log 10", "1 / (x log 10), even where x < 0", ["logarithm_base_10"], torch.log10,
        points=POSITIVE + [1.0, 10.0, 1000.0] + BELOW_LOGARITHMS, edges=ZEROS + [-2.0, 1.0, INF],
        domain=Domain(exact.positive(exact.logarithm(10)), ends=(None, INF), places=[1.0, 10.0, 1000.0], reach=[2, 40]),
    ),
    unary(
        "log1mexp", ["log1mexp(x)"], "log(1 - e⁻ˣ)", "1 / (eˣ - 1)", ["logarithm_one_minus_exponential"],
        limits=[(0.0, (-INF, INF)), (-0.0, (-INF, -INF)), (INF, (-0.0, 0.0)), (-INF, (NAN, NAN)), (NAN, (NAN, NAN))]
        + [(x, (NAN, NAN)) for x in [-0.3, -2.0]] + [(x, (-0.0, 0.0)) for x in [5e3, 2.6e9, 1e300]],
        points=POSITIVE + [0.69, 0.7, -0.3, -2.0, 740.0], edges=ZEROS + [-2.0, INF],
        domain=Domain(
            exact.positive(exact.log1mexp),
            ends=(None, -0.0), places=[0.0, 0.6931471805599453, 745.1332191019411], reach=[2, 40, 745],
        ),
    ),
    binary(
        "logSumExp", ["logSumExp([x, y])"], "log(eˣ + eʸ), of any number of Values", "softmax(x, y)", ["log_sum_exp"],
        lambda x, y: torch.logsumexp(torch.stack([x, y]), 0), exact=log_sum_exp,
        points=PAIRS + SPECIAL_PAIRS + [(1000.0, 1000.0), (-1000.0, -1001.0)],
        edges=[(1000.0, 1000.0), (-INF, 1.0), (-INF, -INF), (INF, 1.0), (INF, INF)], note="of nothing the constant -∞",
    ),
    unary("sin", ["sin(x)"], "sin x", "cos x", ["sine"], torch.sin,
          points=ANYWHERE + [math.pi / 2, math.pi, 1e6, -1e15], edges=ZEROS + [INF],
        domain=Domain(
            lambda x: (mpmath.sin(x), mpmath.cos(x), -mpmath.sin(x)),
            places=[math.pi / 2, math.pi, 2 * math.pi, 22 * math.pi],
        ),
    ),
    unary("cos", ["cos(x)"], "cos x", "-sin x", ["cosine"], torch.cos,
          points=ANYWHERE + [math.pi / 2, math.pi, 1e6, -1e15], edges=[0.0, INF],
        domain=Domain(
            lambda x: (mpmath.cos(x), -mpmath.sin(x), -mpmath.cos(x)),
            places=[math.pi / 2, math.pi, -math.pi / 2, 22.5 * math.pi],
        ),
    ),
    unary("tan", ["tan(x)"], "tan x", "1 + tan² x", ["tangent"], torch.tan,
          points=ANYWHERE + [math.pi / 2, math.pi, 1e6, -1e15], edges=ZEROS + [INF],
        domain=Domain(exact.tangent, places=[math.pi / 2, math.pi, -math.pi / 2, math.pi / 4, 22.5 * math.pi]),
    ),
    unary(
        "asin", ["asin(x)"], "arcsin x, in [-π/2, π/2]", "1 / √(1 - x²)", ["arc_sine"], torch.asin,
        points=UNIT + OUTSIDE,
        edges=[1.0, -1.0, 3.5],
        domain=Domain(lambda x: exact.arc(x, mpmath.asin, 1), places=[-1.0, 1.0, 0.5], reach=[1]),
    ),
    unary(
        "acos", ["acos(x)"], "arccos x, in [0, π]", "-1 / √(1 - x²)", ["arc_cosine"], torch.acos, points=UNIT + OUTSIDE,
        edges=[1.0, -1.0, 3.5],
        domain=Domain(lambda x: exact.arc(x, mpmath.acos, -1), places=[-1.0, 1.0, 0.5], reach=[1]),
    ),
    unary("atan", ["atan(x)"], "arctan x", "1 / (1 + x²)", ["arc_tangent"], torch.atan, edges=ENDS,
        domain=Domain(
            lambda x: (mpmath.atan(x), 1 / (1 + x**2), -2 * x / (1 + x**2) ** 2),
            ends=(-math.pi / 2, math.pi / 2), places=[1.0], reach=[2, 40],
        ),
    ),
    unary(
        "sinh", ["sinh(x)"], "sinh x", "cosh x", ["hyperbolic_sine"], torch.sinh,
        points=ANYWHERE + [-710.4, 710.4, 710.5], edges=ENDS,
        domain=Domain(
            lambda x: (mpmath.sinh(exact.clamp(x)), mpmath.cosh(exact.clamp(x)), mpmath.sinh(exact.clamp(x))),
            ends=(-INF, INF), places=[710.4758600739439, -710.4758600739439, 1.0], reach=[3, 40, 745],
        ),
    ),
    unary(
        "cosh", ["cosh(x)"], "cosh x", "sinh x", ["hyperbolic_cosine"], torch.cosh,
        points=ANYWHERE + [-710.4, 710.4, 710.5], edges=ENDS,
        domain=Domain(
            lambda x: (mpmath.cosh(exact.clamp(x)), mpmath.sinh(exact.clamp(x)), mpmath.cosh(exact.clamp(x))),
            ends=(INF, INF), places=[710.4758600739439, 0.0], reach=[3, 40, 745],
        ),
    ),
    unary(
        "tanh", ["tanh(x)", "x.tanh()"], "tanh x", "1 - tanh² x", ["hyperbolic_tangent"], torch.tanh,
        points=ANYWHERE + [-400.0, -19.5, 19.5, 400.0], edges=ZEROS + ENDS,
        domain=Domain(
            exact.hyperbolic_tangent,
            ends=(-1.0, 1.0), places=[0.55, 1.0, 19.06, -22.0], reach=[0.6, 2, 25],
        ),
        layer="Tanh",
    ),
    unary(
        "asinh", ["asinh(x)"], "arsinh x", "1 / √(x² + 1)", ["area_sine"], torch.asinh,
        points=ANYWHERE + [1e-9, -1e9, 1e9], edges=ENDS,
        domain=Domain(
            lambda x: (mpmath.asinh(x), 1 / mpmath.sqrt(x**2 + 1), -x / mpmath.sqrt(x**2 + 1) ** 3),
            ends=(-INF, INF), reach=[2, 40],
        ),
    ),
    unary(
        "acosh", ["acosh(x)"], "arcosh x", "1 / √(x² - 1)", ["area_cosine"], torch.acosh,
        points=[1.0, 1.0000001, 1.03, 1.2, 1.6, 2.1, 2.9, 4.4, 8.3, 17.0, 93.0, 1e4, 3e9, 0.99, 0.5, -1.0, -2.0],
        edges=[1.0, 0.5, -1.0, -2.0] + ENDS,
        domain=Domain(
            lambda x: exact.area_cosine(x) if x >= 1 else None,
            ends=(None, INF), places=[1.0, 1.25, 2.0], reach=[2, 40],
        ),
    ),
    unary(
        "atanh", ["atanh(x)"], "artanh x", "1 / (1 - x²), even outside of [-1, 1]", ["area_tangent"], torch.atanh,
        points=UNIT + OUTSIDE, edges=[1.0, -1.0, 3.5],
        domain=Domain(
            lambda x: (mpmath.atanh(x), 1 / (1 - x**2), 2 * x / (1 - x**2) ** 2) if abs(x) < 1 else None,
            places=[-1.0, 1.0, 0.5], reach=[1],
        ),
    ),
    unary(
        "erf", ["erf(x)"], "2/√π ∫₀ˣ exp(-t²) dt", "2/√π exp(-x²)", ["error_function"], torch.erf, edges=ZEROS + ENDS,
        domain=Domain(exact.error_function, ends=(-1.0, 1.0), places=[0.47, 5.9], reach=[1, 3, 9, 39]),
        few_digits=True,
    ),
    unary(
        "erfc", ["erfc(x)"], "1 - erf(x)", "-2/√π exp(-x²)", ["complementary_error_function"], torch.erfc,
        points=ANYWHERE + [26.3], edges=[0.0] + ENDS,
        domain=Domain(
            exact.complement,
            ends=(2.0, 0.0), places=[0.47, 26.0, 26.54325845425098, 27.226], reach=[1, 3, 9, 39],
        ),
        few_digits=True,
    ),
    unary(
        "gamma", ["gamma(x)"], "Γ(x), the factorial of x - 1", "Γ(x) ψ(x)", ["gamma_function"],
        limits=[(0.0, (INF, -INF)), (-0.0, (-INF, -INF)), (INF, (INF, INF)), (1e300, (INF, INF))]
        + [(x, (NAN, NAN)) for x in [-INF, NAN] + POLES],
        points=GAMMAS + [170.5], edges=ZEROS + [-1.0, 1.0] + ENDS,
        domain=Domain(
            lambda x: None if x <= 0 and x == int(x) or x < -1000 else exact.gamma(x),
            ends=(None, INF),
            places=[1.0, 1.4616321449683623, 2.0, 171.62437695630272, 0.0, -1.0, -2.0, -5.0, -20.0, -170.0,
                    -0.504083008264455],
            reach=[3, 20, 175],
        ),
        few_digits=True,
    ),
    unary(
        "logGamma", ["logGamma(x)"], "log of the magnitude of Γ(x)", "ψ(x)", ["log_gamma_function"], torch.lgamma,
        points=GAMMAS + [1e5, 3e8], edges=ZEROS + [-1.0, 1.0, 2.0] + ENDS,
        domain=Domain(
            lambda x: None if x <= 0 and x == int(x) or x < -1e4 else exact.log_gamma(x),
            ends=(INF, INF),
            places=[1.0, 1.4616321449683623, 2.0, 0.0, -1.0, -2.0, -5.0, -20.0, -2.4570247382208006,
                    -2.7476826467274127, -3.143580888349980, -3.955294284858598, -4.991544640560048,
                    -5.008218168472541],
            reach=[3, 20, 175],
        ),
        few_digits=True,
    ),
    unary(
        "digamma", ["digamma(x)"], "ψ(x), the derivative of log Γ", "ψ₁(x)", ["digamma_function"], torch.digamma,
        points=GAMMAS + [1e5, 3e8], edges=ZEROS + [-1.0] + ENDS,
        domain=Domain(
            lambda x: None if x <= 0 and x == int(x) or x < -1e4 else tuple(exact.digamma(k, x) for k in range(3)),
            ends=(None, INF),
            places=[1.4616321449683623, 0.0, -1.0, -2.0, -10.0, -0.5040830082644554, -1.5734984731623904,
                    -2.6107208684441447, -3.635293366436901, -10.702],
            reach=[3, 20, 60],
        ),
        few_digits=True,
    ),
    unary(
        "polygamma1", ["polygamma(1, x)"], "ψ₁(x), the derivative of ψ; polygamma(0, x) is digamma(x)", "ψ₂(x)",
        ["polygamma_function"], lambda x: torch.polygamma(1, x), points=GAMMAS,
        edges=ZEROS + [-1.0] + ENDS,
        exact=exact.polygamma(1), few_digits=True,
    ),
    unary(
        "polygamma2", ["polygamma(2, x)"], "ψ₂(x), the derivative of ψ₁, and so on", "ψ₃(x)", ["polygamma_function"],
        lambda x: torch.polygamma(2, x), points=GAMMAS, edges=ZEROS + [-1.0] + ENDS,
        exact=exact.polygamma(2), few_digits=True,
    ),
    unary(
        "sigmoid", ["sigmoid(x)", "logistic(x)", "x.sigmoid()"], "s = 1 / (1 + e⁻ˣ)", "s (1 - s)", ["sigmoid"],
        torch.sigmoid, points=ANYWHERE + [-1000.0, -746.0, -745.0, -709.8, -709.7, -40.0, 40.0, 709.7, 1000.0],
        edges=[0.0] + ENDS,
        domain=Domain(
            lambda x: (exact.logistic(x), exact.gate_slope(x), exact.gate_bend(x)),
            ends=(0.0, 1.0), places=[-745.1332191019411, -709.0, -1.386294361119891, 36.7], reach=[3, 40, 745],
        ),
        layer="Sigmoid",
    ),
    unary(
        "logit", ["logit(x)"], "log(x / (1 - x))", "1 / (x (1 - x))", ["log_odds"], torch.logit,
        points=[1e-12, 0.08, 0.29, 0.4999, 0.5001, 0.53, 0.78, 0.93, 0.9999] + [-0.5, 1.0, 1.01, 2.0],
        edges=ZEROS + [1.0, -0.5, 2.0],
        domain=Domain(
            lambda x: (
                (mpmath.log(x / (1 - x)), 1 / (x * (1 - x)), (2 * x - 1) / (x * (1 - x)) ** 2) if 0 < x < 1 else None
            ),
            places=[0.0, 1.0, 0.5, 0.25, 0.75], reach=[1],
        ),
    ),
    unary(
        # PyTorch's softplus jumps to x above its threshold, 20 unless told.
        "softplus", ["softplus(x)", "x.softplus()"], "log(1 + eˣ)", "sigmoid(x)", ["softplus"],
        lambda x: F.softplus(x, threshold=700), points=ANYWHERE + [-1000.0, -745.0, -40.0, 40.0, 690.0, 1000.0],
        edges=[0.0] + ENDS, note="without PyTorch's jump to x above 20",
        domain=Domain(exact.softplus, ends=(0.0, INF), places=[-745.1332191019411, -709.0, 36.7], reach=[3, 40, 745]),
        layer="Softplus",
    ),
    unary(
        "relu", ["relu(x)", "x.relu()"], "max(x, 0)", "1 for x > 0, 0 for x ≤ 0", ["relu"], torch.relu,
        edges=ZEROS + ENDS + [NAN], kinks=ZEROS,
        layer="ReLU",
    ),
    unary(
        "leakyReLU", ["x.leakyReLU(slope: 0.2)"], "x for x > 0, else slope · x", "1 for x > 0, else the slope",
        ["leaky_relu"], lambda x: F.leaky_relu(x, 0.2), edges=ZEROS + ENDS + [NAN], kinks=ZEROS,
        layer="LeakyReLU",
    ),
    unary(
        "elu", ["x.elu(scale: 1.5)"], "x for x > 0, else scale · (eˣ - 1)", "1 for x > 0, else scale · eˣ", ["elu"],
        lambda x: F.elu(x, 1.5), points=ANYWHERE + [-1000.0, 1000.0], edges=ZEROS + ENDS + [NAN],
        domain=Domain(exact.elu, ends=(-1.5, INF), places=[0.0]),
        layer="ELU",
    ),
    unary(
        "softsign", ["softsign(x)", "x.softsign()"], "x / (1 + abs(x))", "1 / (1 + abs(x))²", ["softsign"], F.softsign,
        edges=ZEROS + ENDS, kinks=ZEROS, layer="Softsign", domain=Domain(exact.softsign, ends=(-1.0, 1.0)),
    ),
    unary(
        "silu", ["x.silu()"], "x s, s = sigmoid(x)", "s (1 + x (1 - s))", ["silu"], F.silu,
        points=ANYWHERE + [-1000.0, -700.0, -40.0, 40.0, 690.0, 1000.0], edges=[0.0] + ENDS,
        domain=Domain(
            exact.silu,
            ends=(None, INF), cancels=10, places=[-1.2784645427610738, -2.3993572805154, -745.0, -708.0], reach=[3, 40, 745],
        ),
        layer="SiLU",
    ),
    unary(
        "mish", ["mish(x)", "x.mish()"], "x t, t = tanh(softplus(x))", "t + x (1 - t²) sigmoid(x)", ["mish"], F.mish,
        points=ANYWHERE + [-1000.0, -700.0, -40.0, 40.0, 690.0, 1000.0], edges=[0.0] + ENDS, layer="Mish",
        domain=Domain(
            exact.mish, ends=(-0.0, INF), cancels=10, places=[-1.192431214515492, -2.2563763963607932, 1.4905711794854285,
                                                              -745.0, -708.0], reach=[3, 40, 745],
        ),
    ),
    unary(
        "gelu", ["x.gelu()"], "x Φ(x), Φ the normal distribution", "Φ(x) + x φ(x)", ["gelu"], F.gelu,
        points=ANYWHERE + [-1000.0, -40.0, -8.3, 8.3, 40.0, 1000.0], edges=[0.0] + ENDS,
        domain=Domain(
            exact.gelu,
            ends=(None, INF), cancels=10, places=[-0.7517915246935645, -1.4142135623730951, -38.4, -37.5], reach=[1, 3, 9, 39],
        ),
        few_digits=True,
        layer="GELU",
    ),
    unary(
        "geluTanh", ["x.geluTanh()"], "x (1 + tanh u) / 2, u = √(2/π) (x + 0.044715 x³)", "as the value says",
        ["gelu_tanh"], lambda x: F.gelu(x, approximate="tanh"),
        points=ANYWHERE + [-1000.0, -40.0, -8.3, 8.3, 40.0, 1000.0],
        edges=[0.0] + ENDS,
        domain=Domain(
            exact.gelu_tanh,
            ends=(None, INF), cancels=10, places=[-0.7524614220710162, -21.0, -20.5], reach=[1, 3, 9, 39],
        ),
        layer="GELU tanh",
    ),
    binary(
        "sum", ["sum([x, y])"], "the sum of any number of Values", "1 for each", ["sum", "sum_run"],
        lambda x, y: torch.stack([x, y]).sum(),
        note="0 when empty",
    ),
    binary(
        "dot", ["dot([x], [y])"], "Σ x[i] y[i]", "each the other factor", ["dot", "dot_runs", "weighted_sum"],
        lambda x, y: torch.dot(torch.stack([x]), torch.stack([y])), note="0 when empty",
    ),
    formula(
        "neuron", "a neuron of MicrogradNN", "w · x + b, or relu of it", "as those of `dot` and `relu`", ["neuron"],
    ),
]

# Of whole matrices: rows without numbers, whose tests have fixtures of their own (losses.json, and BlockNumericsTests).
MATRIX_OPERATIONS = [
    formula(
        "softmax", "`softmax()`, `logSoftmax()`, `logSumExp()`", "of each row", "as PyTorch's",
        ["softmax", "log_softmax", "log_sum_exp"], "to a few last places at any gap and offset: no overflow, and where one class is nearly sure nothing cancels;"
        " -∞ is a probability of 0",
    ),
    formula(
        "crossEntropy", "cross-entropy with classes", "logSumExp - x at the class", "softmax - 1 at the class",
        ["cross_entropy"], "precise where the probability of the class is 1 or 0; of an infinite logit that is right 0, with derivatives 0",
    ),
    formula(
        "hinge", "hinge, squared hinge", "max(0, 1 - t x), and its square",
        "-t, and -2 t (1 - t x), inside the margin", ["hinge", "squared_hinge"], "0 at the margin",
    ),
    formula(
        "errors", "squared error, absolute error", "(x - t)², and abs(x - t)", "2 (x - t), sign of x - t",
        ["squared_error", "absolute_error"], "0 at x = t",
    ),
    formula(
        "huber", "Huber", "(x - t)² / 2 up to delta, a line beyond", "x - t up to delta, ±delta beyond", ["huber"],
        "continuous",
    ),
    formula(
        "binaryCrossEntropy", "binary cross-entropy of a logit", "softplus(x) - t x", "sigmoid(x) - t",
        ["binary_cross_entropy"], "no overflow at ±1000; of an infinite logit that is right 0, with derivative 0",
    ),
    formula(
        "norms", "layer norm, RMS norm", "as PyTorch's", "as PyTorch's", ["layer_norm", "rms_norm"],
        "epsilon keeps constant rows finite",
    ),
    formula(
        "arrangement", "`scaled(by:)`, `rowSums()`, rows and columns", "t x; sums; x itself", "t; 1; 1",
        ["scale", "row_sum", "copy"],
    ),
    formula(
        "layer", "a layer, with relu or without", "x · Wᵀ + b", "products of matrices", ["neuron", "relu"],
        "0 for relu at 0. A gradient of 0 times an infinite weight or input is NaN here, as in PyTorch; node by node"
        " (`.scalar`, `.fused`) it is passed over",
    ),
]

# MARK: Where it is not PyTorch's


def finite_quotient(x, y):
    return y != 0 and abs(y) < INF and abs(x / y) < INF

def between(x, y):
    """The derivatives of min(max(x, y), 1) by x and y for y = 1: the maximum is shared, and it with 1."""
    return (0.25, 0.25) if x == y else (0.0, 0.5)


DEVIATIONS = [
    Deviation(
        "hypot", lambda x, y: x == 0 and y == 0, lambda x, y: (None, 0.0, 0.0),
        "at the origin", "derivatives 0", "NaN",
        "as at other kinks, and as PyTorch's own `norm`: a distance of 0 does not spoil all gradients",
    ),
    Deviation(
        "atan2", lambda x, y: 0 < math.hypot(x, y) < 1e-150 or 1e150 < math.hypot(x, y) < INF,
        lambda x, y: (None, y / math.hypot(x, y) / math.hypot(x, y), -x / math.hypot(x, y) / math.hypot(x, y)),
        "far from the origin and close to it", "derivatives to the last digits",
        "0 or NaN where x² + y² leaves the range",
        "there is no need to square",
    ),
    Deviation(
        "fmod", lambda x, y: not math.isnan(x) and not math.isnan(y) and (y == 0 or math.isinf(x)),
        lambda x, y: (None, None, NAN),
        "at y = 0 and at infinite x", "derivative by y NaN", "±∞, n of a remainder that does not exist",
        "a value of NaN does not depend on y in any way",
    ),
    Deviation(
        "fmod", lambda x, y: math.trunc(x / y) != -remainder(math.fmod)(x, y)[2] if finite_quotient(x, y) else False,
        lambda x, y: remainder(math.fmod)(x, y),
        "where x / y is rounded to a whole number", "derivative by y -n", "-n of one more", "6.5 / 0.1 is below 65",
    ),
    Deviation(
        "clampBetween", lambda x, y: math.isnan(x) or math.isnan(y),
        lambda x, y: (None, None if math.isnan(x) else 1.0, 1.0),
        "at NaN", "derivatives as those of `min` and `max`, 1", "1 by x, 0 by the limits", "it is made of them",
    ),
    Deviation(
        "clampBetween", lambda x, y: y == 1 and x <= 1, lambda x, y: (None, *between(x, y)),
        "where the limits are equal", "derivatives shared as by `min` and `max`", "by x alone", "it is made of them",
    ),
    Deviation(
        "logSumExp", lambda x, y: x == y and 1e6 < abs(x) < INF, lambda x, y: (None, 0.5, 0.5),
        "where all are equal and large", "derivatives that sum to 1",
        "1 each at 1e200: eˣ / eˡ, l = log Σ eˣ being rounded", "softmax comes along with the value",
    ),
    Deviation(
        "sign", lambda x: math.isnan(x) or (x == 0 and math.copysign(1, x) < 0), lambda x: (x, None),
        "at NaN and -0", "x itself", "0", "NaN flows on, so that it is seen",
    ),
    Deviation(
        "acosh", lambda x: x < 1, lambda x: (None, NAN),
        "below -1", "derivative NaN", "1 / √(x² - 1)", "there is no value, and the formula is of another branch",
    ),
    Deviation(
        "softsign", lambda x: math.isinf(x), lambda x: (math.copysign(1, x), 0.0),
        "at ±∞", "±1, derivatives 0", "NaN", "these are the limits",
    ),
    Deviation(
        "silu", lambda x: x == INF, lambda x: (None, 1.0), "at ∞", "derivative 1", "NaN", "it is the limit",
    ),
    Deviation(
        "mish", lambda x: math.isinf(x), lambda x: (x, 1.0) if x > 0 else (-0.0, -0.0),
        "at ±∞", "∞ and 0, derivatives 1 and 0", "NaN", "these are the limits",
    ),
    Deviation(
        "gelu", lambda x: math.isinf(x), lambda x: (None, 1.0 if x > 0 else 0.0),
        "at ±∞", "derivatives 1 and 0", "NaN", "these are the limits",
    ),
    Deviation(
        "geluTanh", lambda x: abs(x) >= 1e300, lambda x: (None, 1.0 if x > 0 else 0.0),
        "where x³ overflows", "derivatives 1 and 0", "NaN", "these are the limits",
    ),
    Deviation(
        "digamma", lambda x: x in POLES, lambda x: (None, INF),
        "at negative whole numbers", "derivative ∞", "6.6e32, by rounding", "ψ₁ is infinite of one sign on either side",
    ),
    Deviation(
        "polygamma1", lambda x: x in POLES, lambda x: (INF, None),
        "at negative whole numbers", "∞", "6.6e32, by rounding", "it is infinite of one sign on either side",
    ),
    Deviation(
        "polygamma1", lambda x: x == INF, lambda x: (0.0, -0.0), "at ∞", "derivative -0", "NaN", "it is the limit",
    ),
    Deviation(
        "polygamma2", lambda x: x == INF, lambda x: (-0.0, 0.0), "at ∞", "-0, derivative 0", "NaN",
        "these are the limits",
    ),
    Deviation(
        "polygamma1", lambda x: x == -INF, lambda x: (NAN, NAN), "at -∞", "NaN", "∓∞ for the derivative",
        "there is no limit",
    ),
    Deviation(
        "polygamma2", lambda x: x == -INF, lambda x: (NAN, NAN), "at -∞", "NaN", "-∞ and ∞", "there is no limit",
    ),
]
