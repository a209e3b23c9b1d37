"""Measures the evals of GradBench beside CoDiPack, the fastest of the C++ tapes.

Run:
    GRADBENCH=/path/to/gradbench CODIPACK=/path/to/CoDiPack python3 bench_gradbench.py --binary .build/release/micrograd-gradbench

GRADBENCH is a checkout of https://github.com/gradbench/gradbench, with json.hpp of nlohmann/json in its folder cpp (or where
the C++ compiler finds it as json.hpp). CODIPACK is a checkout of https://github.com/SciCompKL/CoDiPack. Both are MIT or GPL
projects of their own: nothing of them is in this repository, and the programs are built into --programs.

GradBench's own programs for CoDiPack (tools/codipack) are compiled with g++ -O3 -march=native. Then both tools get the same
inputs and take turns. A time is the median of a turn's evaluations, without what a tool reports as preparation; a ratio is
the median of those turn by turn. Outputs are compared with GradBench's tolerance.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from bench_peers import in_words

FIXTURES = pathlib.Path(__file__).parents[2] / "Tests" / "Fixtures" / "gradbench"


def wave(count, seed):
    """Numbers between -1 and 1 that are in no order."""
    return [math.sin(seed + 7.3 * k) for k in range(count)]


def rows(count, length, seed):
    numbers = wave(count * length, seed)
    return [numbers[k * length : (k + 1) * length] for k in range(count)]


def recorded(name, function, which):
    """An input of the recorded conversations."""
    messages = [json.loads(line)["message"] for line in (FIXTURES / f"{name}.jsonl").read_text().splitlines()]
    return [m["input"] for m in messages if m.get("function") == function][which]


def mixture(d, k, n):
    return {
        "d": d, "k": k, "n": n, "x": rows(n, d, 1), "m": 0, "gamma": 1.0, "alpha": wave(k, 2), "mu": rows(k, d, 3),
        "q": rows(k, d, 4), "l": rows(k, d * (d - 1) // 2, 5),
    }


def hand(which, correspondences, vertices):
    """A recorded hand whose vertices and correspondences are repeated."""
    task = recorded("ht", "jacobian", which)
    data, model = task["data"], task["data"]["model"]
    for key in ("base_positions", "weights"):
        model[key] = [model[key][k % len(model[key])] for k in range(vertices)]
    for key in ("correspondences", "points"):
        data[key] = [data[key][k % len(data[key])] for k in range(correspondences)]
    if task["us"]:
        task["us"] = [task["us"][k % len(task["us"])] for k in range(correspondences)]
    return task


def text(layers, characters):
    task = recorded("lstm", "jacobian", 0)
    bits = len(task["extra_params"][0])
    task["main_params"] = rows(2 * layers, 4 * bits, 6)
    task["state"] = rows(2 * layers, bits, 7)
    task["sequence"] = [task["sequence"][k % len(task["sequence"])] for k in range(characters)]
    return task


def clusters(k, n, d):
    points = [[0.5 + 0.5 * x for x in row] for row in rows(n, d, 8)]
    return {"points": points, "centroids": points[-k:]}


def cases():
    """For each the eval, its function and an input."""
    return [
        ("llsq", "gradient", "m 128, n 1 024", {"x": wave(128, 9), "n": 1024}),
        ("lse", "gradient", "n 1 000", {"x": wave(1000, 10)}),
        ("lse", "gradient", "n 100 000", {"x": wave(100_000, 10)}),
        ("det", "gradient", "8 × 8", {"A": wave(64, 11), "ell": 8}),
        ("ode", "gradient", "n 1 000, s 10", {"x": [0.5 + 0.4 * x for x in wave(1000, 12)], "s": 10}),
        ("ode", "gradient", "n 10 000, s 10", {"x": [0.5 + 0.4 * x for x in wave(10_000, 12)], "s": 10}),
        ("gmm", "jacobian", "d 10, k 25, n 1 000", mixture(10, 25, 1000)),
        ("ba", "jacobian", "49, 7 776, 31 843", recorded("ba", "jacobian", 0)),
        ("ht", "jacobian", "simple, 100 of 544", hand(0, 100, 544)),
        ("ht", "jacobian", "complicated, 100 of 544", hand(1, 100, 544)),
        ("lstm", "jacobian", "2 layers, 256 characters", text(2, 256)),
        ("kmeans", "dir", "k 10, n 1 000, d 8", clusters(10, 1000, 8)),
    ]


class Ours:
    """The tool of this package, asked through its pipes."""

    def __init__(self, binary):
        self.process = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, name, function, task):
        message = {"id": 1, "kind": "evaluate", "module": name, "function": function, "input": task}
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        response = json.loads(self.process.stdout.readline())
        if not response.get("success"):
            sys.exit(f"{name}: {response.get('error')}")
        return response["output"], response["timings"]


class CoDiPack:
    """GradBench's programs for CoDiPack: one for each eval, which takes its input from a file."""

    def __init__(self, gradbench, codipack, programs):
        self.gradbench, self.codipack, self.programs = gradbench, codipack, programs
        programs.mkdir(parents=True, exist_ok=True)

    def build(self, name):
        """The program of an eval, compiled at the first call."""
        source = self.gradbench / "tools" / "codipack" / f"{name}.cpp"
        program = self.programs / name
        if not program.exists():
            print(f"Building CoDiPack's {name} …", file=sys.stderr)
            command = ["g++", "-std=c++17", "-O3", "-march=native", "-DCODI_ForcedInlines=1", "-Wno-unknown-pragmas"]
            command += [f"-I{self.gradbench / 'cpp'}", f"-I{self.codipack / 'include'}", str(source), "-o", str(program)]
            subprocess.run(command, check=True)
        return program

    def run(self, name, function, task):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(task, file)
            file.flush()
            command = [str(self.build(name)), file.name, function]
            result = subprocess.run(command, check=True, capture_output=True, text=True)
        output, *timings = result.stdout.splitlines()
        return json.loads(output), [json.loads(line) for line in timings]


def numbers(output):
    if isinstance(output, dict):
        return [x for key in sorted(output) for x in numbers(output[key])]
    if isinstance(output, list):
        return [x for part in output for x in numbers(part)]
    return [float(output)]


def check(title, ours, theirs):
    ours, theirs = numbers(ours), numbers(theirs)
    same = len(ours) == len(theirs)
    if not same or any(abs(a - b) > 1e-4 * max(1, abs(a) + abs(b)) for a, b in zip(ours, theirs)):
        sys.exit(f"{title}: the two outputs differ, so the times would not compare.")


def median_seconds(timings, name="evaluate"):
    times = [t["nanoseconds"] * 1e-9 for t in timings if t["name"] == name]
    return statistics.median(times) if times else 0


def main():
    parser = argparse.ArgumentParser(description="Measure the evals of GradBench beside CoDiPack.")
    parser.add_argument("--binary", default=".build/release/micrograd-gradbench", help="the built micrograd-gradbench")
    parser.add_argument("--programs", default="out/codipack", type=pathlib.Path, help="folder for CoDiPack's programs")
    parser.add_argument("--json", help="file for all numbers")
    parser.add_argument("--filter", help="only this eval")
    parser.add_argument("--turns", type=int, default=5, help="how often each is measured")
    parser.add_argument("--seconds", type=float, default=0.2, help="how long a turn evaluates, at least")
    options = parser.parse_args()
    folders = [os.environ.get(name) for name in ("GRADBENCH", "CODIPACK")]
    if not all(folders) or not (pathlib.Path(folders[1]) / "include" / "codi.hpp").exists():
        print("CoDiPack is left out: set GRADBENCH and CODIPACK to checkouts of both.")
        return
    if not os.access(options.binary, os.X_OK):
        sys.exit(f"{options.binary} is not there: build it with swift build -c release, or name it with --binary.")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    ours, theirs = Ours(options.binary), CoDiPack(*(pathlib.Path(folder) for folder in folders), options.programs)
    results = []
    print(f"{'':34}{'this library':>14}{'CoDiPack':>12}{'ratio':>8}{'prepared in':>14}")
    for name, function, title, task in cases():
        if options.filter not in (None, name):
            continue
        task = task | {"min_runs": 1, "min_seconds": options.seconds}
        turns, prepared = [], []
        for _ in range(options.turns):
            (a, own), (b, other) = ours.run(name, function, task), theirs.run(name, function, task)
            check(f"{name}, {title}", a, b)
            turns.append((median_seconds(own), median_seconds(other)))
            prepared.append(median_seconds(own, "prepare"))
        ratio = statistics.median(a / b for a, b in turns)
        own, other = (statistics.median(times) for times in zip(*turns))
        preparation = in_words(statistics.median(prepared)) if any(prepared) else ""
        print(f"{name + ', ' + title:34}{in_words(own):>14}{in_words(other):>12}{ratio:>8.2f}{preparation:>14}", flush=True)
        results.append({"eval": name, "input": title, "seconds": turns, "prepared": prepared, "timesCoDiPack": ratio})
    if options.json:
        pathlib.Path(options.json).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
