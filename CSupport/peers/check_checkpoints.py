"""Reads checkpoints of this library with the packages safetensors, torch and numpy, and checks that they mean the same.

Run:
    MICROGRAD_FILES_FOR_PYTHON=$PWD/out/checkpoints swift test --disable-swift-testing --filter FilesForPythonTests
    python3 CSupport/peers/check_checkpoints.py out/checkpoints

The first line writes the files; `make check-peers` does both. What `micrograd train --save` has written is a
torch.nn.Sequential by its own metadata, which must predict what `micrograd predict` does. A network goes into the equivalent
torch.nn.Sequential, whose outputs must be those that this library computed; a training checkpoint must have an optimiser's
buffers in the shapes of the parameters, its numbers exactly, and random streams that go on in CPython and NumPy as they do
here. The checksum of every file is computed anew.
"""

import argparse
import csv
import json
import pathlib
import random
import struct
import sys
import zlib

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file


def check(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")
    print(f"ok: {what}")


def text(value):
    encoded = value.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def checksum(path):
    """The CRC-32 over all that the file says, and what it is said to be."""
    content = path.read_bytes()
    start = 8 + struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:start])
    metadata = header.pop("__metadata__")
    said = metadata.pop("micrograd.checksum")
    total = b"".join(text(key) + text(metadata[key]) for key in sorted(metadata, key=str.encode))
    for name in sorted(header, key=str.encode):
        tensor = header[name]
        begin, end = tensor["data_offsets"]
        total += text(name) + text(tensor["dtype"])
        total += struct.pack(f"<{1 + len(tensor['shape'])}Q", len(tensor["shape"]), *tensor["shape"])
        total += struct.pack("<Q", end - begin) + content[start + begin : start + end]
    return f"crc32 {zlib.crc32(total):08x}", said


def check_model(folder, precision, type):
    state = load_file(folder / f"model_{precision}.safetensors")
    samples = load_file(folder / f"samples_{precision}.safetensors")
    model = torch.nn.Sequential(
        torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 5), torch.nn.ReLU(), torch.nn.Linear(5, 2)
    ).to(type)
    check(all(tensor.dtype == type for tensor in state.values()), f"{precision}: tensors are {type}")
    model.load_state_dict(state, strict=True)
    outputs = model.double()(samples["inputs"])
    difference = (outputs - samples["outputs"]).abs().max().item()
    check(difference < 1e-12, f"{precision}: torch.nn.Sequential computes the same, to {difference:.1e}")


def check_trained(path):
    """A file of `micrograd train --save`, and the table that `micrograd predict --keep --probabilities` made by it."""
    with safe_open(path, "pt") as file:
        about = json.loads(file.metadata()["model"])
    model = torch.nn.Sequential(*(getattr(torch.nn, name)(*arguments) for name, *arguments in about["layers"]))
    model.double().load_state_dict(load_file(path), strict=True)
    model.eval()
    with open(path.with_suffix(".csv"), newline="") as file:
        rows = list(csv.DictReader(file))

    inputs = np.array([[float(row[name]) for name in about["inputs"]] for row in rows])
    if scale := about["scaling"].get("inputs"):
        inputs = (inputs - scale["means"]) / scale["standardDeviations"]
    with torch.no_grad():
        outputs = model(torch.from_numpy(inputs))
    predicted = [row[f"predicted_{about['target']}"] for row in rows]
    if "classes" not in about:
        scale = about["scaling"].get("targets", {"means": [0.0], "standardDeviations": [1.0]})
        expected = outputs[:, 0] * scale["standardDeviations"][0] + scale["means"][0]
        found = torch.tensor([float(text) for text in predicted], dtype=torch.float64)
        difference = ((found - expected).abs() / expected.abs()).max().item()
    else:
        if about["loss"] == "bce":
            expected = torch.cat([torch.sigmoid(-outputs), torch.sigmoid(outputs)], 1)
        else:
            expected = torch.softmax(outputs, 1)
        found = [[float(row[f"probability_{name}"]) for name in about["classes"]] for row in rows]
        difference = (torch.tensor(found, dtype=torch.float64) - expected).abs().max().item()
        names = [about["classes"][index] for index in expected.argmax(1).tolist()]
        check(names == predicted, f"{path.stem}: torch.nn.Sequential predicts the same {len(set(names))} classes")
    # PyTorch takes softplus for the identity above 20, an error of 2e-9 at most.
    bound = 1e-8 if ["Softplus"] in about["layers"] else 1e-12
    check(difference < bound, f"{path.stem}: torch.nn.Sequential predicts the same, to {difference:.1e}")


def check_run(folder):
    after = load_file(folder / "after.safetensors")
    with safe_open(folder / "run.safetensors", "pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    names = json.loads(metadata["micrograd.parameters"])
    check(names == ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"], "parameters in order")
    check([list(tensors[name].shape) for name in names] == [[4, 3], [4], [2, 4], [2]], "their shapes")
    buffers = [tensors[f"optimizer.exp_avg.{name}"] for name in names]
    check([b.shape for b in buffers] == [tensors[name].shape for name in names], "buffers have the parameters' shapes")
    check(torch.equal(torch.cat([b.flatten() for b in buffers]), after["moments"]), "buffers have their numbers")
    check(tensors["optimizer.history"].tolist() == [1, 2, 3], "a buffer of another length")
    numbers = [float(metadata[f"micrograd.optimizer.number.{k}"]) for k in range(len(after["numbers"]))]
    check([struct.pack("<d", x) for x in numbers] == [struct.pack("<d", x) for x in after["numbers"].tolist()], "numbers")
    texts = [metadata[f"micrograd.{key}"] for key in ("step", "epoch", "optimizer.kind", "optimizer.step")]
    check(texts == ["34", "5", "Adam", "12"] and metadata["data"] == 'moons "\x01" é 🙂', "counters and texts")
    check_streams(metadata, tensors, after)


def check_streams(metadata, tensors, after):
    def state(name):
        generator, position, *deviate = metadata[f"micrograd.random.{name}"].split(" ")
        words = tuple(int(word) for word in tensors[f"random.{name}"].tolist())
        return generator, words, int(position), float(deviate[0]) if deviate else None

    generator, words, position, deviate = state("python")
    python = random.Random()
    python.setstate((3, words + (position,), deviate))
    draws = [python.gauss(0, 1), python.gauss(0, 1), python.random(), python.random()]
    check(generator == "python" and draws == after["python"].tolist(), "CPython's stream goes on")
    generator, words, position, deviate = state("numpy")
    numpy = np.random.RandomState()
    numpy.set_state(("MT19937", words, position, int(deviate is not None), deviate or 0.0))
    draws = [numpy.normal(), numpy.normal(), numpy.random_sample(), numpy.random_sample()]
    check(generator == "numPy" and draws == after["numpy"].tolist(), "NumPy's stream goes on")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="what FilesForPythonTests wrote into")
    folder = parser.parse_args().folder
    files = sorted(folder.glob("*.safetensors"))
    check(len(files) == 10, "all files are there")
    for file in files:
        computed, said = checksum(file)
        check(computed == said, f"{file.name}: {said}")
    check_model(folder, "float64", torch.float64)
    check_model(folder, "float32", torch.float32)
    check_run(folder)
    for path in sorted(folder.glob("trained_*.safetensors")):
        check_trained(path)


main()
