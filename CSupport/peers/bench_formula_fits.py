"""Measures `micrograd fit` beside SciPy's curve_fit on the tables of Tests/Fixtures/formula_fits.json.

    python3 CSupport/peers/bench_formula_fits.py --binary .build/release/micrograd

The command is a whole process, which reads the table, guesses the starts and prints JSON. SciPy is measured in two ways: one call of
curve_fit within Python, from starts that it is given; and a whole process that imports SciPy, reads the table and fits from these
starts. Times are medians of 5 runs, which take turns.
"""

import argparse
import csv
import importlib.util
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

FIXTURE = pathlib.Path(__file__).parents[2] / "Tests" / "Fixtures" / "formula_fits.json"
SCRIPT = """
import sys, time, csv, numpy as np
from scipy.optimize import curve_fit
import warnings
warnings.simplefilter("ignore")
path, model, response, inputs, names, start = sys.argv[1], *(eval(a) for a in sys.argv[2:])
rows = list(csv.reader(open(path)))
columns = dict(zip(rows[0], np.array(rows[1:], dtype=float).T))
space = {"exp": np.exp, "cos": np.cos, "pi": np.pi, **{f"c{k}": columns[c] for k, c in enumerate(inputs)}}
code = compile(model, "model", "eval")
f = lambda x, *p: eval(code, {**space, **dict(zip(names, p))})
begin = time.perf_counter()
p, _ = curve_fit(f, columns[inputs[0]], columns[response], p0=start, maxfev=20000)
print(time.perf_counter() - begin)
"""


def seconds(command):
    begin = time.perf_counter()
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - begin, output


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    binary = parser.parse_args().binary
    if importlib.util.find_spec("scipy") is None:
        print("scipy is not installed: no fits are compared. Install it with pip.")
        return
    print(f"{'fit':34s} {'command':>9s} {'SciPy process':>14s} {'curve_fit alone':>16s}")
    for fit in json.loads(FIXTURE.read_text())["fits"]:
        with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False) as file:
            writer = csv.writer(file)
            writer.writerow(fit["columns"])
            writer.writerows(zip(*fit["data"]))
        left, right = fit["formula"].split("~")
        response = left.strip().strip("`")
        inputs = [c for c in fit["columns"] if c not in (response, "dy")]
        for k, name in enumerate(inputs):
            quoted = f"`{name}`"
            if quoted in right:
                right = right.replace(quoted, f"c{k}")
        model = right.strip()
        for k, name in enumerate(inputs):
            if name.isidentifier():
                model = f"(lambda {name}: {model})(c{k})"
        arguments = [repr(a) for a in (model, response, inputs, fit["parameters"], [v * 1.05 if abs(v) < 1e8 else v for v in fit["values"]])]
        times = ([], [], [])
        for _ in range(5):
            times[0].append(seconds([binary, "fit", file.name, fit["formula"], "--json", "--quiet"])[0])
            total, output = seconds([sys.executable, "-c", SCRIPT, file.name, *arguments])
            times[1].append(total)
            times[2].append(float(output))
        ours, process, alone = (1e3 * statistics.median(t) for t in times)
        print(f"{fit['name']:34s} {ours:6.0f} ms {process:11.0f} ms {alone:13.2f} ms")
        pathlib.Path(file.name).unlink()


main()
