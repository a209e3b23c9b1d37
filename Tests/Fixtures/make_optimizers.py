"""Writes optimizers.json: what PyTorch's optimisers make of a small network, step by step, and its clipped gradients.

Needs torch. All numbers are float64; parameters are listed tensor by tensor, row-major.
Run: python3 make_optimizers.py
"""

import math

import torch

import fixture

STEPS, RECORDED = 50, [1, 2, 10, 50]
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
torch.manual_seed(1337)

INPUTS = torch.randn(8, 3)
TARGETS = torch.stack([torch.sin(INPUTS.sum(1)), INPUTS[:, 0] * INPUTS[:, 1]], 1)


def network():
    return torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Tanh(), torch.nn.Linear(5, 2))


START = [p.detach().clone() for p in network().parameters()]


class Network:
    """Mean squared error of a 3-5-2 network with tanh."""

    def __init__(self):
        self.model = network()
        self.parameters = list(self.model.parameters())
        with torch.no_grad():
            for p, start in zip(self.parameters, START):
                p.copy_(start)

    def loss(self):
        return ((self.model(INPUTS) - TARGETS) ** 2).mean()


class RestrainedNetwork(Network):
    """The same with a penalty, so that there is a minimum to go to."""

    def loss(self):
        return super().loss() + 0.01 * sum((p * p).sum() for p in self.parameters)


class LeastSquares:
    """A parabola through points that lie on none."""

    def __init__(self):
        self.parameters = [torch.zeros(3, requires_grad=True)]

    def loss(self):
        x = torch.linspace(-2, 3, 11)
        a, b, c = self.parameters[0]
        return ((a * x**2 + b * x + c - (0.5 * x**3 - x + 1)) ** 2).mean()


class Rosenbrock:
    """The valley of Rosenbrock (1960) from his starting point."""

    def __init__(self):
        self.parameters = [torch.tensor([-1.2, 1.0], requires_grad=True)]

    def loss(self):
        x, y = self.parameters[0]
        return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def flat(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors]).tolist()


def train(name, make, schedule=None, clip=None):
    problem = Network()
    optimizer = make(problem.parameters)
    scheduler = schedule(optimizer) if schedule else None
    record = {"name": name, "parameters": []}
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        problem.loss().backward()
        if clip:
            clip(problem.parameters)
        optimizer.step()
        if scheduler:
            scheduler.step()
        if step in RECORDED:
            record["parameters"].append(flat(problem.parameters))
    return record


def minimize(name, make, steps, **options):
    """L-BFGS: the loss before, the evaluations within and the parameters after each step.

    Its steps amplify rounding, so those are recorded that a start 10⁻¹⁵ away does not lead elsewhere.
    """
    record, twin = (minimized(make(), off, steps, options) for off in [0, 1e-15])
    for ours, theirs in zip(record["parameters"], twin["parameters"]):
        assert all(abs(x - y) < 2e-11 * max(1, abs(x)) for x, y in zip(ours, theirs)), name
    return {"name": name} | record


def minimized(problem, off, steps, options):
    with torch.no_grad():
        for p in problem.parameters:
            p.mul_(1 + off).add_(off)
    optimizer = torch.optim.LBFGS(problem.parameters, **options)
    record = {"losses": [], "evaluations": [], "parameters": []}

    def evaluate():
        record["evaluations"][-1] += 1
        optimizer.zero_grad()
        loss = problem.loss()
        loss.backward()
        return loss

    for _ in range(steps):
        record["evaluations"].append(0)
        record["losses"].append(optimizer.step(evaluate).item())
        record["parameters"].append(flat(problem.parameters))
    return record


def clipped(gradients, value=None, norm=None):
    """Two tensors, the first with three of the gradients."""
    parameters = [torch.zeros(3), torch.zeros(len(gradients) - 3)]
    parameters[0].grad = torch.tensor(gradients[:3])
    parameters[1].grad = torch.tensor(gradients[3:])
    record = {"gradients": gradients}
    if value is not None:
        torch.nn.utils.clip_grad_value_(parameters, value)
        record["value"] = value
    else:
        record["norm"] = norm
        record["total"] = float(torch.nn.utils.clip_grad_norm_(parameters, norm))
    return record | {"clipped": flat(p.grad for p in parameters)}


optim, schedules, utils = torch.optim, torch.optim.lr_scheduler, torch.nn.utils
inf, nan = math.inf, math.nan
WOLFE = "strong_wolfe"
GRADIENTS = [
    [0.5, -1.25, 2.0, -3.5, 0.125], [0.01, -0.02, 0.005, 0.001, -0.003], [0.0, 0.0, 0.0, 0.0, 0.0],
    [0.6, 0.0, 0.0, -0.8, 0.0], [3e150, -4e150, 0.0, 0.0, 1e140], [1.0, inf, -2.0, -inf, 0.0],
    [1.0, nan, -2.0, inf, 0.0],
]

fixture.write(
    "optimizers.json",
    {"torch": torch.__version__},
    {
        "inputs": INPUTS.tolist(),
        "targets": TARGETS.tolist(),
        "start": flat(START),
        "recorded": RECORDED,
        "trainings": [
            train("SGD", lambda p: optim.SGD(p, lr=0.1)),
            train("SGD with weight decay", lambda p: optim.SGD(p, lr=0.1, weight_decay=0.05)),
            train("SGD with momentum", lambda p: optim.SGD(p, lr=0.05, momentum=0.9)),
            train("SGD with dampening", lambda p: optim.SGD(p, lr=0.1, momentum=0.8, dampening=0.4, weight_decay=0.01)),
            train("SGD with Nesterov", lambda p: optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.02)),
            train("Adam", lambda p: optim.Adam(p)),
            train("Adam with betas", lambda p: optim.Adam(p, lr=0.005, betas=(0.3, 0.7), eps=1e-3)),
            train("Adam with weight decay", lambda p: optim.Adam(p, lr=0.01, weight_decay=0.1)),
            train("Adam with AMSGrad", lambda p: optim.Adam(p, lr=0.05, betas=(0.9, 0.8), amsgrad=True)),
            train("AdamW", lambda p: optim.AdamW(p)),
            train("AdamW with weight decay", lambda p: optim.AdamW(p, lr=0.02, weight_decay=0.3)),
            train("AdamW with AMSGrad", lambda p: optim.AdamW(p, lr=0.05, betas=(0.9, 0.8), amsgrad=True)),
            train("RMSProp", lambda p: optim.RMSprop(p)),
            train("RMSProp with weight decay", lambda p: optim.RMSprop(p, lr=0.01, alpha=0.9, weight_decay=0.1)),
            train("RMSProp with momentum", lambda p: optim.RMSprop(p, lr=0.002, momentum=0.8, eps=1e-6)),
            train("RMSProp centred", lambda p: optim.RMSprop(p, lr=0.005, alpha=0.9, centered=True, eps=1e-2)),
            train(
                "RMSProp centred with momentum",
                lambda p: optim.RMSprop(p, lr=0.001, momentum=0.7, centered=True, weight_decay=0.01, eps=1e-4),
            ),
            train("Adagrad", lambda p: optim.Adagrad(p)),
            train("Adagrad with decays", lambda p: optim.Adagrad(p, lr=0.1, lr_decay=0.05, weight_decay=0.02)),
            train(
                "Adagrad with accumulator",
                lambda p: optim.Adagrad(p, lr=0.2, initial_accumulator_value=0.5, eps=1e-3),
            ),
            train(
                "Adam with cosine and clipped norm", lambda p: optim.Adam(p, lr=0.05),
                lambda o: schedules.CosineAnnealingLR(o, 40, 0.001), lambda p: utils.clip_grad_norm_(p, 0.3),
            ),
            train(
                "SGD with steps and clipped values", lambda p: optim.SGD(p, lr=0.2, momentum=0.5),
                lambda o: schedules.StepLR(o, 15, 0.5), lambda p: utils.clip_grad_value_(p, 0.05),
            ),
        ],
        "minimizations": [
            minimize("network, strong Wolfe", RestrainedNetwork, 50, max_iter=1, max_eval=10, line_search_fn=WOLFE),
            minimize("network, several iterations", RestrainedNetwork, 5, max_iter=5, line_search_fn=WOLFE),
            minimize("network, fixed steps", Network, 50, lr=0.2, max_iter=1),
            minimize("network, short history", RestrainedNetwork, 25, lr=0.1, max_iter=2, history_size=5),
            minimize("least squares, strong Wolfe", LeastSquares, 3, line_search_fn=WOLFE),
            minimize("least squares, fixed steps", LeastSquares, 50, lr=0.5, max_iter=2),
            minimize("Rosenbrock, strong Wolfe", Rosenbrock, 50, max_iter=1, max_eval=10, line_search_fn=WOLFE),
            minimize("Rosenbrock, default iterations", Rosenbrock, 4, line_search_fn=WOLFE),
            minimize(
                "Rosenbrock, short history", Rosenbrock, 40, lr=0.5, max_iter=3, max_eval=5, history_size=2,
                tolerance_grad=1e-4, tolerance_change=1e-7, line_search_fn=WOLFE,
            ),
            *(
                minimize(
                    f"Rosenbrock, first steps of {rate}", Rosenbrock, 6, lr=rate, max_iter=iterations, max_eval=60,
                    line_search_fn=WOLFE,
                )
                for rate, iterations in [(0.001, 2), (0.01, 4), (300.0, 4)]
            ),
            minimize(
                "Rosenbrock, few evaluations", Rosenbrock, 30, lr=1e-3, max_iter=4, max_eval=3, line_search_fn=WOLFE,
            ),
            minimize("Rosenbrock, fixed steps", Rosenbrock, 50, lr=0.05, max_iter=3, max_eval=2),
        ],
        "clippings": [
            *(clipped(g, norm=norm) for g in GRADIENTS for norm in [0.5, 1.0, 10.0, 0.0]),
            *(clipped(g, value=value) for g in GRADIENTS for value in [0.0, 0.75, 3.0]),
        ],
    },
)
