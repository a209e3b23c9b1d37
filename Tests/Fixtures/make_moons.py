"""Writes moons.json: the training run of micrograd's demo notebook, number by number.

Needs micrograd (Karpathy's package), numpy and scikit-learn; takes a few minutes.

micrograd sorts its graph by way of Python sets of objects, whose order depends on where these lie in memory. So
the order in which gradients are summed, and with it their last bits, differs between runs of this script;
the first loss does not.
Run: python3 make_moons.py
"""

import importlib.metadata
import random

import numpy as np
import sklearn
from micrograd.nn import MLP
from sklearn.datasets import make_moons

import fixture

STEPS, ALPHA = 100, 1e-4

np.random.seed(1337)
random.seed(1337)
inputs, labels = make_moons(n_samples=100, noise=0.1)
signs = labels * 2 - 1
model = MLP(2, [16, 16, 1])
parameters = model.parameters()


def data():
    return [float(p.data) for p in parameters]


def step():
    """The notebook's loss, and the share of points whose score has the sign of their label."""
    scores = [model(row) for row in inputs.tolist()]
    losses = [(1 + -sign * score).relu() for sign, score in zip(signs.tolist(), scores)]
    data_loss = sum(losses) * (1.0 / len(losses))
    regularization = ALPHA * sum((p * p for p in parameters))
    accuracy = sum((sign > 0) == (score.data > 0) for sign, score in zip(signs.tolist(), scores)) / len(scores)
    return data_loss + regularization, accuracy


initial = data()
losses, accuracies, first_gradients = [], [], None
for k in range(STEPS):
    loss, accuracy = step()
    model.zero_grad()
    loss.backward()
    if k == 0:
        first_gradients = [float(p.grad) for p in parameters]
    learning_rate = 1.0 - 0.9 * k / 100
    for p in parameters:
        p.data -= learning_rate * p.grad
    losses.append(float(loss.data))
    accuracies.append(float(accuracy))

fixture.write(
    "moons.json",
    {
        "numpy": np.__version__, "scikit-learn": sklearn.__version__,
        "micrograd": importlib.metadata.version("micrograd"),
    },
    {
        "inputs": inputs.tolist(),
        "labels": labels.tolist(),
        "initialParameters": initial,
        "firstGradients": first_gradients,
        "losses": losses,
        "accuracies": accuracies,
        "finalParameters": data(),
    },
)
