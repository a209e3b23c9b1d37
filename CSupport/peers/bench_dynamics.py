"""Measures SciPy's compiled solvers and diffrax, whichever are installed, beside this library's differential equations.

Run:
    python3 bench_dynamics.py --json out/bench.json --binary .build/release/MicrogradBench

SciPy's DOP853, DOPRI5 and LSODA call a right-hand side that the system's C compiler makes: no Python runs between the start
and the end. This needs a SciPy whose solvers take C functions (up to 1.16), and a C compiler. diffrax solves Lorenz's equations
compiled by JAX, and computes their gradient by its default adjoint. All get the same equations, tolerances (1e-8) and interval,
and give the states at the end; this library also keeps the continuous solution, except where "end only" is said. All take turns
on one processor core, and a ratio is that of one turn. The results are added to the JSON, if it is there, as "dynamics".
"""

import argparse
import ctypes
import importlib.metadata
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile

from bench_peers import in_words, timed

TOLERANCE, FIRST_STEP, LORENZ_TIME, PLEIADES_TIME, GRADIENT_TIME = 1e-8, 1e-3, 10.0, 3.0, 2.0

STARS = [3, 3, -1, -3, 2, -2, 2, 3, -3, 2, 0, 0, -4, 4, 0, 0, 0, 0, 0, 1.75, -1.5, 0, 0, 0, -1.25, 1, 0, 0]

SLOPES = r"""
#include <math.h>

static void lorenz(const double *y, double *f) {
  f[0] = 10 * (y[1] - y[0]);
  f[1] = y[0] * (28 - y[2]) - y[1];
  f[2] = y[0] * y[1] - 8.0 / 3 * y[2];
}

static void pleiades(const double *y, double *f) {
  for (int k = 0; k < 14; k++) {
    f[k] = y[14 + k];
    f[14 + k] = 0;
  }
  for (int i = 0; i < 7; i++) {
    for (int j = 0; j < 7; j++) {
      if (j == i) continue;
      double dx = y[j] - y[i], dy = y[7 + j] - y[7 + i], square = dx * dx + dy * dy;
      double attraction = (j + 1) / (square * sqrt(square));
      f[14 + i] += attraction * dx;
      f[21 + i] += attraction * dy;
    }
  }
}

void lorenz_of_dop(int *n, double *t, double *y, double *f, double *r, int *i) { lorenz(y, f); }
void lorenz_of_lsoda(int *n, double *t, double *y, double *f) { lorenz(y, f); }
void pleiades_of_dop(int *n, double *t, double *y, double *f, double *r, int *i) { pleiades(y, f); }
void pleiades_of_lsoda(int *n, double *t, double *y, double *f) { pleiades(y, f); }
"""


def check(name, actual, expected, accuracy):
    scale = max(abs(e) for e in expected)
    if not all(math.isclose(a, e, abs_tol=accuracy * scale) for a, e in zip(actual, expected)):
        sys.exit(f"{name} computes {list(actual)} where {list(expected)} is right: the times would not compare.")


def compiled_slopes(folder):
    """The right-hand sides as C functions in capsules, as SciPy's wrappers of Fortran take them."""
    source, library = os.path.join(folder, "slopes.c"), os.path.join(folder, "slopes.so")
    with open(source, "w") as file:
        file.write(SLOPES)
    subprocess.run(["cc", "-O3", "-shared", "-fPIC", "-o", library, source, "-lm"], check=True)
    loaded = ctypes.CDLL(library)
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype, capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return lambda name: capsule(ctypes.cast(getattr(loaded, name), ctypes.c_void_p), None, None)


def peer_scipy(folder):
    import scipy
    from scipy.integrate import ode

    version = tuple(int(part) for part in scipy.__version__.split(".")[:2])
    if version >= (1, 17):
        raise ImportError(f"the solvers of SciPy {scipy.__version__} take Python functions only; install scipy<1.17")
    try:
        slopes = compiled_slopes(folder)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ImportError(f"there is no C compiler for the right-hand sides: {error}")

    def solver(equation, start, time, method):
        family = "lsoda" if method == "lsoda" else "dop"
        function = slopes(f"{equation}_of_{family}")

        def solve():
            found = ode(function).set_integrator(
                method, rtol=TOLERANCE, atol=TOLERANCE, nsteps=100_000, first_step=FIRST_STEP)
            found.set_initial_value(start, 0.0)
            return found.integrate(time)

        return solve

    rows = []
    for equation, start, time in (("lorenz", [1.0, 1, 1], LORENZ_TIME), ("pleiades", STARS, PLEIADES_TIME)):
        solvers = [(f"SciPy, {m.upper()}", solver(equation, start, time, m)) for m in ("dop853", "dopri5", "lsoda")]
        expected = solvers[0][1]()
        for name, solve in solvers:
            check(name, solve(), expected, 1e-3)
            rows.append((name, equation, lambda solve=solve: timed(solve)))
    return scipy.__version__, rows


def peer_diffrax(folder):
    import diffrax
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def slopes(t, y, p):
        return jnp.stack([p[0] * (y[1] - y[0]), y[0] * (p[1] - y[2]) - y[1], y[0] * y[1] - p[2] * y[2]])

    def solver(time):
        def solve(y, p):
            return diffrax.diffeqsolve(
                diffrax.ODETerm(slopes), diffrax.Dopri5(), 0.0, time, FIRST_STEP, y, args=p, max_steps=4096,
                stepsize_controller=diffrax.PIDController(rtol=TOLERANCE, atol=TOLERANCE)).ys[-1]

        return solve

    y, p = jnp.ones(3), jnp.array([10, 28, 8 / 3])
    solve, solve_shorter = jax.jit(solver(LORENZ_TIME)), jax.jit(solver(GRADIENT_TIME))
    gradient = jax.jit(jax.grad(lambda y, p: jnp.sum(solver(GRADIENT_TIME)(y, p)), (0, 1)))
    return importlib.metadata.version("diffrax"), [
        ("diffrax, Dopri5", "lorenz", lambda: timed(lambda: solve(y, p).block_until_ready())),
        ("diffrax, Dopri5", "gradient-lorenz, solution", lambda: timed(lambda: solve_shorter(y, p).block_until_ready())),
        ("diffrax, Dopri5", "gradient-lorenz", lambda: timed(lambda: jax.block_until_ready(gradient(y, p)))),
    ]


PEERS = {"scipy": peer_scipy, "diffrax": peer_diffrax}

# The library's contestants of each workload, by the cases in which MicrogradBench measures them. The first is what peers are
# compared with.
ORDER_8 = "order 8, end only"
SOLVERS = ["MicrogradDynamics, plain numbers", "MicrogradDynamics, native", "MicrogradDynamics, compiled"]
OURS = {
    "lorenz": {"lorenz": SOLVERS, "lorenz-order-8": ["order 8", ORDER_8]},
    "pleiades": {"pleiades": SOLVERS, "pleiades-order-8": ["order 8", ORDER_8]},
    "gradient-lorenz, solution": {"gradient-lorenz": ["solution"]},
    "gradient-lorenz": {"gradient-lorenz": ["gradient, discrete adjoint"]},
}
TITLES = {
    "lorenz": f"Lorenz's equations to time {LORENZ_TIME:g}",
    "pleiades": f"pleiades to time {PLEIADES_TIME:g}",
    "gradient-lorenz, solution": f"Lorenz's equations to time {GRADIENT_TIME:g}",
    "gradient-lorenz": "the gradient of their sum there by start and parameters",
}


def ours(binary, folder):
    """Seconds of each contestant, measured now."""
    cases = {}
    for name in {name for of in OURS.values() for name in of}:
        path = os.path.join(folder, f"{name}.json")
        command = [binary, "--quick", "--filter", name, "--json", path]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with open(path) as file:
            [case] = [case for case in json.load(file)["cases"] if case["name"] == name]
        cases[name] = {row["name"]: row["time"]["median"] * 1e-9 for row in case["contestants"]}
    return {
        workload: {label: cases[name][label] for name, labels in of.items() for label in labels if label in cases[name]}
        for workload, of in OURS.items()
    }


def median_ratio(times, others):
    return statistics.median(t / o for t, o in zip(times, others))


def main():
    parser = argparse.ArgumentParser(description="Measure SciPy and diffrax beside MicrogradDynamics.")
    parser.add_argument("--json", default="out/bench.json", help="file to which the numbers are added")
    parser.add_argument("--binary", default=".build/release/MicrogradBench", help="the built MicrogradBench")
    parser.add_argument("--turns", type=int, default=7, help="how often each is measured")
    options = parser.parse_args()
    if not os.access(options.binary, os.X_OK):
        sys.exit(f"{options.binary} is not there: build it with swift build -c release, or name it with --binary.")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        rows, versions = [], {}
        for name, peer in PEERS.items():
            try:
                versions[name], added = peer(folder)
                rows += added
            except ImportError as error:
                print(f"{name} is left out: {error}")
        if not rows:
            return
        own, samples = [], [[] for _ in rows]
        for _ in range(options.turns):
            own.append(ours(options.binary, folder))
            for times, (_, _, measure) in zip(samples, rows):
                times.append(measure())

    results = []
    print(f"\nPython {platform.python_version()}, " + ", ".join(f"{k} {v}" for k, v in versions.items()))
    print(f"{'':38}{'time':>10}{'× first':>10}{'× order 8':>12}")
    for workload in OURS:
        labels = list(own[0][workload])
        first = [turn[workload][labels[0]] for turn in own]
        listed = [(label, [turn[workload][label] for turn in own]) for label in labels]
        listed += [(name, times) for (name, of, _), times in zip(rows, samples) if of == workload]
        print(TITLES[workload])
        order_8 = dict(listed).get(ORDER_8)
        for name, times in listed:
            row = {"name": name, "workload": workload, "seconds": times, "timesFirst": median_ratio(times, first)}
            line = f"  {name:36}{in_words(statistics.median(times)):>10}{row['timesFirst']:>10.3g}"
            if order_8:
                row["timesOrder8"] = median_ratio(times, order_8)
                line += f"{row['timesOrder8']:>12.3g}"
            print(line)
            results.append(row)
    print(f"time: median of {options.turns} turns; × first, × order 8: median of the ratios to the first of ours and to ours of "
          "order 8, end only, turn by turn.")
    if os.path.exists(options.json):
        with open(options.json) as file:
            report = json.load(file)
        report["dynamics"] = {"python": platform.python_version(), "versions": versions, "rows": results}
        with open(options.json, "w") as file:
            json.dump(report, file, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    main()
