"""Writes initializers.json: layers' weights as CPython's random draws them, to the formulas of PyTorch's initialisers.

Needs torch, for the bounds and standard deviations.
Run: python3 make_initializers.py
"""

import math
import random
from unittest import mock

import torch
from torch.nn import init

import fixture

SEED, INPUTS, OUTPUTS = 1337, 7, 3


def recorded(fill):
    """The second argument of the uniform_ or normal_ that `fill` calls on a weight [outputs, inputs]."""
    weight = torch.empty(OUTPUTS, INPUTS, dtype=torch.float64)
    found = []

    def note(self, first, second, generator=None):
        found.append(second)
        return self

    with mock.patch("torch.Tensor.uniform_", note), mock.patch("torch.Tensor.normal_", note):
        fill(weight)
    (argument,) = found
    return float(argument)


def uniform(name, bound, biases=0):
    r = random.Random(SEED)
    weights = [r.uniform(-bound, bound) for _ in range(INPUTS * OUTPUTS)]
    return {"name": name, "weights": weights, "biases": [r.uniform(-bound, bound) for _ in range(biases)]}


def normal(name, deviation):
    r = random.Random(SEED)
    return {"name": name, "weights": [r.gauss(0, deviation) for _ in range(INPUTS * OUTPUTS)], "biases": []}


fixture.write(
    "initializers.json",
    {"torch": torch.__version__},
    {
        "seed": SEED,
        "inputs": INPUTS,
        "outputs": OUTPUTS,
        "layers": [
            uniform("micrograd", 1),
            uniform("uniform", 0.25),
            normal("normal", 0.01),
            uniform("Glorot uniform", recorded(init.xavier_uniform_)),
            uniform("Glorot uniform for tanh", recorded(lambda w: init.xavier_uniform_(w, gain=5 / 3))),
            normal("Glorot normal", recorded(init.xavier_normal_)),
            uniform("He uniform", recorded(lambda w: init.kaiming_uniform_(w, nonlinearity="relu"))),
            normal("He normal", recorded(lambda w: init.kaiming_normal_(w, nonlinearity="relu"))),
            uniform("torch.nn.Linear", recorded(lambda w: init.kaiming_uniform_(w, a=math.sqrt(5))), OUTPUTS),
        ],
    },
)
