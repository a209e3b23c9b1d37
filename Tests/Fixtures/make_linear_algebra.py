"""Writes linear_algebra.json: systems, factors and eigenvalues with first and second derivatives, by PyTorch in float64.

A case is {"name", "rows", "columns", "a", "b", "value", "da", "db", "ha"}, matrices row-major. "da" and "db" are the
gradients of s = Σ cos(k) out[k], k counting over all outputs. "ha" is the gradient, by a, of the sum of da[k] sin(k + 1), a
product of the Hessian by a. Where there is no "b", its lists are empty. Needs torch.
Run: python3 make_linear_algebra.py
"""

import torch

import fixture

torch.manual_seed(20261130)


def general(n):
    return torch.randn(n, n, dtype=torch.float64)


def symmetric(n):
    a = general(n)
    return a + a.T


def definite(n):
    a = general(n)
    return a @ a.T + 0.5 * torch.eye(n, dtype=torch.float64)


def signed_vectors(vectors):
    """The vectors with a positive largest element."""
    largest = vectors.abs().argmax(dim=0)
    signs = torch.sign(vectors[largest, torch.arange(vectors.shape[1])]).detach()
    return vectors * signs


def eigen(a):
    values, vectors = torch.linalg.eigh(0.5 * (a + a.T))
    return torch.cat([values, signed_vectors(vectors).flatten()])


def packed_lu(a):
    """L below the diagonal and U; the rows are those of a in the order of elimination."""
    _, lower, upper = torch.linalg.lu(a)
    return lower - torch.eye(len(a), dtype=torch.float64) + upper


def case(name, a, function, b=None, second=True):
    a = a.clone().requires_grad_()
    b = None if b is None else b.clone().requires_grad_()
    out = (function(a) if b is None else function(a, b)).flatten()
    weights = torch.cos(torch.arange(out.numel(), dtype=torch.float64))
    inputs = [a] if b is None else [a, b]
    gradients = torch.autograd.grad((out * weights).sum(), inputs, create_graph=second)
    product = []
    if second:
        directions = torch.sin(torch.arange(a.numel(), dtype=torch.float64) + 1)
        slope = (gradients[0].flatten() * directions).sum()
        # A determinant of one number, or an eigenvalue, has a constant slope.
        product = torch.autograd.grad(slope, a)[0] if slope.requires_grad else torch.zeros_like(a)
        product = product.flatten().tolist()
    return {
        "name": name, "rows": a.shape[0], "columns": a.shape[1], "a": a.flatten().tolist(),
        "b": [] if b is None else b.flatten().tolist(), "value": out.tolist(), "da": gradients[0].flatten().tolist(),
        "db": [] if b is None else gradients[1].flatten().tolist(), "ha": product,
    }


def halves(a):
    return 0.5 * (a + a.T)


cases = []
for n in (1, 2, 3, 6, 33):
    right, second = torch.randn(n, 2, dtype=torch.float64), n < 33
    cases += [
        case("solve", general(n), torch.linalg.solve, right, second),
        case("inverse", general(n), torch.linalg.inv, second=second),
        case("determinant", general(n), torch.linalg.det, second=second),
        case("logDeterminant", general(n), lambda a: torch.linalg.slogdet(a)[1], second=second),
        case("cholesky", definite(n), lambda a: torch.linalg.cholesky(halves(a)), second=second),
        case("lu", general(n), packed_lu, second=second),
        case("symmetricEigen", symmetric(n), eigen, second=second),
        case("solveTriangular", general(n) + 3 * torch.eye(n, dtype=torch.float64),
             lambda a, b: torch.linalg.solve_triangular(a.tril(), b, upper=False), right, second),
        case("leastSquares", torch.randn(n + 4, n, dtype=torch.float64),
             lambda a, b: torch.linalg.solve(a.T @ a, a.T @ b), torch.randn(n + 4, 2, dtype=torch.float64), second),
    ]
fixture.write("linear_algebra.json", {"torch": torch.__version__.split("+")[0]}, {"cases": cases})
