"""Writes roots.json: roots, fixed points and minima with first and second derivatives by their parameters, by mpmath."""

import mpmath
from mpmath import mp, mpf

import fixture

mp.dps = 60


def solution(equations, parameters, start):
    """The unknowns at parameters, as a list."""
    found = mpmath.findroot(lambda *x: equations(x, parameters), [mpf(s) for s in start], tol=mpf(10) ** -100, maxsteps=200)
    return [found] if isinstance(found, mp.mpf) else list(found)


def derivatives(equations, parameters, start):
    """Central differences at 60 digits: errors of 1e-24 relative to the parameters."""
    count = len(parameters)
    root = solution(equations, parameters, start)
    h = [abs(p) * mpf(10) ** -13 for p in parameters]

    def at(*shifts):
        moved = [p + sum(s * h[k] for j, s in shifts if j == k) for k, p in enumerate(parameters)]
        return solution(equations, moved, root)

    first = [[] for _ in root]
    second = [[[0.0] * count for _ in range(count)] for _ in root]
    for k in range(count):
        up, down = at((k, 1)), at((k, -1))
        for i in range(len(root)):
            first[i].append(float((up[i] - down[i]) / (2 * h[k])))
            second[i][k][k] = float((up[i] - 2 * root[i] + down[i]) / h[k] ** 2)
        for j in range(k):
            corners = [at((k, a), (j, b)) for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
            for i in range(len(root)):
                mixed = (corners[0][i] - corners[1][i] - corners[2][i] + corners[3][i]) / (4 * h[k] * h[j])
                second[i][k][j] = second[i][j][k] = float(mixed)
    return {"root": [float(x) for x in root], "first": first, "second": second}


def colebrook(x, p):
    return x[0] + 2 * mpmath.log10(p[1] / mpf("3.7") + mpf("2.51") / p[0] * x[0])


def van_der_waals(x, p):
    """Pressure and temperature of carbon dioxide; the molar volume in cubic metres."""
    a, b, gas = mpf("0.3640"), mpf("4.267e-5"), mpf("8.314462618")
    return (p[0] + a / x[0] ** 2) * (x[0] - b) - gas * p[1]


def cosines(x, p):
    """Five unknowns, each with its neighbours."""
    n = 5
    return [
        x[i] - p[0] * mpmath.cos(x[(i + 1) % n]) - mpf(i + 1) / 10 * p[1] * x[(i + 2) % n] ** 2 for i in range(n)
    ]


def duopoly(x, p):
    """Cournot competition: each firm's marginal profit with demand 1/(q1 + q2) and costs p."""
    total = x[0] + x[1]
    return [x[1] / total**2 - p[0], x[0] / total**2 - p[1]]


CASES = {
    # Kepler's equation: the eccentric anomaly by mean anomaly and eccentricity.
    "kepler": (lambda x, p: x[0] - p[1] * mpmath.sin(x[0]) - p[0], ["0.3", "0.9"], ["1"]),
    # One over the root of Darcy's friction factor, by Reynolds number and relative roughness.
    "colebrook": (colebrook, ["1e5", "1e-4"], ["7"]),
    "vanDerWaals": (van_der_waals, ["1e6", "300"], ["0.0025"]),
    "circleAndParabola": (
        lambda x, p: [x[0] ** 2 + x[1] ** 2 - p[0], x[1] - p[1] * x[0] ** 2],
        ["4", "0.5"],
        ["1", "1"],
    ),
    "duopoly": (duopoly, ["0.2", "0.3"], ["1", "1"]),
    "cosines": (cosines, ["0.7", "0.4"], ["0.5"] * 5),
    # The fixed points of x = cos(p x) and of a map of the plane.
    "cosine": (lambda x, p: x[0] - mpmath.cos(p[0] * x[0]), ["1"], ["0.7"]),
    "planeMap": (
        lambda x, p: [x[0] - mpmath.sin(p[0] * x[1]) / 2 - p[1], x[1] - mpmath.cos(p[1] * x[0]) / 3],
        ["1.5", "0.4"],
        ["0.5", "0.3"],
    ),
    # The minimum of softplus(x) - p[0] x + p[1] x^4, a root of its derivative.
    "softplusMinimum": (lambda x, p: 1 / (1 + mpmath.exp(-x[0])) - p[0] + 4 * p[1] * x[0] ** 3, ["0.8", "0.1"], ["0.5"]),
}


def record(name):
    equations, parameters, start = CASES[name]
    one = len(start) == 1
    system = (lambda x, p: equations(x, p)) if one else equations
    numbers = [mpf(float(p)) for p in parameters]
    return {"name": name, "parameters": [float(p) for p in parameters], **derivatives(system, numbers, start)}


fixture.write("roots.json", {"mpmath": mpmath.__version__}, {"roots": [record(name) for name in CASES]})
