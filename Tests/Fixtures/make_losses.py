"""Writes losses.json: losses, row functions and norms of batches, with their gradients, by PyTorch in float64.

A case is {"name", "rows", "columns", "x", …, "value", "dx", …}, matrices row-major. Needs torch.
Run: python3 make_losses.py
"""

import torch
import torch.nn.functional as F

import fixture

torch.manual_seed(20261123)

GENERIC = torch.randn(7, 5, dtype=torch.float64) * 2
LARGE = torch.tensor(
    [[1000.0, -1000.0, 3.0], [-1000.0, -999.0, -1001.0], [750.0, 740.0, -30.0], [0.0, 36.0, -36.0]],
    dtype=torch.float64,
)
UPSTREAM = lambda like: torch.cos(torch.arange(like.numel(), dtype=torch.float64)).reshape(like.shape)


def case(name, x, function, **more):
    x = x.clone().requires_grad_()
    extra = {key: value.clone().requires_grad_() for key, value in more.items() if key in ("gain", "bias")}
    value = function(x, **extra)
    assert value.dtype == torch.float64
    (value * UPSTREAM(value)).sum().backward() if value.dim() else value.backward()
    rest = {key: value for key, value in more.items() if key not in extra}
    return {
        "name": name, "rows": x.shape[0], "columns": x.shape[1], "x": x.flatten().tolist(), **rest,
        **{key: value.tolist() for key, value in extra.items()},
        "value": value.flatten().tolist(), "dx": x.grad.flatten().tolist(),
        **{"d" + key: value.grad.tolist() for key, value in extra.items()},
    }


def loss(name, x, target, function, **more):
    return case(name, x, lambda x: function(x, target), expected=target.flatten().tolist(), **more)


cases = []
for x in [GENERIC, LARGE]:
    signs = torch.where(torch.arange(x.numel()).reshape(x.shape) % 3 == 0, 1.0, -1.0).double()
    near = x + torch.randn_like(x)
    odds = (signs + 1) / 2
    soft = torch.sigmoid(torch.randn_like(x))
    cases += [
        loss("hinge", x, signs, lambda x, y: torch.relu(1 - y * x).mean()),
        loss("squaredHinge", x, signs, lambda x, y: torch.relu(1 - y * x).square().mean()),
        loss("meanSquared", x, near, F.mse_loss),
        loss("meanAbsolute", x, near, F.l1_loss),
        loss("huber", x, near, lambda x, y: F.huber_loss(x, y, delta=0.75), delta=0.75),
        loss("binaryCrossEntropy", x, odds, F.binary_cross_entropy_with_logits),
        loss("binaryCrossEntropy", x, soft, F.binary_cross_entropy_with_logits),
        loss("binaryCrossEntropy", x, 1 - odds, F.binary_cross_entropy_with_logits),
    ]
    classes = [(2 * k + 1) % x.shape[1] for k in range(x.shape[0])]
    cases.append(case("crossEntropy", x, lambda x: F.cross_entropy(x, torch.tensor(classes)), classes=classes))
    cases += [
        case("softmax", x, lambda x: F.softmax(x, 1)),
        case("logSoftmax", x, lambda x: F.log_softmax(x, 1)),
        case("logSumExp", x, lambda x: torch.logsumexp(x, 1)),
    ]
    width = x.shape[1]
    gain, bias = torch.randn(width, dtype=torch.float64), torch.randn(width, dtype=torch.float64)
    cases += [
        case("layerNorm", x, lambda x, gain, bias: F.layer_norm(x, (width,), gain, bias, 1e-5), gain=gain, bias=bias),
        case("rmsNorm", x, lambda x, gain: F.rms_norm(x, (width,), gain, 1e-5), gain=gain),
    ]
    # Exactly on the kinks.
    cases += [
        loss("hinge", torch.ones(1, 2).double(), torch.tensor([[1.0, -1.0]]).double(), lambda x, y: torch.relu(1 - y * x).mean()),
        loss("meanAbsolute", x, x.clone(), F.l1_loss),
        loss("huber", x, x - 0.5, lambda x, y: F.huber_loss(x, y, delta=0.5), delta=0.5),
    ]

fixture.write("losses.json", {"torch": torch.__version__}, {"cases": cases})
