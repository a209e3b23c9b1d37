"""Writes nist.json, the data sets for non-linear regression of NIST's Statistical Reference Datasets.

The sets are of the National Institute of Standards and Technology, U.S. Department of Commerce, and in the public domain;
NIST computed the certified values with 128-bit arithmetic, to 11 digits. Give the folder that has the .dat files, as they
are published and as packages for statistics carry them:

    python3 make_nist.py FOLDER
"""

import math
import pathlib
import re
import sys

import fixture


def lines_of(text, name):
    """The lines of a part of the file, which its head numbers from 1."""
    first, last = map(int, re.search(name + r"\s*\(lines\s+(\d+)\s+to\s+(\d+)\)", text).groups())
    return text.splitlines()[first - 1 : last]


def number(text, name):
    return float(re.search(name + r":\s+(\S+)", text).group(1))


def parsed(path):
    text = path.read_text()
    rows = [[float(x) for x in line.split()[2:]] for line in lines_of(text, "Starting Values") if "=" in line]
    data = [[float(x) for x in line.split()] for line in lines_of(text, "Data") if line.strip()]
    record = {
        "name": path.stem,
        "starts": [[row[0] for row in rows], [row[1] for row in rows]],
        "parameters": [row[2] for row in rows],
        "standardDeviations": [row[3] for row in rows],
        "residualSumOfSquares": number(text, "Residual Sum of Squares"),
        "residualStandardDeviation": number(text, "Residual Standard Deviation"),
        # Not as printed: the file of Rat43 has 9 where its other numbers make it 11.
        "degreesOfFreedom": len(data) - len(rows),
        "y": [row[0] for row in data],
        "x": [row[1:] for row in data],
    }
    assert len(data) == int(number(text, "Number of Observations")), path
    variance = record["residualSumOfSquares"] / record["degreesOfFreedom"]
    assert abs(math.sqrt(variance) / record["residualStandardDeviation"] - 1) < 1e-9, path
    return record


if len(sys.argv) != 2:
    sys.exit(__doc__)
paths = sorted(pathlib.Path(sys.argv[1]).glob("*.dat"))
fixture.write(
    "nist.json",
    {"source": "NIST/ITL StRD, nonlinear least squares regression"},
    {"sets": [parsed(path) for path in paths if "Certified Values" in path.read_text()]},
)
