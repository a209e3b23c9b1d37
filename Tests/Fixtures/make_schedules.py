"""Writes schedules.json: the learning rates of PyTorch's schedulers, step by step. Needs torch.

Run: python3 make_schedules.py
"""

import warnings

import torch
from torch.optim import lr_scheduler as schedulers

import fixture

warnings.simplefilter("error")


def rates(name, rate, steps, make):
    """The rate of each step, counted from 0."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    scheduler = make(optimizer)
    found = [float(optimizer.param_groups[0]["lr"])]
    for _ in range(steps - 1):
        optimizer.step()
        scheduler.step()
        found.append(float(optimizer.param_groups[0]["lr"]))
    return {"name": name, "rates": found}


def warmed_up(optimizer, start_factor, steps, then):
    first = schedulers.LinearLR(optimizer, start_factor=start_factor, total_iters=steps)
    return quietly(lambda: schedulers.SequentialLR(optimizer, [first, then], milestones=[steps]))


def quietly(make):
    """Without the warning that SequentialLR gives about itself, that its parts were stepped by number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()


def one_cycle(optimizer, peak, steps, **options):
    return schedulers.OneCycleLR(optimizer, peak, total_steps=steps, cycle_momentum=False, **options)


class Quiet:
    """A scheduler whose warnings about being stepped by number are no concern here."""

    def __init__(self, scheduler):
        self.scheduler = scheduler

    def step(self):
        quietly(self.scheduler.step)


fixture.write(
    "schedules.json",
    {"torch": torch.__version__},
    {
        "schedules": [
            rates("constant", 0.3, 5, lambda o: schedulers.LambdaLR(o, lambda k: 1)),
            rates("linear", 1.0, 130, lambda o: schedulers.LinearLR(o, 1, 0.1, total_iters=100)),
            rates("step", 0.3, 60, lambda o: schedulers.StepLR(o, 7)),
            rates("step by half", 0.3, 60, lambda o: schedulers.StepLR(o, 1, 0.5)),
            rates("multi-step", 0.3, 60, lambda o: schedulers.MultiStepLR(o, [30, 4, 5, 5, 50], 0.3)),
            rates("exponential", 0.3, 200, lambda o: schedulers.ExponentialLR(o, 0.95)),
            rates("cosine", 0.3, 80, lambda o: schedulers.CosineAnnealingLR(o, 25)),
            rates("cosine above", 0.3, 60, lambda o: schedulers.CosineAnnealingLR(o, 20, 0.05)),
            rates(
                "warm-up", 0.3, 40,
                lambda o: Quiet(warmed_up(o, 1e-3, 10, schedulers.LambdaLR(o, lambda k: 1))),
            ),
            rates(
                "warm-up to cosine", 0.3, 60,
                lambda o: Quiet(warmed_up(o, 0.25, 8, schedulers.CosineAnnealingLR(o, 40, 0.01))),
            ),
            rates(
                "warm-up to exponential", 0.3, 60,
                lambda o: Quiet(warmed_up(o, 0.5, 1, schedulers.ExponentialLR(o, 0.9))),
            ),
            rates("one cycle", 1.0, 50, lambda o: one_cycle(o, 0.1, 50)),
            rates("one cycle of odd length", 1.0, 37, lambda o: one_cycle(o, 2.0, 37, pct_start=0.45)),
            rates(
                "one cycle in straight lines", 1.0, 40,
                lambda o: one_cycle(
                    o, 0.1, 40, pct_start=0.25, anneal_strategy="linear", div_factor=10, final_div_factor=100
                ),
            ),
            rates("one cycle only up", 1.0, 20, lambda o: one_cycle(o, 0.1, 20, pct_start=1.0)),
            rates("one cycle only down", 1.0, 20, lambda o: one_cycle(o, 0.1, 20, pct_start=0.0)),
        ],
    },
)
