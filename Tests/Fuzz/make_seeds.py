"""Writes the seeds of the fuzzers: small files of each format, made by Python alone.

Run: python3 make_seeds.py
"""

import gzip
import json
import pathlib
import random
import struct

SEEDS = pathlib.Path(__file__).parent / "Seeds"


def write(target, name, data):
    folder = SEEDS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def safetensors(tensors, metadata):
    """tensors: {name: (type, shape, bytes)}; without a checksum, with which every change would end there."""
    header, data = ({"__metadata__": metadata} if metadata else {}), b""
    for name in sorted(tensors):
        kind, shape, content = tensors[name]
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def doubles(numbers):
    return struct.pack(f"<{len(numbers)}d", *numbers)


def tensor(shape, start=0.25):
    count = 1
    for extent in shape:
        count *= extent
    return ("F64", shape, doubles([start + 0.5 * k for k in range(count)]))


def write_safetensors():
    write("safetensors", "empty", safetensors({}, {}))
    write("safetensors", "plain", safetensors({"a": tensor([2, 2]), "b": tensor([])}, {"from": "a test"}))
    halves = {"h": ("F16", [2], struct.pack("<2e", 1, -2)), "f": ("F32", [1], struct.pack("<f", 0.5)),
              "b": ("BF16", [1], b"\x80\x3f"), "i": ("I64", [1], struct.pack("<q", 7)), "none": ("F64", [0, 3], b"")}
    write("safetensors", "types", safetensors(halves, {}))


def network():
    return {"0.weight": tensor([2, 1]), "0.bias": tensor([2]), "2.weight": tensor([1, 2]), "2.bias": tensor([1])}


def write_checkpoint():
    r = random.Random(1)
    words = [word & 0xFFFFFF for word in r.getstate()[1][:624]]  # these are exact in 32 bits
    stream = ("F32", [624], struct.pack("<624f", *words))
    names = ["0.weight", "0.bias", "2.weight", "2.bias"]
    moments = {f"optimizer.{moment}.{name}": value
               for moment in ["exp_avg", "exp_avg_sq"] for name, value in network().items()}
    texts = {
        "micrograd.parameters": json.dumps(names), "micrograd.step": "6", "micrograd.epoch": "3",
        "micrograd.optimizer.kind": "Adam", "micrograd.optimizer.step": "6",
        "micrograd.optimizer.buffer.exp_avg": "per parameter",
        "micrograd.optimizer.buffer.exp_avg_sq": "per parameter",
        "micrograd.random.drawing": "python 624", "micrograd.random.shuffling": "python 624",
        "trainer.batch": "0", "trainer.samples": "0", "trainer.lossSum": "0.0", "trainer.metricSum": "0.0",
        "trainer.bestLoss": "0.5", "trainer.bestEpoch": "2", "trainer.staleEpochs": "1"}
    return texts, {**network(), **moments, "random.drawing": stream, "random.shuffling": stream}


def write_models():
    ends = {"mse": None, "bce": ["in", "out"]}
    for loss, classes in ends.items():
        description = {
            "version": 1, "layers": [["Linear", 1, 2], ["ReLU"], ["Linear", 2, 1]], "inputs": ["x"], "target": "y",
            "loss": loss, "scaling": {"inputs": {"means": [1.5], "standardDeviations": [2.0]}}}
        if classes:
            description["classes"] = classes
        else:
            description["scaling"]["targets"] = {"means": [3.0], "standardDeviations": [0.5]}
        write("model", loss, safetensors(network(), {"model": json.dumps(description)}))


def write_tables():
    for name, text in {
        "plain": "a,b,kind\n1,2.5,x\n-3e4,.5,y\n", "semicolons": "sep=;\r\na;b\r\n1,5;2\r\n3;4\r\n",
        "quotes": 'name|"note ""x"""\n"a|b"|"two\nlines"\n', "numbers": "1,2\n3,4\n", "missing": "a,b\n1,NA\n,2\n",
        "unicode": "\ufeffgröße\t种类\n1\t猫\n", "classes": "a,y\n1,1.5\n2,?\n3,250,500\n",
    }.items():
        write("csv", name, text.encode())


def write_gzip_and_idx():
    write("gzip", "text", gzip.compress(b"x,y\n1,2\n", mtime=0))
    write("gzip", "zeros", gzip.compress(b"\0" * 5000, mtime=0))
    write("gzip", "members", gzip.compress(b"a", mtime=0) + gzip.compress(b"", mtime=0))
    images = bytes([0, 0, 8, 3]) + struct.pack(">3I", 2, 1, 2) + bytes([0, 255, 51, 0])
    write("idx", "images", images)
    write("idx", "labels", bytes([0, 0, 8, 1]) + struct.pack(">I", 3) + bytes([1, 0, 2]))
    write("idx", "doubles", bytes([0, 0, 14, 1]) + struct.pack(">I", 2) + struct.pack(">2d", 0.5, float("nan")))
    write("idx", "packed", gzip.compress(images, mtime=0))


def write_engine():
    for seed in range(6):
        r = random.Random(seed)
        write("engine", f"random{seed}", bytes(r.randrange(256) for _ in range(400)))


write_safetensors()
texts, tensors = write_checkpoint()
write("checkpoint", "run", safetensors(tensors, texts))
write_models()
write_tables()
write_gzip_and_idx()
write_engine()
