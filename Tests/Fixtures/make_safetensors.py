"""Writes safetensors/*.safetensors and safetensors.json: what PyTorch and the package safetensors write, and what it means.
Needs numpy, torch and safetensors.

Run: python3 make_safetensors.py

sequential_TYPE.safetensors are the parameters of one torch.nn.Sequential in four types; the JSON has inputs and, for each
type, the outputs in float64. special_TYPE.safetensors hold the numbers at the edges of the 16-bit types, and the JSON what
each is. mixed.safetensors has what else may be in a file, plain.safetensors names to sort. The random states are those of
CPython and NumPy in the middle of their streams.
"""

import pathlib
import random
import struct

import numpy as np
import safetensors
import torch
from safetensors.torch import save_file

import fixture

FOLDER = pathlib.Path(__file__).with_name("safetensors")
TYPES = {"f64": torch.float64, "f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}
# Zeros, the smallest and the largest subnormal, the smallest normal, 1 and its neighbour, the largest, infinity, NaN.
SPECIAL = {
    "f16": [0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x3C00, 0x3C01, 0xC248, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7E00],
    "bf16": [0x0000, 0x8000, 0x0001, 0x807F, 0x0080, 0x3F80, 0x3F81, 0xC049, 0x7F7F, 0xFF7F, 0x7F80, 0xFF80, 0x7FC0],
}


def sequential():
    torch.manual_seed(1337)
    torch.set_default_dtype(torch.float64)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))


def models():
    inputs = torch.randn(5, 3, dtype=torch.float64)
    record = {"inputs": inputs.tolist(), "outputs": {}}
    for name, type in TYPES.items():
        model = sequential().to(type)
        save_file(model.state_dict(), FOLDER / f"sequential_{name}.safetensors")
        with torch.no_grad():
            record["outputs"][name] = model.double()(inputs).tolist()
    return record


def special():
    record = {}
    for name, words in SPECIAL.items():
        numbers = torch.tensor([w - 0x10000 if w >= 0x8000 else w for w in words], dtype=torch.int16).view(TYPES[name])
        save_file({"special": numbers}, FOLDER / f"special_{name}.safetensors")
        record[name] = [struct.pack(">d", x).hex() for x in numbers.double().tolist()]
    return record


def mixed():
    save_file(
        {
            "num_batches_tracked": torch.tensor(7, dtype=torch.int64),
            "mask": torch.tensor([True, False, True]),
            "scalar": torch.tensor(2.5, dtype=torch.float64),
            "empty": torch.zeros(0, 3, dtype=torch.float32),
            "Größe/\"\\\n": torch.tensor([[1.5, -2.0, 3.25]], dtype=torch.float32),
            "half": torch.tensor([[1.0], [0.5]], dtype=torch.float16),
        },
        FOLDER / "mixed.safetensors",
        metadata={"format": "pt \"\\\n\u0001 é 🙂"},
    )
    # All of one type, with names whose order by bytes is not that of a dictionary.
    tensors = {name: torch.full((2,), k, dtype=torch.float64) for k, name in enumerate(["b", "B", "a.2", "a.10", "é", "z"])}
    save_file(tensors, FOLDER / "plain.safetensors", metadata={"from": "a/b\t\u001f\u007f"})


def random_states():
    python = random.Random(1337)
    [python.gauss(0, 1) for _ in range(3)]
    _, state, deviate = python.getstate()
    record = {
        "python": {
            "words": list(state[:-1]), "position": state[-1], "deviate": deviate,
            "next": [python.gauss(0, 1), python.gauss(0, 1), python.random(), python.randint(1, 1000)],
        }
    }
    numpy = np.random.RandomState(42)
    numpy.normal(size=401)
    _, words, position, _, deviate = numpy.get_state()
    record["numpy"] = {
        "words": words.tolist(), "position": int(position), "deviate": float(deviate),
        "next": [numpy.normal(), numpy.normal(), numpy.random_sample(), float(numpy.permutation(1000)[0])],
    }
    return record


FOLDER.mkdir(exist_ok=True)
sections = {"model": models(), "special": special(), "random": random_states()}
mixed()
for path in FOLDER.iterdir():
    path.chmod(0o644)
fixture.write(
    "safetensors.json",
    {"numpy": np.__version__, "torch": torch.__version__, "safetensors": safetensors.__version__},
    sections,
)
