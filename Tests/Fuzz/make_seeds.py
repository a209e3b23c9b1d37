"""Writes the seeds of the fuzzers: small files of each format, made by Python alone.

Run: python3 make_seeds.py
"""

import gzip
import json
import pathlib
import random
import struct
import zlib

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


def u(number, size=4):
    return (number % (1 << (8 * size))).to_bytes(size, "little")


def function(inputs, results, parameters, names, values, roots, guards=()):
    """The content of a file of a compiled function with one path, without header and checksum (FunctionFile.swift). `values` are
    pairs: bytes, and how many values they are."""
    path = u(len(names), 2) + b"".join(u(kind, 1) + u(len(name), 1) + name.encode() for kind, name in names)
    path += u(9, 8) + 3 * u(0, 8) + u(len(parameters)) + b"".join(u(k) for k in range(len(parameters)))
    path += u(sum(count for _, count in values)) + b"".join(data for data, _ in values)
    path += b"".join(u(root) for root in roots) + u(len(guards))
    path += b"".join(u(a) + u(b) + u(relation, 1) + u(1, 1) + u(k) for k, (a, b, relation) in enumerate(guards))
    content = u(8, 1) + u(inputs, 8) + inputs * u(1, 1) + u(results, 8) + u(len(parameters), 8) + doubles(parameters) + u(1)
    content += u(len(guards)) + b"".join(u(1, 1) + u(5) + b"x < y" for _ in guards)
    return content + u(len(path), 8) + path


def value(kind, *fields):
    return u(kind, 1) + b"".join(struct.pack("<d", f) if isinstance(f, float) else u(f) for f in fields), 1


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


def write_formulas():
    # The first byte says that the others are text.
    for name, text in {
        "decay": "y ~ a*exp(-b*x) + c", "statements": "e = a*b; d = e + c\nd*f  # the end", "choice": "if(x < 3 and not y, x**2, -`T (K)`)",
        "signs": "2×x² − α/β ≤ 0.5e-3 ? max(1, π) : atan2(y, x)", "wrong": "2x + sine(0,5",
    }.items():
        write("formula", name, b" " + text.encode())
    write("formula", "tokens", bytes([200, 0, 22, 4, 1, 17, 20, 35]))


def write_functions():
    # tanh(x0) + p0 * x1 + p1, where x0 < x1.
    write(
        "function", "sum",
        function(
            2, 1, [0.5, -2.0], [(1, "hyperbolic_tangent")],
            [
                value(1, 0), value(1, 1), value(0, 2.0), value(0, 1.0), value(2, 0), value(2, 1),
                (u(4, 1) + u(0, 2) + u(4) + struct.pack("<d", 0.0), 1),
                value(6, 1, 2, 0, 3, 6, 0, 5),
            ],
            [7], [(4, 5, 0)],
        ),
    )
    # A matrix of two rows, with biases, then a softmax, a choice, a norm and a number that is detached.
    write(
        "function", "layer",
        function(
            2, 3, [0.5, -1.0, 2.0], [(0, "relu")],
            [
                value(1, 0), value(1, 1), value(1, 2), value(2, 0), value(2, 1), value(0, 3.0),
                (value(7, 2, 2, 0, 0, 3, 4, 0, 1, 2, 0, 1, 2)[0], 2),
                (u(4, 1) + u(0, 2) + u(6) + struct.pack("<d", 0.0), 1),
                (value(8, 2, 7, 8)[0], 6),
                (u(10, 1) + u(0, 1) + u(3) + u(7) + u(8) + u(5), 1),
                value(9, 2, 7, 4), value(12, 3),
            ],
            [10, 15, 17],
        ),
    )


def binary_table(columns, target, rows, block_rows):
    """columns: [(name, kind, texts)]; the layout is that of BinaryTableHeader.swift."""
    description = {
        "columns": [{"name": name, "kind": kind, "texts": texts} for name, kind, texts in columns],
        "considered": len(columns) - 1, "target": target,
    }
    text = json.dumps(description).encode()
    content = struct.pack("<QQQQ", 48 + len(text), len(rows), len(columns), block_rows) + text
    header = b"\x89MGT\r\n\x1a\n" + u(1) + u(zlib.crc32(content)) + content
    header += bytes(-len(header) % 4096)
    starts = range(0, len(rows), block_rows)
    blocks = [b"".join(doubles(row) for row in rows[start:start + block_rows]) for start in starts]
    checksums = b"".join(u(zlib.crc32(block)) for block in blocks)
    return header + b"".join(blocks) + checksums + u(zlib.crc32(checksums))


def write_binary_tables():
    nan = float("nan")
    columns = [
        ("price", "number", []), ("colour", "text", ["blue", "red"]), ("new", "text", ["no", "yes"]), ("day", "date", []),
    ]
    rows = [[10.5, 1.0, 0.0, 19723.0], [-3.0, nan, 1.0, nan], [0.25, 0.0, 0.0, 19725.5]]
    write("table", "mixed", binary_table(columns, "price", rows, 2))
    write("table", "classes", binary_table([("x", "number", []), ("k", "text", ["a", "b"])], "k", [[1, 0], [2, 1]], 300))


write_safetensors()
texts, tensors = write_checkpoint()
write("checkpoint", "run", safetensors(tensors, texts))
write_models()
write_tables()
write_gzip_and_idx()
write_binary_tables()
write_engine()
write_formulas()
write_functions()
