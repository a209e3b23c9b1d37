"""Writes dormand_prince8.json: one step of SciPy's DOP853 with its continuous solution, and numbers of steps and evaluations.

The numbers, by SciPy's solver and by its formulas with another step control, are those of solutions of problems of dynamics.json with equal relative and absolute tolerances, and a first step of
1e-3.
"""

import json
import pathlib

import numpy
import scipy
from scipy.integrate import DOP853, solve_ivp

import fixture


def lorenz(t, y):
    return [10 * (y[1] - y[0]), y[0] * (28 - y[2]) - y[1], y[0] * y[1] - 8 / 3 * y[2]]


def arenstorf(t, y):
    moon = 0.012277471
    earth = 1 - moon
    of_earth, of_moon = ((y[0] + moon) ** 2 + y[1] ** 2) ** 1.5, ((y[0] - earth) ** 2 + y[1] ** 2) ** 1.5
    return [
        y[2], y[3],
        y[0] + 2 * y[3] - earth * (y[0] + moon) / of_earth - moon * (y[0] - earth) / of_moon,
        y[1] - 2 * y[2] - earth * y[1] / of_earth - moon * y[1] / of_moon,
    ]


def pleiades(t, y):
    x, z = y[0:7], y[7:14]
    mass = numpy.arange(1, 8)
    dx, dz = x[None, :] - x[:, None], z[None, :] - z[:, None]
    cubes = (dx**2 + dz**2 + numpy.eye(7)) ** 1.5
    return numpy.concatenate([y[14:28], (mass * dx / cubes).sum(1), (mass * dz / cubes).sum(1)])


def pendulum(t, y):
    return [y[1], -3 * numpy.sin(y[0]) - 0.2 * y[1] ** 2 + numpy.cos(t)]


def step():
    time, size, start = 0.5, 0.3, [0.7, -0.4]
    solver = DOP853(pendulum, time, start, time + size, rtol=1e3, atol=1e3, first_step=size)
    solver.step()
    assert solver.t == time + size
    between = solver.dense_output()
    fractions = [0.1, 0.35, 0.5, 0.82]
    return {
        "time": time, "size": size, "start": start, "end": solver.y.tolist(),
        "fractions": fractions, "between": [between(time + f * size).tolist() for f in fractions],
    }


def controlled(f, y, end, tolerance):
    """The numbers of steps and evaluations of SciPy's formulas with a proportional and integral control.

    E. Hairer, S. P. Nørsett and G. Wanner, Solving Ordinary Differential Equations I, section II.4: with the exponent 0.2 / 8 of
    the error of the step before. SciPy has no integral part.
    """
    y, time, size, last, rejected, steps, evaluations = numpy.array(y, float), 0.0, 1e-3, 1e-4, False, 0, 1
    slope, beta = numpy.array(f(time, y)), 0.2 / 8
    alpha = 1 / 8 - 0.75 * beta
    while time < end:
        reaches = 1.01 * size >= end - time
        h = end - time if reaches else size
        stages = numpy.empty((13, len(y)))
        stages[0] = slope
        for i in range(1, 12):
            stages[i] = f(time + DOP853.C[i] * h, y + h * (DOP853.A[i, :i] @ stages[:i]))
        new = y + h * (DOP853.B @ stages[:12])
        stages[12] = f(time + h, new)
        evaluations += 12
        scale = tolerance + tolerance * numpy.maximum(abs(y), abs(new))
        fine, coarse = (numpy.sum((w @ stages / scale) ** 2) for w in (DOP853.E5, DOP853.E3))
        error = h * fine / numpy.sqrt((fine + 0.01 * coarse) * len(y))
        if error <= 1:
            steps, time, y, slope = steps + 1, end if reaches else time + h, new, stages[12]
            size = h * min(max(0.9 * error**-alpha * last**beta, 0.2), 1 if rejected else 10)
            last, rejected = max(error, 1e-4), False
        else:
            size, rejected = h * max(0.2, 0.9 / error**alpha), True
    return {"steps": steps, "evaluations": evaluations}


def counts(problem, f):
    name, start, end = problem["name"], problem["start"], problem["time"]
    for tolerance in (1e-6, 1e-8, 1e-11):
        found = solve_ivp(f, (0, end), start, method="DOP853", rtol=tolerance, atol=tolerance, first_step=1e-3)
        yield {
            "name": name, "tolerance": tolerance, "scipy": {"steps": len(found.t) - 1, "evaluations": found.nfev},
            "controlled": controlled(f, start, end, tolerance),
        }


with open(pathlib.Path(__file__).with_name("dynamics.json")) as file:
    PROBLEMS = {problem["name"]: problem for problem in json.load(file)["problems"]}

SLOPES = {"lorenz": lorenz, "pleiades": pleiades, "arenstorf": arenstorf}

fixture.write(
    "dormand_prince8.json",
    {"scipy": scipy.__version__, "numpy": numpy.__version__},
    {"step": step(), "counts": [row for name, f in SLOPES.items() for row in counts(PROBLEMS[name], f)]},
)
