"""How every fixture is written: one record a line, floating point by repr, so that it reads back exactly."""

import json
import math
import pathlib
import platform


def plain(value):
    """The value as JSON knows it; NaN and the infinities become the strings "nan", "inf" and "-inf"."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def compact(value):
    return json.dumps(plain(value), separators=(",", ":"), allow_nan=False)


def write(name, versions, sections):
    """Writes {"versions": …, section: …} beside this script; a section that is a list gets a line a record."""
    lines = [f'"versions":{compact({"python": platform.python_version(), **versions})}']
    for section, content in sections.items():
        if isinstance(content, list):
            content = "[\n" + ",\n".join(compact(record) for record in content) + "\n]"
        else:
            content = compact(content)
        lines.append(f'"{section}":{content}')
    path = pathlib.Path(__file__).with_name(name)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
