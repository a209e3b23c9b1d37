"""Takes recorded conversations of GradBench (https://github.com/gradbench/gradbench, MIT) over into gradbench/, without
their timings: make_gradbench.py FOLDER.

A line of a recording is a message of the eval with the response of GradBench's C++ reference, whose derivatives are
written by hand.
"""

import json
import pathlib
import sys

for source in sorted(pathlib.Path(sys.argv[1]).glob("*.jsonl")):
    lines = []
    for line in source.read_text().splitlines():
        pair = json.loads(line)
        pair["response"].pop("timings", None)
        lines.append(json.dumps(pair))
    target = pathlib.Path(__file__).parent / "gradbench" / source.name
    target.write_text("\n".join(lines) + "\n")
