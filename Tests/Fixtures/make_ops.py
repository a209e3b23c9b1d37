"""Writes ops.json, edges.json and the tables of the article Operations.md from operations.py. Needs torch and mpmath.

A case of ops.json is {"op", "form", "x", "y", "value", "dx", "dy"}. In the form, V is an operand that is differentiated
and C a plain number; what is not differentiated, or not there, is null.

edges.json has the rows of the article, with the points that they show, and second derivatives at kinks.
Run: python3 make_ops.py
"""

import math
import pathlib

import mpmath
import torch
from mpmath import mpf

import fixture
import exact
from operations import DEVIATIONS, MATRIX_OPERATIONS, OPERATIONS, WHOLE

ARTICLE = pathlib.Path(__file__).parents[2] / "Sources/Micrograd/Micrograd.docc/Operations.md"


# MARK: Asking

def tensor(number, differentiated):
    return torch.tensor(number, dtype=torch.float64, requires_grad=differentiated)


def of_torch(operation, operands):
    """The value, and the derivative by each operand."""
    leaves = [tensor(number, True) for number in operands]
    result = operation.torch(*leaves)
    assert result.dtype == torch.float64
    return (result.item(), *(each.item() for each in torch.autograd.grad(result, leaves)))


def of_limits(operation, operands):
    if callable(operation.limits):
        return operation.limits(*operands)
    return next((results for point, results in operation.limits if repr(point) == repr(operands[0])), None)


def of_mpmath(operation, operands):
    """The results of finite operands; None where there is no real number, and for zeros, which have a sign."""
    function = operation.exact or (operation.domain and operation.domain.exact)
    if function is None or not all(math.isfinite(x) for x in operands) or 0 in operands[:1]:
        return None
    with mpmath.workdps(60 if operation.few_digits else exact.DIGITS):
        results = function(*map(mpf, operands))
    if results is None or len(results) <= len(operands):
        return None
    results = [None if each is None else exact.rounded(mpf(each)) for each in results[: len(operands) + 1]]
    return [each or None for each in results[:1]] + results[1:]


unused = set(range(len(DEVIATIONS)))


def of_deviations(operation, operands, theirs):
    """PyTorch's results, but for what is meant to differ. A deviation that nowhere makes a difference is an error."""
    results = theirs
    for k, deviation in enumerate(DEVIATIONS):
        if deviation.op == operation.op and deviation.at(*operands):
            results = merged(results, deviation.results(*operands))
            if [repr(x) for x in results] != [repr(x) for x in theirs]:
                unused.discard(k)
    return results


def merged(results, better):
    return tuple(a if b is None else b for a, b in zip(results, better)) if results else tuple(better)


def agree(mine, theirs):
    """Both NaN, or as close as PyTorch's formulas are: trigamma has nine digits, 1 - tanh² none where it is small."""
    if mine is None or mine == theirs or (math.isnan(mine) and math.isnan(theirs)):
        return True
    return abs(mine - theirs) <= max(2e-9 * abs(mine), 1e-15)


def results_at(operation, operands):
    """What the library is to compute: the value, and the derivative by each operand."""
    theirs = of_torch(operation, operands) if operation.torch else None
    limits, exact = of_limits(operation, operands), of_mpmath(operation, operands)
    if theirs is None:
        results = tuple(limits or exact or [None])
        assert None not in results, (operation.op, operands)
        return results
    results = of_deviations(operation, operands, theirs)
    for mine in (limits, exact):
        if mine is not None:
            assert all(map(agree, mine, results)), (operation.op, operands, mine, theirs)
            results = merged(results, mine)
    return results


def case(operation, form, operands):
    return shaped(operation, form, operands, results_at(operation, operands))


def shaped(operation, form, operands, results):
    value, *slopes = results
    x, y = (*operands, None)[:2]
    dx, dy = (slope if kind == "V" else None for kind, slope in zip(form.ljust(2), [*slopes, None]))
    return {"op": operation.op, "form": form, "x": x, "y": y, "value": value, "dx": dx, "dy": dy}


def operands_of(point):
    return point if isinstance(point, tuple) else (point,)


def second_derivatives(operation, operands):
    """PyTorch's, where it has a number; at kinks they are 0 by convention."""
    zeros = [0.0] * (1 if len(operands) == 1 else 3)
    if operation.torch is None:
        return zeros
    leaves = [tensor(number, True) for number in operands]
    result = operation.torch(*leaves)
    slopes = torch.autograd.grad(result, leaves, create_graph=True)
    rows = []
    for slope in slopes:
        bends = torch.autograd.grad(slope, leaves, retain_graph=True, allow_unused=True) if slope.requires_grad else []
        rows.append([0.0 if each is None else each.item() for each in bends] or [0.0] * len(leaves))
    theirs = [rows[0][0]] if len(operands) == 1 else [rows[0][0], rows[0][1], rows[1][1]]
    return [0.0 if math.isnan(each) else each for each in theirs]


# MARK: Writing

def text(number):
    """As short as a person wants to read it."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "∞" if number > 0 else "-∞"
    if number == int(number) and abs(number) < 1e6:
        return f"{number:.0f}"
    return f"{number:.6g}"


def edge_text(operands, results):
    # The sign of a derivative of 0 is not promised.
    value, *slopes = map(text, (results[0], *(slope + 0.0 for slope in results[1:])))
    at = ", ".join(f"{name} = {text(x)}" for name, x in zip("xy", operands))
    return f"{at}: {value}, derivative{'s' if len(slopes) > 1 else ''} " + ", ".join(slopes)


def heading(operation):
    written = operation.written
    return written if isinstance(written, str) else ", ".join(f"`{each}`" for each in written)


def row(operation):
    edges = [(operands_of(point), results_at(operation, operands_of(point))) for point in operation.edges]
    texts = [edge_text(*edge) for edge in edges] + ([operation.note] if operation.note else [])
    names = ", ".join(f"`{name}`" for name in operation.names)
    return {
        "op": operation.op,
        "written": [] if isinstance(operation.written, str) else operation.written,
        "cells": [heading(operation), operation.value, operation.derivative, names, "; ".join(texts)],
        "edges": [shaped(operation, "VV"[: len(edge[0])], *edge) for edge in edges],
    }


def kink(operation, point):
    operands = operands_of(point)
    bends = second_derivatives(operation, operands)
    keys = ["dxx"] if len(bends) == 1 else ["dxx", "dxy", "dyy"]
    return {"op": operation.op, "x": operands[0], "y": (*operands, None)[1], **dict(zip(keys, bends))}


def table(heads, lines):
    return [f"| {' | '.join(line)} |" for line in [heads, ["---"] * len(heads), *lines]]


def write_between(article, name, lines):
    """Replaces what is between two comments of this name."""
    start, end = f"<!-- {name}: written by Tests/Fixtures/make_ops.py -->", f"<!-- end of {name} -->"
    before, rest = article.split(start)
    after = rest.split(end)[1]
    return before + "\n".join([start, "", *lines, "", end]) + after


HEADS = ["operation", "value", "derivative", "name", "at kinks and edges"]

def unique(points):
    # As text, 0 is not -0, and NaN is NaN.
    return list({repr(point): point for point in points}.values())


if __name__ == "__main__":
    cases = [
        case(operation, form, operands_of(point))
        for operation in OPERATIONS
        for form in operation.forms
        for point in unique(operation.points)
    ]
    cases += [
        case(operation, "VC", point)
        for operation in OPERATIONS if operation.op == "power"
        for point in unique(WHOLE) if repr(point) not in map(repr, operation.points)
    ]
    assert not unused, [DEVIATIONS[k] for k in unused]
    versions = {"torch": torch.__version__, "mpmath": mpmath.__version__}
    fixture.write("ops.json", versions, {"count": len(cases), "cases": cases})

    rows, matrix_rows = [row(each) for each in OPERATIONS], [row(each) for each in MATRIX_OPERATIONS]
    kinks = [kink(operation, point) for operation in OPERATIONS for point in operation.kinks]
    headings = {each.op: heading(each) for each in OPERATIONS}
    deviations = [[headings[each.op], each.where, each.ours, each.theirs, each.reason] for each in DEVIATIONS]
    fixture.write("edges.json", versions, {
        "edgeCount": sum(len(each["edges"]) for each in rows), "kinkCount": len(kinks),
        "layers": [each.layer for each in OPERATIONS if each.layer],
        "rows": rows, "matrixRows": matrix_rows, "kinks": kinks,
    })

    article = ARTICLE.read_text()
    article = write_between(article, "the table", table(HEADS, [each["cells"] for each in rows]))
    article = write_between(article, "the table of matrices", table(HEADS, [each["cells"] for each in matrix_rows]))
    heads = ["operation", "where", "here", "PyTorch", "because"]
    article = write_between(article, "the deviations", table(heads, deviations))
    ARTICLE.write_text(article)
