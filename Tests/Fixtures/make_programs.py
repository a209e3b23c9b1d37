"""Writes programs.json: random expression programs with value, gradient and Hessian-vector product, by PyTorch.

A program is {"seed", "x", "v", "steps", "value", "gradient", "product"}: x are the inputs, v a direction. A step makes a
number from earlier ones (inputs first) and is [operation, ...] with the operation's place in "operations"; what follows are
places of operands or, as the operation has it, constants. The last step's number is the result.

Operands are drawn where a function is smooth and not steep, kinked ones away from their kinks. A program is drawn again,
with the next seed, if its numbers grow, or if noise of a few roundings a step changes derivatives in the twelfth digit: then
two right implementations could differ in the tenth.
Run: python3 make_programs.py
"""

import math
import random

import torch
import torch.nn.functional as F

import fixture

PROGRAMS = 1000
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def away(x, *kinks):
    return all(abs(x - kink) > 0.05 for kink in kinks)


def beside_whole(x):
    return abs(x - round(x)) > 0.05 and abs(abs(x - math.floor(x)) - 0.5) > 0.05


# PyTorch's derivative of digamma has nine digits; its Hurwitz zeta function, which is the same, has them all.
def trigamma(x):
    return torch.special.zeta(torch.full_like(x, 2), x)


class Digamma(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return torch.digamma(x)

    @staticmethod
    def backward(context, adjoint):
        return adjoint * trigamma(context.saved_tensors[0])


class LogGamma(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return torch.lgamma(x)

    @staticmethod
    def backward(context, adjoint):
        return adjoint * Digamma.apply(context.saved_tensors[0])


def ieee_remainder(x, y):
    return x - y * torch.round(x / y).detach()


# Of one number: what it is, and where it may be asked for.
UNARY = {
    "negate": (torch.neg, lambda x: True),
    "square": (lambda x: x * x, lambda x: abs(x) < 4),
    "cube": (lambda x: x * x * x, lambda x: abs(x) < 2),
    "relu": (torch.relu, lambda x: away(x, 0)),
    "abs": (torch.abs, lambda x: away(x, 0)),
    "sqrt": (torch.sqrt, lambda x: x > 0.1),
    "cbrt": (lambda x: torch.sign(x) * torch.abs(x) ** (1 / 3), lambda x: abs(x) > 0.1),
    "exp": (torch.exp, lambda x: x < 2.5),
    "expMinusOne": (torch.expm1, lambda x: x < 2.5),
    "exp2": (torch.exp2, lambda x: x < 3),
    "exp10": (lambda x: torch.pow(10.0, x), lambda x: x < 1),
    "log": (torch.log, lambda x: x > 0.15),
    "log1p": (torch.log1p, lambda x: x > -0.8),
    "log2": (torch.log2, lambda x: x > 0.15),
    "log10": (torch.log10, lambda x: x > 0.15),
    "log1mexp": (lambda x: torch.log(-torch.expm1(-x)), lambda x: 0.15 < x < 20),
    "sin": (torch.sin, lambda x: True),
    "cos": (torch.cos, lambda x: True),
    "tan": (torch.tan, lambda x: abs(math.cos(x)) > 0.4),
    "asin": (torch.asin, lambda x: abs(x) < 0.9),
    "acos": (torch.acos, lambda x: abs(x) < 0.9),
    "atan": (torch.atan, lambda x: True),
    "sinh": (torch.sinh, lambda x: abs(x) < 2.5),
    "cosh": (torch.cosh, lambda x: abs(x) < 2.5),
    "tanh": (torch.tanh, lambda x: abs(x) < 3),
    "asinh": (torch.asinh, lambda x: True),
    "acosh": (torch.acosh, lambda x: x > 1.2),
    "atanh": (torch.atanh, lambda x: abs(x) < 0.9),
    "erf": (torch.erf, lambda x: abs(x) < 2.5),
    "erfc": (torch.special.erfc, lambda x: abs(x) < 2.5),
    "gamma": (lambda x: torch.exp(LogGamma.apply(x)), lambda x: 0.3 < x < 4),
    "logGamma": (LogGamma.apply, lambda x: x > 0.2),
    "digamma": (Digamma.apply, lambda x: x > 0.3),
    "trigamma": (trigamma, lambda x: x > 0.5),
    "sigmoid": (torch.sigmoid, lambda x: abs(x) < 6),
    "logit": (torch.logit, lambda x: 0.1 < x < 0.9),
    "softplus": (lambda x: F.softplus(x, threshold=100), lambda x: abs(x) < 6),
    "silu": (F.silu, lambda x: True),
    "gelu": (F.gelu, lambda x: abs(x) < 4),
    "geluTanh": (lambda x: F.gelu(x, approximate="tanh"), lambda x: abs(x) < 4),
    "floor": (torch.floor, beside_whole),
    "ceil": (torch.ceil, beside_whole),
    "round": (torch.round, beside_whole),
    "trunc": (torch.trunc, beside_whole),
    "sign": (torch.sign, lambda x: away(x, 0)),
}

# Of a number and a constant.
WITH_CONSTANT = {
    "plus": (lambda x, c: x + c, lambda x, c: True),
    "from": (lambda x, c: c - x, lambda x, c: True),
    "times": (lambda x, c: x * c, lambda x, c: True),
    "over": (lambda x, c: x / c, lambda x, c: True),
    "under": (lambda x, c: c / x, lambda x, c: abs(x) > 0.3),
    "raised": (lambda x, c: torch.pow(x, c), lambda x, c: 0.2 < x < 5),
    "base": (lambda x, c: torch.pow(abs(c), x), lambda x, c: abs(x) < 3),
    "atLeast": (lambda x, c: torch.clamp(x, min=c), lambda x, c: away(x, c)),
    "atMost": (lambda x, c: torch.clamp(x, max=c), lambda x, c: away(x, c)),
    "leakyReLU": (lambda x, c: F.leaky_relu(x, abs(c)), lambda x, c: away(x, 0)),
    "elu": (lambda x, c: F.elu(x, abs(c)), lambda x, c: away(x, 0)),
}

# Of two numbers.
BINARY = {
    "add": (torch.add, lambda x, y: True),
    "subtract": (torch.sub, lambda x, y: True),
    "multiply": (torch.mul, lambda x, y: True),
    "divide": (torch.div, lambda x, y: abs(y) > 0.3),
    "power": (torch.pow, lambda x, y: 0.2 < x < 4 and abs(y) < 2.5),
    "max": (torch.maximum, lambda x, y: away(x, y)),
    "min": (torch.minimum, lambda x, y: away(x, y)),
    "hypot": (torch.hypot, lambda x, y: math.hypot(x, y) > 0.3),
    "atan2": (torch.atan2, lambda x, y: math.hypot(x, y) > 0.3 and not (y < 0 and abs(x) < 0.1)),
    "remainder": (ieee_remainder, lambda x, y: abs(y) > 0.5 and beside_whole(x / y)),
    "fmod": (torch.fmod, lambda x, y: abs(y) > 0.5 and beside_whole(x / y)),
}

# Of lists of numbers. A choice takes the third where the first is less than the second, else the fourth.
LISTS = {
    "sum": (lambda x: torch.stack(x).sum(), 3),
    "dot": (lambda x: torch.dot(torch.stack(x[::2]), torch.stack(x[1::2])), 6),
    "logSumExp": (lambda x: torch.logsumexp(torch.stack(x), 0), 3),
    "choice": (lambda x: torch.where(x[0] < x[1], x[2], x[3]), 4),
}

OPERATIONS = [*UNARY, *WITH_CONSTANT, *BINARY, *LISTS]
KINDS = {name: kind for kind in (UNARY, WITH_CONSTANT, BINARY, LISTS) for name in kind}
PLACES = {name: place for place, name in enumerate(OPERATIONS)}


def apply(step, numbers):
    name, kind = OPERATIONS[step[0]], KINDS[OPERATIONS[step[0]]]
    function = kind[name][0]
    if kind is LISTS:
        return function([numbers[place] for place in step[1:]])
    if kind is WITH_CONSTANT:
        return function(numbers[step[1]], step[2])
    return function(*(numbers[place] for place in step[1:]))


def draw_step(generator, data):
    last = len(data) - 1
    if abs(data[last]) > 8:
        return [PLACES["asinh"], last]

    def pick():
        place = generator.randint(0 if generator.random() < 0.25 else max(0, last - 10), last)
        return place if abs(data[place]) < 8 else last

    while True:
        name = generator.choice(generator.choice([[*UNARY], [*UNARY], [*WITH_CONSTANT], [*BINARY], [*BINARY], [*LISTS]]))
        kind = KINDS[name]
        if kind is LISTS:
            places = [pick() for _ in range(kind[name][1])]
            if name == "choice" and not away(data[places[0]], data[places[1]]):
                continue
            return [PLACES[name], *places]
        x = pick() if generator.random() < 0.5 else last
        if kind is UNARY:
            if kind[name][1](data[x]) and not (name in ("floor", "ceil", "round", "trunc", "sign") and x == last):
                return [PLACES[name], x]
        elif kind is WITH_CONSTANT:
            c = round(generator.choice([-1, 1]) * generator.uniform(0.3, 2), 2)
            if kind[name][1](data[x], c):
                return [PLACES[name], x, c]
        else:
            y = x if generator.random() < 0.15 else pick()
            if kind[name][1](data[x], data[y]):
                return [PLACES[name], x, y]


def run(inputs, steps, noise=None):
    numbers = list(inputs)
    for step in steps:
        number = apply(step, numbers)
        numbers.append(number * (1 + noise.uniform(-4e-16, 4e-16)) if noise else number)
    return numbers


def derivatives(x, v, steps, noise=None):
    inputs = [torch.tensor(each, requires_grad=True) for each in x]
    result = run(inputs, steps, noise)[-1]
    gradient = torch.autograd.grad(result, inputs, create_graph=True, allow_unused=True, materialize_grads=True)
    slope = sum(g * each for g, each in zip(gradient, v))
    product = [torch.zeros(())] * len(x)
    if slope.requires_grad:
        product = torch.autograd.grad(slope, inputs, allow_unused=True, materialize_grads=True)
    return result.item(), [g.item() for g in gradient], [p.item() for p in product]


def differ(a, b):
    """How far two lists are from one another, as a part of the largest number in them."""
    return max(abs(x - y) for x, y in zip(a, b)) / (max(map(abs, a)) or 1)


def draw(seed):
    generator = random.Random(seed)
    x = [round(generator.uniform(-2, 2), 3) for _ in range(generator.randint(1, 6))]
    v = [round(generator.uniform(-1, 1), 2) for _ in x]
    steps, numbers = [], [torch.tensor(each) for each in x]
    for _ in range(round(math.exp(generator.uniform(math.log(5), math.log(200))))):
        steps.append(draw_step(generator, [number.item() for number in numbers]))
        numbers.append(apply(steps[-1], numbers))
        if not abs(numbers[-1].item()) < 1e4:
            return None
    value, gradient, product = derivatives(x, v, steps)
    numbers = [value, *gradient, *product]
    if not all(abs(number) < 1e6 for number in numbers) or max(map(abs, gradient)) < 1e-6:
        return None
    for trial in range(3):
        noisy = derivatives(x, v, steps, random.Random(trial))
        if max(differ([value], noisy[:1]), differ(gradient, noisy[1]), differ(product, noisy[2])) > 2e-12:
            return None
    return {"seed": seed, "x": x, "v": v, "steps": steps, "value": value, "gradient": gradient, "product": product}


def programs():
    seed, count = 0, 0
    while count < PROGRAMS:
        seed += 1
        program = draw(seed)
        if program:
            count += 1
            yield program


if __name__ == "__main__":
    versions = {"torch": torch.__version__.split("+")[0]}
    fixture.write("programs.json", versions, {"operations": OPERATIONS, "programs": list(programs())})
