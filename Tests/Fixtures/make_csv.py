"""Writes csv.json: random tables by Python's csv module, with fields that need quotation marks, as it reads them back.

Column n holds numbers but for one word, on the line "line" of the file; that is where an error must be found.
Run: python3 make_csv.py
"""

import csv
import io
import random

import fixture

PIECES = ["a", "Z", "é", "漢", "7", ".", "-", "x y", '"', '""', ",", ";", "\t", "|", "\n", "\r\n", "\r", "'", "\\", "#"]


def text(r):
    # White space at the ends is dropped, and an empty field is missing; so neither.
    return r.choice("abcdef") + "".join(r.choices(PIECES, k=r.randint(0, 6))) + r.choice("uvwxyz")


def table(seed):
    r = random.Random(seed)
    delimiter, end = r.choice(",;\t|"), r.choice(["\n", "\r\n", "\r"])
    columns = ["n"] + [f"{index}{text(r)}" for index in range(r.randint(1, 4))]
    rows = [[str(index)] + [text(r) for _ in columns[1:]] for index in range(r.randint(1, 8))]
    bad = r.randrange(len(rows))
    rows[bad][0] = "word"
    # Unless lines end in both CR and LF, Python leaves the other one within a field without quotation marks.
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([columns] + rows)
    content = file.getvalue()
    if r.random() < 0.3:
        content = content[: -len(end)]

    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    read, starts = [], []
    while True:
        starts.append(reader.line_num + 1)
        try:
            read.append(next(reader))
        except StopIteration:
            break
    assert read == [columns] + rows, (seed, content)
    content = ("\ufeff" if r.random() < 0.2 else "") + content
    return {"seed": seed, "separator": delimiter, "text": content, "columns": columns, "rows": rows,
            "line": starts[1 + bad]}


fixture.write("csv.json", {}, {"tables": [table(seed) for seed in range(80)]})
