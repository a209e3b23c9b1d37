"""Writes dynamics.json: reference solutions of differential equations.

Solutions that are not published are computed by Taylor series with 30 digits (mpmath). Published ones are compared here with
a run of SciPy at tight tolerances:

- pleiades, Robertson and van der Pol: F. Mazzia and C. Magherini, Test Set for Initial Value Problem Solvers, release 2.4,
  2008 (van der Pol there is scaled: t = µ s, so its second state is µ y');
- Brusselator and Arenstorf's orbit: E. Hairer, S. P. Nørsett and G. Wanner, Solving Ordinary Differential Equations I,
  sections II.1 and II.4.
"""

import mpmath
import numpy
import scipy
from mpmath import mpf
from scipy.integrate import solve_ivp

import fixture

mpmath.mp.dps = 30


def taylor(f, start, end):
    return [float(x) for x in mpmath.odefun(f, 0, [mpf(x) for x in start])(mpf(end))]


def lotka_volterra(t, y):
    return [y[0] * (mpf("1.5") - y[1]), y[1] * (y[0] - 3)]


def lorenz(t, y):
    return [10 * (y[1] - y[0]), y[0] * (28 - y[2]) - y[1], y[0] * y[1] - mpf(8) / 3 * y[2]]


def brusselator(t, y):
    return [1 + y[0] * y[0] * y[1] - 4 * y[0], 3 * y[0] - y[0] * y[0] * y[1]]


def pleiades(t, y):
    x, z = y[0:7], y[7:14]
    mass = numpy.arange(1, 8)
    dx, dz = x[None, :] - x[:, None], z[None, :] - z[:, None]
    cubes = (dx**2 + dz**2 + numpy.eye(7)) ** 1.5
    return numpy.concatenate([y[14:28], (mass * dx / cubes).sum(1), (mass * dz / cubes).sum(1)])


def robertson(t, y):
    slow, fast, sink = 0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
    return [-slow + fast, slow - fast - sink, sink]


def van_der_pol(t, y):
    return [y[1], 1000 * (1 - y[0] ** 2) * y[1] - y[0]]


def checked(published, tolerance, f, start, end, method, absolute):
    found = solve_ivp(f, (0, end), start, method=method, rtol=1e-12, atol=absolute).y[:, -1]
    difference = numpy.max(numpy.abs(found - published) / (numpy.abs(published) + 1e-3 * numpy.max(numpy.abs(published))))
    assert difference < tolerance, (published, found)
    return published


PLEIADES_START = [3, 3, -1, -3, 2, -2, 2, 3, -3, 2, 0, 0, -4, 4, 0, 0, 0, 0, 0, 1.75, -1.5, 0, 0, 0, -1.25, 1, 0, 0]
PLEIADES_END = [
    0.3706139143970502, 3.237284092057233, -3.222559032418324, 0.6597091455775310, 0.3425581707156584, 1.562172101400631,
    -0.7003092922212495, -3.943437585517392, -3.271380973972550, 5.225081843456543, -2.590612434977470, 1.198213693392275,
    -0.2429682344935824, 1.091449240428980, 3.417003806314313, 1.354584501625501, -2.590065597810775, 2.025053734714242,
    -1.155815100160448, -0.8072988170223021, 0.5952396354208710, -3.741244961234010, 0.3773459685750630,
    0.9386858869551073, 0.3667922227200571, -0.3474046353808490, 2.344915448180937, -1.947020434263292,
]

PROBLEMS = {
    "lotkaVolterra": {"start": [1, 1], "time": 10, "end": taylor(lotka_volterra, [1, 1], 10)},
    "lorenz": {"start": [1, 1, 1], "time": 5, "end": taylor(lorenz, [1, 1, 1], 5)},
    "brusselator": {"start": [1.5, 3], "time": 20, "end": taylor(brusselator, [1.5, 3], 20)},
    "pleiades": {
        "start": PLEIADES_START, "time": 3,
        "end": checked(PLEIADES_END, 1e-6, pleiades, PLEIADES_START, 3, "DOP853", 1e-12),
    },
    "robertson": {
        "start": [1, 0, 0], "time": 1e11,
        "end": checked(
            [0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050], 1e-6, robertson, [1, 0, 0], 1e11,
            "Radau", [1e-14, 1e-20, 1e-12]),
    },
    "vanDerPol": {
        "start": [2, 0], "time": 2000,
        "end": checked(
            [1.706167732170483, -0.8928097010247975e-3], 1e-5, van_der_pol, [2, 0], 2000, "Radau", 1e-12),
    },
    "arenstorf": {
        "start": [0.994, 0, 0, -2.00158510637908252240537862224],
        "time": 17.0652165601579625588917206249,
        "end": [0.994, 0, 0, -2.00158510637908252240537862224],
    },
}

fixture.write(
    "dynamics.json",
    {"mpmath": mpmath.__version__, "scipy": scipy.__version__},
    {"problems": [{"name": name, **problem} for name, problem in PROBLEMS.items()]},
)
