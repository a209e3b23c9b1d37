"""Writes networks.json: networks made of blocks, with value, gradient and Hessian-vector products, by PyTorch.

A case is {"name", "weights", "inputs", "value", "gradient", "direction", "product", "dataProduct"}: the function's arguments
are the weights and then the inputs, 5 rows of 3; gradient and product, along the direction, are by all of them. dataProduct
is by the weights alone, with inputs that stay where they are. What the networks are is written down here and in
NetworkDerivativeTests.swift; no number comes close to a kink.
Run: python3 make_networks.py
"""

import random

import torch
import torch.nn.functional as F

import fixture

torch.set_default_dtype(torch.float64)
TARGETS = [0.5, -1.0, 0.25, 2.0, -0.75]
SIGNS = [1.0, -1.0, -1.0, 1.0, 1.0]
CLASSES = torch.tensor([2, 0, 1, 1, 2])
ROWS = torch.tensor([2, 0, 2, 1, 3, 0])
MASK = [0.0, 2.0, 2.0, 2.0, 0.0, 2.0, 2.0, 0.0, 2.0, 2.0, 2.0, 2.0]


class Taker:
    """Hands out matrices of the weights, one after the other."""

    def __init__(self, weights):
        self.weights, self.position = weights, 0

    def __call__(self, rows, columns):
        start, self.position = self.position, self.position + rows * columns
        return self.weights[start : self.position].reshape(rows, columns)

    def layer(self, x, outputs):
        weights = self(outputs, x.shape[1])
        return F.linear(x, weights, self(1, outputs)[0])


def column(numbers):
    return torch.tensor(numbers).reshape(-1, 1)


def perceptron(take, x):
    hidden = F.gelu(take.layer(torch.tanh(take.layer(x, 4)), 4))
    return ((take.layer(hidden, 1) - column(TARGETS)) ** 2).mean()


def layer_norm(take, x):
    hidden = take.layer(x, 4)
    hidden = F.layer_norm(hidden, (4,), take(1, 4)[0], take(1, 4)[0], 1e-5)
    return F.cross_entropy(take.layer(F.silu(hidden), 3), CLASSES)


def rms_norm(take, x):
    hidden = take.layer(x, 4)
    hidden = F.rms_norm(hidden, (4,), take(1, 4)[0], 1e-5)
    both = F.layer_norm(hidden, (4,), take(1, 4)[0], take(1, 4)[0], 1e-3) * F.rms_norm(hidden, (4,), take(1, 4)[0], 1e-2)
    scores = F.log_softmax(take.layer(torch.sigmoid(both), 3), dim=1)
    return -(scores * F.one_hot(CLASSES, 3)).sum() / 5


def attention(take, x):
    query, key, value = take.layer(x, 3), take(5, 3), take(3, 5)
    weights = torch.softmax(query @ key.T, dim=1)
    mixed = (weights @ value.T) * take(1, 3) - take(1, 3)
    mixed = F.elu(mixed / (2 + F.softplus(take(1, 3))) + x, 1.5)
    return F.huber_loss(torch.logsumexp(mixed, dim=1, keepdim=True), column(TARGETS), delta=0.7)


def margins(take, x):
    hidden = torch.relu(take.layer(torch.relu(take.layer(x, 6)), 4))
    scores = take.layer(hidden, 1)
    margin = torch.relu(1 - column(SIGNS) * scores)
    return margin.mean() + (margin**2).mean() + (scores - column(TARGETS)).abs().mean() * (hidden.sum(dim=1) ** 2).sum()


def embedding(take, x):
    table = take(4, 2)
    hidden = F.gelu(table[ROWS] * torch.tensor(MASK).reshape(6, 2), approximate="tanh")
    logits = take.layer(hidden, 1) + x.sum() ** 2 / 50
    expected = (column([*SIGNS, 1.0]) + 1) / 2
    return F.binary_cross_entropy_with_logits(logits, expected * 0.9)


def maps(take, x):
    a, b = take(5, 3), take(5, 3)
    positive = torch.exp(0.3 * a) + x**2 + 0.1
    quotient = 2.5 / torch.sqrt(positive) - torch.log(positive) / (1.5 + b.abs())
    return (F.leaky_relu(quotient - b, 0.2) * (1 - 0.5 * x)).mean() + (a * b).sum(dim=1).logsumexp(0)


NETWORKS = {
    "perceptron": (perceptron, 41),
    "layerNorm": (layer_norm, 39),
    "rmsNorm": (rms_norm, 47),
    "attention": (attention, 51),
    "margins": (margins, 57),
    "embedding": (embedding, 11),
    "maps": (maps, 30),
}


def case(name, network, count, seed):
    generator = random.Random(f"{name} {seed}")
    numbers = [round(generator.uniform(-1, 1), 3) for _ in range(count + 15)]
    direction = [round(generator.uniform(-1, 1), 2) for _ in numbers]
    arguments = torch.tensor(numbers, requires_grad=True)

    def function(arguments):
        take = Taker(arguments[:count])
        result = network(take, arguments[count:].reshape(5, 3))
        assert take.position == count, (name, take.position)
        return result

    def product(direction):
        gradient = torch.autograd.grad(function(arguments), arguments, create_graph=True)[0]
        return gradient, torch.autograd.grad(gradient @ torch.tensor(direction), arguments)[0]

    gradient, along = product(direction)
    of_weights = product(direction[:count] + [0.0] * 15)[1][:count]
    return {
        "name": name,
        "weights": numbers[:count],
        "inputs": numbers[count:],
        "value": function(arguments).item(),
        "gradient": gradient.tolist(),
        "direction": direction,
        "product": along.tolist(),
        "dataProduct": of_weights.tolist(),
    }


if __name__ == "__main__":
    cases = [case(name, *network, seed) for name, network in NETWORKS.items() for seed in range(4)]
    fixture.write("networks.json", {"torch": torch.__version__.split("+")[0]}, {"cases": cases})
