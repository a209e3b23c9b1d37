"""Writes idx.json: IDX files of every kind of number by NumPy's big-endian arrays, and gzip's by zlib, in hexadecimal.

Run: python3 make_idx.py
"""

import gzip
import zlib

import numpy as np

import fixture

CODES = {"B": 0x08, "b": 0x09, ">i2": 0x0B, ">i4": 0x0C, ">f4": 0x0D, ">f8": 0x0E}


def idx(array, code):
    header = bytes([0, 0, CODES[code], array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return header + array.astype(code).tobytes()


def file(code, shape, numbers):
    array = np.array(numbers).reshape(shape)
    stored = array.astype(code)
    return {"dimensions": list(shape), "numbers": stored.astype(float).ravel().tolist(), "hex": idx(array, code).hex()}


def zipped(name, packed, plain):
    assert gzip.decompress(packed) == plain
    return {"name": name, "packed": packed.hex(), "plain": plain.hex()}


r = np.random.RandomState(11)
images = idx(r.randint(0, 256, (4, 3, 2)), "B")
blank = idx(np.zeros((5, 28, 28)), "B")
named = bytearray(gzip.compress(images, mtime=0))
named[3] |= 8
named[10:10] = b"images\0"

fixture.write(
    "idx.json",
    {"numpy": np.__version__, "zlib": zlib.ZLIB_RUNTIME_VERSION},
    {
        "table": gzip.compress(b"x,y\n1.5,-2\n", mtime=0).hex(),
        "files": [
            file("B", (2, 3), [0, 1, 127, 128, 254, 255]),
            file("b", (4,), [-128, -1, 0, 127]),
            file(">i2", (2, 1, 2), [-32768, -2, 256, 32767]),
            file(">i4", (3,), [-(2**31), 65536, 2**31 - 1]),
            file(">f4", (2, 2), [0.1, -1.5, 3e38, -1e-45]),
            file(">f8", (5,), [0.1, -1e308, 5e-324, float("inf"), -0.0]),
            file("B", (3, 0, 2), []),
        ],
        "zipped": [
            zipped("level 9", gzip.compress(images, 9, mtime=0), images),
            zipped("stored", gzip.compress(images, 0, mtime=0), images),
            zipped("with a name", bytes(named), images),
            zipped("two members", gzip.compress(images[:9], mtime=0) + gzip.compress(images[9:], mtime=0), images),
            zipped("an empty member", gzip.compress(b"", mtime=0) + gzip.compress(images, mtime=0), images),
            zipped("3920 zeros", gzip.compress(blank, mtime=0), blank),
        ],
    },
)
