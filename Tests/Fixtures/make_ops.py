"""Writes ops.json: values and derivatives of every operation by PyTorch's autograd in float64. Needs torch.

A case is {"op", "form", "x", "y", "value", "dx", "dy"}. In the form, V is an operand that is differentiated and C a
plain number; what is not differentiated, or not there, is null.
Run: python3 make_ops.py
"""

import torch
import torch.nn.functional as F

import fixture

INF, NAN = float("inf"), float("nan")
SPECIAL = [0.0, -0.0, INF, -INF, NAN, 1e-300, 1e300]

BINARY = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
}
UNARY = {
    "negate": torch.neg, "square": torch.square, "cube": lambda x: x**3, "reciprocal": torch.reciprocal,
    "abs": torch.abs, "relu": torch.relu, "sqrt": torch.sqrt, "exp": torch.exp, "expMinusOne": torch.expm1,
    "log": torch.log, "log1p": torch.log1p, "sin": torch.sin, "cos": torch.cos, "tan": torch.tan,
    "asin": torch.asin, "acos": torch.acos, "atan": torch.atan, "sinh": torch.sinh, "cosh": torch.cosh,
    "tanh": torch.tanh, "asinh": torch.asinh, "acosh": torch.acosh, "atanh": torch.atanh,
    "sigmoid": torch.sigmoid,
    # PyTorch's softplus jumps to x above its threshold, 20 unless told.
    "softplus": lambda x: F.softplus(x, threshold=700), "silu": F.silu, "gelu": F.gelu,
    "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
    "leakyReLU": lambda x: F.leaky_relu(x, 0.2), "elu": lambda x: F.elu(x, 1.5),
}

# Generic points, none of them a kink, a zero or ±1 of any operation; then what belongs to one operation alone.
ANYWHERE = [-37.25, -4.7, -2.3, -1.3, -0.62, -0.17, -1e-3, 2e-5, 0.11, 0.43, 0.86, 1.7, 2.9, 6.1, 23.4]
POSITIVE = [1.7e-12, 3e-4, 0.06, 0.21, 0.48, 0.83, 1.2, 1.9, 3.3, 7.7, 41.0, 5e3, 2.6e9]
UNIT = [-0.999, -0.87, -0.64, -0.41, -0.23, -0.05, -2e-4, 7e-6, 0.08, 0.29, 0.53, 0.78, 0.93, 0.9999]
OUTSIDE = [-3.5, -1.01, -1.0, 1.0, 1.01, 3.5]
POINTS = {
    "sqrt": POSITIVE + [-1e-300, -0.3, -2.0],
    "log": POSITIVE + [1.0, 0.999999, 1.000001, -1e-300, -0.3, -2.0],
    "log1p": POSITIVE + UNIT + [1e-17, -1e-17, -1.0, -1.01, -3.0],
    "asin": UNIT + OUTSIDE,
    "acos": UNIT + OUTSIDE,
    "atanh": UNIT + OUTSIDE,
    "acosh": [1.0, 1.0000001, 1.03, 1.2, 1.6, 2.1, 2.9, 4.4, 8.3, 17.0, 93.0, 1e4, 3e9, 0.99, 0.5, -1.0, -2.0],
    "exp": ANYWHERE + [-745.0, -746.0, -700.0, 700.0, 709.7, 709.8],
    "expMinusOne": ANYWHERE + [1e-17, -1e-17, -745.0, 709.7, 709.8],
    "sinh": ANYWHERE + [-710.4, 710.4, 710.5],
    "cosh": ANYWHERE + [-710.4, 710.4, 710.5],
    "tanh": ANYWHERE + [-400.0, -19.5, 19.5, 400.0],
    "sigmoid": ANYWHERE + [-1000.0, -746.0, -745.0, -709.8, -709.7, -40.0, 40.0, 709.7, 1000.0],
    "softplus": ANYWHERE + [-1000.0, -745.0, -40.0, 40.0, 690.0, 1000.0],
    "silu": ANYWHERE + [-1000.0, -700.0, -40.0, 40.0, 690.0, 1000.0],
    "gelu": ANYWHERE + [-1000.0, -40.0, -8.3, 8.3, 40.0, 1000.0],
    "geluTanh": ANYWHERE + [-1000.0, -40.0, -8.3, 8.3, 40.0, 1000.0],
    "elu": ANYWHERE + [-1000.0, 1000.0],
    "sin": ANYWHERE + [1.5707963267948966, 3.141592653589793, 1e6, -1e15],
    "cos": ANYWHERE + [1.5707963267948966, 3.141592653589793, 1e6, -1e15],
    "tan": ANYWHERE + [1.5707963267948966, 3.141592653589793, 1e6, -1e15],
    "asinh": ANYWHERE + [1e-9, -1e9, 1e9],
    "square": ANYWHERE + [-1e160, 1e160, 1e-170],
    "cube": ANYWHERE + [-1e110, 1e110, 1e-110],
    "reciprocal": ANYWHERE + [-1e-309, 1e-309],
}
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


def leaf(number):
    return torch.tensor(number, dtype=torch.float64, requires_grad=True)


def case(op, form, function, x, y=None):
    operands = [number if kind == "C" else leaf(number) for kind, number in zip(form, [x, y])]
    result = function(*operands)
    assert result.dtype == torch.float64
    leaves = [operand for operand in operands if isinstance(operand, torch.Tensor)]
    gradients = iter(torch.autograd.grad(result, leaves))
    dx, dy = (next(gradients).item() if kind == "V" else None for kind in form.ljust(2))
    return {"op": op, "form": form, "x": x, "y": y, "value": result.item(), "dx": dx, "dy": dy}


def divide(form):
    # PyTorch's `number / tensor` is number · (1 / tensor), which rounds twice and overflows where a quotient does not.
    return (lambda x, y: torch.tensor(x, dtype=torch.float64) / y) if form == "CV" else BINARY["divide"]


def power(form):
    return torch.pow if form == "CV" else lambda x, y: x**y


cases = [
    case(op, form, divide(form) if op == "divide" else function, x, y)
    for op, function in BINARY.items()
    for form in ["VV", "VC", "CV"]
    for x, y in PAIRS + SPECIAL_PAIRS
]
cases += [case("power", form, power(form), x, y) for form in ["VV", "VC", "CV"] for x, y in POWERS + GRID]
cases += [case("power", "VC", power("VC"), x, y) for x, y in WHOLE if (x, y) not in GRID]
cases += [
    case(op, "V", function, x) for op, function in UNARY.items() for x in POINTS.get(op, ANYWHERE) + SPECIAL
]

fixture.write("ops.json", {"torch": torch.__version__}, {"cases": cases})
