"""Writes softmax_family.json: softmax, its logarithm and what is made of them, with first and second derivatives, by mpmath.

A case of "rows" is {"x", "logSumExp", "p", "others", "logs", "bends", "turns"}: the logits, log Σ exp x, its gradient
p = softmax(x), 1 - p, -log p, the Hessian of log Σ exp x, and for each element of p its Hessian, all row by row. One of
"logits" is {"x", "t", "value", "slope", "bend"}: the binary cross-entropy of a logit for a probability t. The logits are taken
as the doubles that they are, and all is computed at 700 digits, so that no difference loses any.
Run: python3 make_softmax_family.py
"""

import mpmath
from mpmath import mpf

import fixture

GAPS = [0.0, 1e-3, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 36.7, 40.0, 100.0, 300.0, 600.0, 700.0]
OFFSETS = [0.0, 2.5, -17.0, 1e3, 1e6, 1e12, -1e12, 1e15, 1e300, -1e300]
TRIPLES = [
    [0.0, 0.0, 0.0], [1.0, 0.0, 0.5], [0.0, 30.0, 29.0], [40.0, 1.0, 0.0], [0.0, 700.0, 350.0], [20.0, 20.0, 0.0],
    [3.0, -100.0, 2.0], [0.0, 0.25, 37.0],
]
TRIPLE_OFFSETS = [0.0, -17.0, 1e6, 1e15, -1e300]
LOGITS = [0.0, 1e-3, 0.5, 1.0, 3.0, 20.0, 36.7, 40.0, 100.0, 700.0]


def family(x):
    n = range(len(x))
    e = [mpmath.exp(mpf(each) - mpf(max(x))) for each in x]
    p = [each / mpmath.fsum(e) for each in e]
    total = mpf(max(x)) + mpmath.log(mpmath.fsum(e))
    delta = lambda i, j: 1 if i == j else 0
    bends = [p[i] * (delta(i, j) - p[j]) for i in n for j in n]
    turns = [
        p[k] * ((delta(k, i) - p[i]) * (delta(k, j) - p[j]) - p[i] * (delta(i, j) - p[j]))
        for k in n
        for i in n
        for j in n
    ]
    return {
        "x": x,
        "logSumExp": float(total),
        "p": [float(each) for each in p],
        "others": [float(1 - each) for each in p],
        "logs": [float(total - mpf(each)) for each in x],
        "bends": [float(each) for each in bends],
        "turns": [float(each) for each in turns],
    }


def of_logit(x, t):
    s = 1 / (1 + mpmath.exp(-mpf(x)))
    return {
        "x": x,
        "t": t,
        "value": float(mpmath.log(1 + mpmath.exp(mpf(x))) - mpf(t) * mpf(x)),
        "slope": float(s - mpf(t)),
        "bend": float(s * (1 - s)),
    }


if __name__ == "__main__":
    mpmath.mp.dps = 700
    rows = [family([gap + offset, offset]) for offset in OFFSETS for gap in GAPS]
    # At large offsets, gaps of a few last places.
    rows += [family([offset * (1 + k * 2.0**-52), offset]) for offset in [1e15, -1e17, 1e18] for k in [1, 3]]
    rows += [family([each + offset for each in x]) for offset in TRIPLE_OFFSETS for x in TRIPLES]
    logits = [of_logit(sign * x, t) for x in LOGITS for sign in [1, -1] for t in [0.0, 1.0, 0.25]]
    fixture.write("softmax_family.json", {"mpmath": mpmath.__version__}, {"rows": rows, "logits": logits})
