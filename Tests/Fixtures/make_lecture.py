"""Writes lecture.json: the training of A. Karpathy's lecture "The spelled-out intro to neural networks and backpropagation",
a 3-4-4-1 network with tanh after each layer on four samples, computed by PyTorch in double precision with the weights of
Python's random. Needs torch.

Run: python3 make_lecture.py
"""

import random

import torch

import fixture

XS = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
YS = [1.0, -1.0, -1.0, 1.0]


def network(sizes):
    """One tensor [outputs, inputs + 1] a layer; the last column is the bias, drawn after the neuron's weights."""
    return [
        torch.tensor(
            [[random.uniform(-1, 1) for _ in range(inputs + 1)] for _ in range(outputs)],
            dtype=torch.float64, requires_grad=True)
        for inputs, outputs in zip(sizes, sizes[1:])
    ]


def outputs(layers, x, activation, last):
    for k, layer in enumerate(layers):
        f = last if k == len(layers) - 1 else activation
        x = f(x @ layer[:, :-1].T + layer[:, -1])
    return x


def train(seed, rate, steps, activation, last):
    random.seed(seed)
    layers = network([3, 4, 4, 1])
    x, y = torch.tensor(XS, dtype=torch.float64), torch.tensor(YS, dtype=torch.float64)
    losses = []
    for _ in range(steps):
        predicted = outputs(layers, x, activation, last)[:, 0]
        loss = ((predicted - y) ** 2).sum()
        losses.append(loss.item())
        gradients = torch.autograd.grad(loss, layers)
        with torch.no_grad():
            for layer, gradient in zip(layers, gradients):
                layer -= rate * gradient
    predicted = outputs(layers, x, activation, last)[:, 0]
    return {"seed": seed, "rate": rate, "losses": losses, "predictions": predicted.tolist()}


def same(x):
    return x


fixture.write("lecture.json", {"torch": torch.__version__}, {
    "throughout": [train(seed, 0.05, 40, torch.tanh, torch.tanh) for seed in [0, 1, 42, 1337]],
    "hidden": [train(seed, 0.01, 40, torch.tanh, same) for seed in [0, 1, 42, 1337]],
    "sigmoid": [train(1337, 0.05, 40, torch.sigmoid, torch.tanh)],
})
