"""Measures micrograd, PyTorch and JAX, whichever are installed, beside this library.

Run:
    python3 bench_peers.py --json out/bench.json --binary .build/release/MicrogradBench

First runs MicrogradBench, which writes the JSON. Then all take turns: MicrogradBench with few turns, each peer, and so
on, and a ratio is that of one turn. The README expression is computed at (-4, 2) with both gradients; the moons step is
the training of micrograd's demo notebook (seeds 1337, 100 samples, 2-16-16-1, all samples in each step) from its
starting point. PyTorch and JAX get the same weights, compute in float64 and with the whole data set as one matrix, as
this library does. The digits step is one of a 784-512-256-10 network on a batch of 128 with softmax cross-entropy and SGD,
all on one processor core.
The results are added to the JSON as "peers".
"""

import argparse
import importlib.metadata
import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time

STEPS, ALPHA, SAMPLES, SEED = 100, 1e-4, 100, 1337
SIZES = [2, 16, 16, 1]


def rate(step):
    return 1.0 - 0.9 * step / 100


# The data and the starting point, as the notebook makes them.


def half_turn(count):
    return [math.pi * k / (count - 1) for k in range(count)]


def moons():
    """Points and signs; what scikit-learn's make_moons(100, noise=0.1) draws after numpy.random.seed(1337)."""
    import numpy as np

    np.random.seed(SEED)
    angles = half_turn(SAMPLES // 2)
    points = [[math.cos(t), math.sin(t)] for t in angles] + [[1 - math.cos(t), 0.5 - math.sin(t)] for t in angles]
    signs = [-1.0] * len(angles) + [1.0] * len(angles)
    order = np.arange(SAMPLES)
    np.random.shuffle(order)
    points = np.array(points)[order] + np.random.normal(scale=0.1, size=(SAMPLES, 2))
    return points.tolist(), [signs[k] for k in order]


def layers():
    """For each layer its weights, a row a neuron; biases are zero."""
    random.seed(SEED)
    return [[[random.uniform(-1, 1) for _ in range(n)] for _ in range(m)] for n, m in zip(SIZES, SIZES[1:])]


def readme(a, b, relu):
    """The expression of micrograd's README."""
    c = a + b
    d = a * b + b**3
    c = c + (c + 1)
    c = c + (1 + c + (-a))
    d = d + (d * 2 + relu(b + a))
    d = d + (3 * d + relu(b - a))
    e = c - d
    f = e**2
    g = f / 2.0
    g = g + 10.0 / f
    return g


DIGITS, DIGITS_BATCH, DIGITS_STEPS = [784, 512, 256, 10], 128, 8


def digits():
    """Inputs, classes and, for each layer, weights and biases: random numbers of the right sizes."""
    import numpy as np

    rng = np.random.default_rng(7)
    x = rng.random((DIGITS_BATCH, DIGITS[0]))
    classes = rng.integers(0, DIGITS[-1], DIGITS_BATCH)
    sizes = list(zip(DIGITS, DIGITS[1:]))
    weights = [rng.uniform(-(n**-0.5), n**-0.5, (m, n)) for n, m in sizes]
    return x, classes, weights, [np.zeros(m) for _, m in sizes]


README_RESULT = (24.70408163265306, 138.83381924198252, 645.5772594752186)
FIRST_LOSS = 0.8958441028683222


def check(name, actual, expected):
    if not math.isclose(actual, expected, rel_tol=1e-9):
        sys.exit(f"{name} computes {actual} where {expected} is right: the times would not compare.")


def seconds(body):
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


def timed(body, at_least=0.02):
    """Seconds of one call, from as many as last that long."""
    calls = 1
    while True:
        elapsed = seconds(lambda: [body() for _ in range(calls)])
        if elapsed >= at_least:
            return elapsed / calls
        calls = max(calls + 1, int(calls * min(1.2 * at_least / max(elapsed, 1e-9), 100)))


# The peers: each a list of (row, workload, function that returns seconds of one README expression or moons step).


def peer_micrograd():
    from micrograd.engine import Value
    from micrograd.nn import MLP

    def expression():
        a, b = Value(-4.0), Value(2.0)
        g = readme(a, b, lambda x: x.relu())
        g.backward()
        return g.data, a.grad, b.grad

    for actual, expected in zip(expression(), README_RESULT):
        check("micrograd", actual, expected)
    points, signs = moons()

    def train(steps):
        random.seed(SEED)
        model = MLP(2, [16, 16, 1])
        losses = []

        def step(k):
            scores = [model(row) for row in points]
            data_loss = sum((1 + -y * score).relu() for y, score in zip(signs, scores)) * (1.0 / len(scores))
            loss = data_loss + ALPHA * sum(p * p for p in model.parameters())
            model.zero_grad()
            loss.backward()
            for p in model.parameters():
                p.data -= rate(k) * p.grad
            losses.append(loss.data)

        elapsed = seconds(lambda: [step(k) for k in range(steps)]) / steps
        check("micrograd", losses[0], FIRST_LOSS)
        return elapsed

    version = importlib.metadata.version("micrograd")
    # One step is enough: it passes over nothing, so all of its steps cost the same.
    return version, [("micrograd", "readme", lambda: timed(expression)), ("micrograd", "moons", lambda: train(1))]


def peer_torch():
    import torch

    torch.set_num_threads(1)  # the fastest for so small a network; a step is a few microseconds of arithmetic
    points, signs = moons()
    x, y = torch.tensor(points, dtype=torch.float64), torch.tensor(signs, dtype=torch.float64)
    a0, b0 = torch.tensor(-4.0, dtype=torch.float64), torch.tensor(2.0, dtype=torch.float64)

    def expression():
        a, b = a0.clone().requires_grad_(), b0.clone().requires_grad_()
        g = readme(a, b, torch.relu)
        g.backward()
        return g.item(), a.grad.item(), b.grad.item()

    for actual, expected in zip(expression(), README_RESULT):
        check("torch", actual, expected)

    def loss_of(x, y, weights, biases):
        for k, (w, b) in enumerate(zip(weights, biases)):
            x = torch.addmm(b, x, w.T)
            if k + 1 < len(weights):
                x = torch.relu(x)
        data_loss = torch.relu(1 - y * x[:, 0]).mean()
        return data_loss + ALPHA * sum((p * p).sum() for p in weights + biases)

    def trainer(loss_of):
        def train():
            weights = [torch.tensor(w, dtype=torch.float64, requires_grad=True) for w in layers()]
            biases = [torch.zeros(len(w), dtype=torch.float64, requires_grad=True) for w in weights]
            optimizer = torch.optim.SGD(weights + biases, lr=1.0)
            losses = []

            def step(k):
                optimizer.param_groups[0]["lr"] = rate(k)
                loss = loss_of(x, y, weights, biases)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                losses.append(loss.item())

            elapsed = seconds(lambda: [step(k) for k in range(STEPS)]) / STEPS
            check("torch", losses[0], FIRST_LOSS)
            return elapsed

        return train

    def digits_trainer():
        inputs, classes, weights, biases = digits()
        inputs, classes = torch.tensor(inputs), torch.tensor(classes)
        parameters = [torch.tensor(p, requires_grad=True) for p in weights + biases]
        optimizer = torch.optim.SGD(parameters, lr=0.1)

        def step():
            h = inputs
            for k in range(3):
                h = torch.addmm(parameters[3 + k], h, parameters[k].T)
                h = torch.relu(h) if k < 2 else h
            loss = torch.nn.functional.cross_entropy(h, classes)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            return loss.item()

        return lambda: seconds(lambda: [step() for _ in range(DIGITS_STEPS)]) / DIGITS_STEPS

    rows = [
        ("PyTorch, eager", "digits", digits_trainer()),
        ("PyTorch, eager", "readme", lambda: timed(expression)),
        ("PyTorch, eager", "moons", trainer(loss_of)),
    ]
    try:
        compiled = trainer(torch.compile(loss_of))
        compiled()  # compiles, or says that it cannot
        rows.append(("PyTorch, compiled", "moons", compiled))
    except Exception as error:
        print(f"torch.compile does not work here: {str(error).splitlines()[0] if str(error) else type(error).__name__}")
    return torch.__version__, rows


def peer_jax():
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    points, signs = moons()
    x, y = jnp.array(points), jnp.array(signs)

    def relu(x):
        return jnp.maximum(x, 0)

    value_and_gradient = jax.jit(jax.value_and_grad(lambda a, b: readme(a, b, relu), (0, 1)))

    def expression():
        value, (a, b) = value_and_gradient(-4.0, 2.0)
        return float(value), float(a), float(b)

    for actual, expected in zip(expression(), README_RESULT):
        check("jax", actual, expected)

    def loss_of(parameters):
        weights, biases = parameters
        h = x
        for k, (w, b) in enumerate(zip(weights, biases)):
            h = h @ w.T + b
            if k + 1 < len(weights):
                h = relu(h)
        data_loss = relu(1 - y * h[:, 0]).mean()
        return data_loss + ALPHA * sum((p * p).sum() for p in weights + biases)

    @jax.jit
    def step(parameters, rate):
        loss, gradients = jax.value_and_grad(loss_of)(parameters)
        return loss, jax.tree_util.tree_map(lambda p, g: p - rate * g, parameters, gradients)

    def train():
        parameters = [jnp.array(w) for w in layers()], [jnp.zeros(m) for m in SIZES[1:]]
        losses = []

        def run():
            nonlocal parameters
            for k in range(STEPS):
                loss, parameters = step(parameters, rate(k))
                losses.append(float(loss))

        elapsed = seconds(run) / STEPS
        check("jax", losses[0], FIRST_LOSS)
        return elapsed

    train()  # compiles

    inputs, classes, weights, biases = digits()
    inputs, classes = jnp.array(inputs), jnp.array(classes)

    def digits_loss(parameters):
        weights, biases = parameters
        h = inputs
        for k in range(3):
            h = h @ weights[k].T + biases[k]
            h = relu(h) if k < 2 else h
        return -jax.nn.log_softmax(h)[jnp.arange(len(classes)), classes].mean()

    @jax.jit
    def digits_step(parameters):
        loss, gradients = jax.value_and_grad(digits_loss)(parameters)
        return loss, jax.tree_util.tree_map(lambda p, g: p - 0.1 * g, parameters, gradients)

    def train_digits():
        parameters = [jnp.array(w) for w in weights], [jnp.array(b) for b in biases]

        def run():
            nonlocal parameters
            for _ in range(DIGITS_STEPS):
                loss, parameters = digits_step(parameters)
                float(loss)

        return seconds(run) / DIGITS_STEPS

    train_digits()
    return jax.__version__, [
        ("JAX, jit", "readme", lambda: timed(expression)), ("JAX, jit", "moons", train),
        ("JAX, jit", "digits", train_digits),
    ]


PEERS = {"micrograd": peer_micrograd, "torch": peer_torch, "jax": peer_jax}

# The library's own row of each workload, and the case in which MicrogradBench measures it.
OURS = {
    "readme": ("this library, Swift", "readme", "Swift"),
    "moons": ("this library, one batch", "moons-batch", "Swift, automatic"),
    "digits": ("this library", "digits-1", "Swift, automatic"),
}


def ours(binary):
    """Seconds of one round of each workload, measured now."""
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        for workload, (_, name, contestant) in OURS.items():
            path = os.path.join(folder, f"{workload}.json")
            command = [binary, "--quick", "--filter", name, "--json", path]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            with open(path) as file:
                [case] = json.load(file)["cases"]
            [row] = [row for row in case["contestants"] if row["name"] == contestant]
            times[workload] = row["time"]["median"] * 1e-9
    return times


def in_words(t):
    for unit, scale in (("ns", 1e9), ("µs", 1e6), ("ms", 1e3)):
        if t * scale < 1000:
            return f"{t * scale:.3g} {unit}"
    return f"{t:.3g} s"


def main():
    parser = argparse.ArgumentParser(description="Measure micrograd, PyTorch and JAX beside this library.")
    parser.add_argument("--json", default="out/bench.json", help="file for all numbers")
    parser.add_argument("--binary", default=".build/release/MicrogradBench", help="the built MicrogradBench")
    parser.add_argument("--turns", type=int, default=7, help="how often each is measured")
    parser.add_argument("--quick", action="store_true", help="fewer turns, and MicrogradBench --quick")
    options = parser.parse_args()
    turns = 3 if options.quick else max(1, options.turns)
    if not os.access(options.binary, os.X_OK):
        sys.exit(f"{options.binary} is not there: build it with swift build -c release, or name it with --binary.")
    subprocess.run([options.binary, "--json", options.json] + ["--quick"] * options.quick, check=True)

    # From here on one core for all: what is compared is the work, not how it is spread.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rows, versions = [], {}
    for name, peer in PEERS.items():
        try:
            versions[name], added = peer()
            rows += added
        except ImportError as error:
            print(f"{name} is left out: {error}")
    samples = {(name, workload): [] for name, workload, _ in rows}
    own = {workload: [] for workload in OURS}
    for _ in range(turns):
        for workload, elapsed in ours(options.binary).items():
            own[workload].append(elapsed)
        for name, workload, measure in rows:
            samples[name, workload].append(measure())

    results = []
    titles = {"readme": "README expression", "moons": "moons training step", "digits": "digits training step"}
    print(f"\nPython {platform.python_version()}, " + ", ".join(f"{k} {v}" for k, v in versions.items()))
    print(f"{'':24}{'time':>10}{'× this library':>18}")
    for workload, (label, _, _) in OURS.items():
        print(f"{titles[workload]}\n  {label:22}{in_words(statistics.median(own[workload])):>10}")
        results.append({"name": label, "workload": workload, "seconds": own[workload]})
        for (name, of), times in samples.items():
            if of != workload:
                continue
            ratio = statistics.median(t / o for t, o in zip(times, own[workload]))
            print(f"  {name:22}{in_words(statistics.median(times)):>10}{ratio:>18,.3g}")
            results.append({"name": name, "workload": workload, "seconds": times, "timesThisLibrary": ratio})
    print(f"time: median of {turns} turns; × this library: median of the ratios, turn by turn.")

    with open(options.json) as file:
        report = json.load(file)
    report["peers"] = {"python": platform.python_version(), "versions": versions, "rows": results}
    with open(options.json, "w") as file:
        json.dump(report, file, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    main()
