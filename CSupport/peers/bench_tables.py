"""Trains on known tables with micrograd's command and with scikit-learn, side by side, and reads a large CSV file.

Run:
    python3 bench_tables.py --binary .build/release/micrograd --json out/tables.json

It needs scikit-learn; pandas is measured if it is installed. Tables, preparation and scikit-learn's networks are those of
Tests/Fixtures/make_tables.py: hidden layers of 16 and 16, Adam, at most 400 epochs. Both get the same rows: each seed holds
out a fifth. The time of micrograd is that of the whole process, reading the file and writing the model included; that of
scikit-learn is that of fit() alone. Both run on one processor core.
"""

import os

for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]:
    os.environ.setdefault(name, "1")

import argparse
import csv
import importlib.util
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Fixtures"))

TABLES = {
    "iris.csv": ("species", ["--epochs", "60"]),
    "titanic.csv": ("survived", ["--classes", "--inputs", "pclass,sex,age,sibsp,parch,fare,embarked", "--epochs", "12"]),
    "houses.csv": ("MedHouseVal", ["--epochs", "60"]),
}


def score(truth, predicted):
    """The accuracy of classes, or R² of numbers."""
    try:
        truth, predicted = [float(x) for x in truth], [float(x) for x in predicted]
    except ValueError:
        return sum(a == b for a, b in zip(truth, predicted)) / len(truth)
    if set(truth) <= {0.0, 1.0}:
        return sum(a == b for a, b in zip(truth, predicted)) / len(truth)
    mean = statistics.fmean(truth)
    return 1 - sum((a - b) ** 2 for a, b in zip(truth, predicted)) / sum((a - mean) ** 2 for a in truth)


def ours(binary, name, seed, folder):
    """The score on the rows that make_tables.trained holds out with this seed, and the seconds of the process."""
    import numpy as np

    with open(ROOT / "Tests" / "Fixtures" / "tables" / name, newline="") as file:
        head, *rows = list(csv.reader(file))
    order = np.random.default_rng(seed).permutation(len(rows))
    held = round(len(rows) * 0.2)
    paths = {}
    for part, places in [("test", order[:held]), ("train", order[held:])]:
        paths[part] = str(folder / f"{part}.csv")
        with open(paths[part], "w", newline="") as file:
            csv.writer(file).writerows([head] + [rows[k] for k in places])
    target, flags = TABLES[name]
    model = str(folder / "model.safetensors")
    command = [binary, "train", paths["train"], "--target", target, "--hidden", "16,16", "--validation", "0", "--quiet",
               "--seed", str(seed), "--save", model] + flags
    start = time.perf_counter()
    subprocess.run(command, check=True)
    seconds = time.perf_counter() - start
    out = subprocess.run([binary, "predict", model, paths["test"]], check=True, capture_output=True, text=True).stdout
    predicted = [row[0] for row in csv.reader(out.splitlines()[1:])]
    place = head.index(target)
    return score([rows[k][place] for k in order[:held]], predicted), seconds


def networks(binary, seeds):
    import make_tables

    warnings.filterwarnings("ignore")
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name in TABLES:
            mine, theirs = [], []
            for seed in range(seeds):
                mine.append(ours(binary, name, seed, pathlib.Path(folder)))
                scores, seconds = make_tables.trained(name, [seed])
                theirs.append((scores[0], seconds[0]))
            for who, results in [("micrograd", mine), ("scikit-learn", theirs)]:
                scores = [each[0] for each in results]
                found.append({"table": name, "who": who, "score": statistics.fmean(scores),
                              "deviation": statistics.stdev(scores),
                              "seconds": statistics.median(each[1] for each in results)})
    return found


def reading(binary, rows):
    """Seconds for reading a CSV file of numbers: MicrogradBench measures this library, here are wc and pandas."""
    r = random.Random(5)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "big.csv"
        with open(path, "w") as file:
            file.write("a,b,c,d,y\n")
            for k in range(rows):
                file.write(f"{r.uniform(-100, 100)},{r.gauss(0, 1):.4f},{k},{r.random():.6f},{r.uniform(0, 9):.3f}\n")
        size = path.stat().st_size / 1e6
        model = str(pathlib.Path(folder) / "m")
        small = pathlib.Path(folder) / "small.csv"
        with open(path) as file:
            small.write_text("".join(next(file) for _ in range(200)))
        subprocess.run([binary, "train", str(small), "--epochs", "1", "--quiet", "--save", model], check=True)

        def measure(what, run):
            times = []
            for _ in range(5):
                start = time.perf_counter()
                run()
                times.append(time.perf_counter() - start)
            seconds = min(times)
            found.append({"what": what, "seconds": seconds, "megabytesPerSecond": size / seconds})

        measure("wc -l", lambda: subprocess.run(["wc", "-l", str(path)], check=True, stdout=subprocess.DEVNULL))
        if importlib.util.find_spec("pandas"):
            import pandas

            measure("pandas.read_csv", lambda: pandas.read_csv(path))
            measure("pandas.read_csv, exact", lambda: pandas.read_csv(path, float_precision="round_trip"))
    return {"megabytes": size, "rows": rows, "results": found}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=str(ROOT / ".build" / "release" / "micrograd"))
    parser.add_argument("--json")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    if not importlib.util.find_spec("sklearn"):
        print("scikit-learn is not installed: no tables are compared. Install it with pip.")
        return
    found = {"networks": networks(arguments.binary, arguments.seeds), "reading": reading(arguments.binary, arguments.rows)}
    print(f"{'table':12} {'trained by':13} {'score':>7} {'±':>6} {'seconds':>8}")
    for row in found["networks"]:
        print(f"{row['table']:12} {row['who']:13} {row['score']:7.4f} {row['deviation']:6.4f} {row['seconds']:8.3f}")
    print(f"a CSV file of {found['reading']['rows']} rows, {found['reading']['megabytes']:.0f} MB")
    for row in found["reading"]["results"]:
        print(f"{row['what']:24} {row['seconds']:7.3f} s {row['megabytesPerSecond']:8.0f} MB/s")
    if arguments.json:
        path = pathlib.Path(arguments.json)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
