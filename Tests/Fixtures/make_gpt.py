"""Writes gpt.json: what a small GPT learns of the rivers that this project ships. Needs torch.

Run: python3 make_gpt.py [names.txt]

Given the file of names, it also writes gpt_names.json, the same run on them. The program was written for these fixtures,
after the published algorithm (A. Karpathy, "microgpt", February 2026): random numbers by CPython, arithmetic and
gradients by PyTorch in 64-bit floating point, Adam by hand.
"""

import pathlib
import random
import re
import sys

import torch

import fixture

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

WIDTH, HEADS, BLOCK = 16, 4, 16
HEAD = WIDTH // HEADS
STEPS, RATE, BETA1, BETA2, EPSILON = 1000, 0.01, 0.85, 0.99, 1e-8


class Run:
    """A text, shuffled, and a model for it, both from one stream of random numbers."""

    def __init__(self, text, seed=42):
        self.random = random.Random(seed)
        self.documents = [line.strip() for line in text.splitlines() if line.strip()]
        self.random.shuffle(self.documents)
        self.characters = sorted(set("".join(self.documents)))
        self.boundary = len(self.characters)
        tokens = self.boundary + 1
        self.shapes = {
            "wte": (tokens, WIDTH), "wpe": (BLOCK, WIDTH), "lm_head": (tokens, WIDTH),
            "wq": (WIDTH, WIDTH), "wk": (WIDTH, WIDTH), "wv": (WIDTH, WIDTH), "wo": (WIDTH, WIDTH),
            "fc1": (4 * WIDTH, WIDTH), "fc2": (WIDTH, 4 * WIDTH),
        }
        self.weights = {
            name: torch.tensor(
                [[self.random.gauss(0, 0.08) for _ in range(columns)] for _ in range(rows)], requires_grad=True
            )
            for name, (rows, columns) in self.shapes.items()
        }
        self.moments = {name: (torch.zeros(shape), torch.zeros(shape)) for name, shape in self.shapes.items()}
        self.taken = 0

    def logits(self, tokens):
        """Scores of what comes next, a row for each of the tokens."""

        def norm(x):
            return x * (x.square().mean(-1, keepdim=True) + 1e-5) ** -0.5

        def heads(x):
            return x.view(count, HEADS, HEAD).transpose(0, 1)

        w, count = self.weights, len(tokens)
        x = norm(w["wte"][tokens] + w["wpe"][:count])
        normed = norm(x)
        q, k, v = (heads(normed @ w[name].T) for name in ("wq", "wk", "wv"))
        scores = q @ k.transpose(1, 2) / HEAD**0.5
        scores = scores.masked_fill(torch.ones(count, count).triu(1).bool(), float("-inf"))
        mixed = (scores.softmax(-1) @ v).transpose(0, 1).reshape(count, WIDTH)
        x = x + mixed @ w["wo"].T
        x = x + (norm(x) @ w["fc1"].T).relu() @ w["fc2"].T
        return x @ w["lm_head"].T

    def loss(self, document):
        tokens = [self.boundary, *map(self.characters.index, document), self.boundary]
        count = min(BLOCK, len(tokens) - 1)
        inputs, targets = tokens[:count], torch.tensor(tokens[1 : count + 1])
        return torch.nn.functional.cross_entropy(self.logits(inputs), targets)

    def gradients(self, documents):
        """The mean loss, and its derivatives."""
        loss = sum(self.loss(each) for each in documents) / len(documents)
        return loss.item(), dict(zip(self.weights, torch.autograd.grad(loss, list(self.weights.values()))))

    def step(self, batch_size):
        first = self.taken * batch_size
        documents = [self.documents[i % len(self.documents)] for i in range(first, first + batch_size)]
        loss, gradients = self.gradients(documents)
        rate = RATE * (1 - self.taken / STEPS)
        self.taken += 1
        with torch.no_grad():
            for name, g in gradients.items():
                m, v = self.moments[name]
                m.mul_(BETA1).add_((1 - BETA1) * g)
                v.mul_(BETA2).add_((1 - BETA2) * g * g)
                corrected_m, corrected_v = m / (1 - BETA1**self.taken), v / (1 - BETA2**self.taken)
                self.weights[name] -= rate * corrected_m / (corrected_v**0.5 + EPSILON)
        return loss

    def sample(self, temperature=0.5):
        tokens = [self.boundary]
        while len(tokens) <= BLOCK:
            with torch.no_grad():
                weights = (self.logits(tokens)[-1] / temperature).softmax(-1).tolist()
            token = self.random.choices(range(self.boundary + 1), weights=weights)[0]
            if token == self.boundary:
                break
            tokens.append(token)
        return "".join(self.characters[token] for token in tokens[1:])


def ten_digits(numbers):
    return [round(number, 10) for number in numbers]


def training(text, batch_size=1, steps=STEPS):
    run = Run(text)
    losses = ten_digits(run.step(batch_size) for _ in range(steps))
    return {"losses": losses, "samples": [run.sample() for _ in range(20)]}


def rivers():
    root = pathlib.Path(__file__).resolve().parents[2]
    source = (root / "Sources" / "MicrogradGPT" / "RiverNames.swift").read_text()
    return "\n".join(re.search(r'"""(.*?)"""', source, re.DOTALL)[1].split())


def start(text):
    """The model as drawn, and the gradients of its first documents."""
    run = Run(text)
    numbers = {name: weights.detach() for name, weights in run.weights.items()}
    loss, gradients = run.gradients(run.documents[:1])
    batch_loss, batch_gradients = run.gradients(run.documents[:3])
    long = "".join(run.characters)[: BLOCK + 4]
    return {
        "documents": run.documents[:3],
        "characters": "".join(run.characters),
        "firstNumbers": {name: each.flatten()[:3].tolist() for name, each in numbers.items()},
        "loss": loss,
        "gradients": {name: g.flatten().tolist() for name, g in gradients.items()},
        "batchLoss": batch_loss,
        "long": {"document": long, "loss": run.loss(long).item()},
        "batchSums": {name: g.sum(0).tolist() for name, g in batch_gradients.items()},
    }


VERSIONS = {"torch": torch.__version__}
if len(sys.argv) > 1:
    text = pathlib.Path(sys.argv[1]).read_text()
    fixture.write("gpt_names.json", VERSIONS, {"single": training(text), "sixteen": training(text, 16, 60)})
text = rivers()
fixture.write(
    "gpt.json", VERSIONS,
    {"start": start(text), "single": training(text), "sixteen": training(text, 16, 60)},
)
