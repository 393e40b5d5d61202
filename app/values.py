"""Measured values as JSON and as text for a terminal, exact and ungrouped.

Promise: nothing is rounded: a number is written in the fewest digits that name it in its dtype.
What comes from a person's expression is shown without control characters. Must not measure.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import asdict, fields

from engine.protocol import Failure, Skipped
from engine.values import (
    Bars,
    Curves,
    DtypeValue,
    Grid,
    Heat,
    LayerValue,
    Picture,
    Plain,
    RunValue,
    Series,
    TensorValue,
    Value,
    Windows,
)

_WIDTH = 80
_WHOLE = 1000
"""Elements of a tensor that is shown whole; of larger ones the edges."""
_EDGE = 3
_WRITTEN_WHOLE = 10**16
_MOST_DIGITS = {"float16": 5, "bfloat16": 4, "float32": 9}


def json_value(value: Value | Failure | Skipped) -> object:
    """As JSON: shapes and tensors are lists, a layer its code, nan and inf strings."""
    if isinstance(value, TensorValue):
        return json_value(value.data)
    if isinstance(value, tuple):
        return [json_value(element) for element in value]
    if isinstance(value, LayerValue):
        return value.code
    if isinstance(value, DtypeValue):
        return value.name
    if isinstance(value, RunValue):
        return {name: json_value(part) for name, part in asdict(value).items()}
    if isinstance(value, Bars | Curves | Heat | Windows):
        return {"picture": type(value).__name__.lower(), **_fields(value)}
    if isinstance(value, float) and not math.isfinite(value):
        return _special(value)
    if isinstance(value, Failure | Skipped):
        return None
    return value


def text_value(value: Value, width: int = _WIDTH) -> str:
    """As text: `1792`, `(1, 64, 32, 32)`, `tensor([0.731, 0.269], dtype=float16)`."""
    if isinstance(value, TensorValue):
        return _tensor(value, width)
    if isinstance(value, tuple):
        inner = ", ".join(text_value(element, width) for element in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, LayerValue):
        return printable(value.code)
    if isinstance(value, DtypeValue):
        return value.name
    if isinstance(value, RunValue):
        return _run(value)
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Bars | Curves | Heat | Windows):
        from content.text.pictures import described

        return described(value, "en")
    return _number(value, "float64")


def _fields(part: Picture | Series | Grid) -> dict[str, object]:
    """A picture's fields by name, those of its curves and maps too."""
    found: dict[str, object] = {}
    for one in fields(part):
        value = getattr(part, one.name)
        if one.name in ("series", "grids"):
            found[one.name] = [_fields(inner) for inner in value]
        else:
            found[one.name] = json_value(value)
    return found


def _run(run: RunValue) -> str:
    """`run(steps=200, loss=0.6915→0.0477, accuracy=0.52→1.0)`, and where it broke off."""
    parts = [f"steps={run.steps[-1]}"]
    curves = (("loss", run.losses, "float32"), ("accuracy", run.accuracies, "float64"),
              ("validation_loss", run.validation_losses, "float32"),
              ("validation_accuracy", run.validation_accuracies, "float64"))  # fmt: skip
    parts += [
        f"{name}={shortest(curve[0], dtype)}→{shortest(curve[-1], dtype)}"
        for name, curve, dtype in curves
        if curve
    ]
    if run.ended:
        parts += [f"ended={run.ended!r}", f"at={run.ended_at}", f"where={run.ended_where!r}"]
    return printable(f"run({', '.join(parts)})")


def overflown(value: object) -> str:
    """`inf`, `nan` or `inf, nan`: what is no finite number in a value; empty where all are."""
    found: set[str] = set()
    stack: list[object] = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, TensorValue):
            stack.append(part.data)
        elif isinstance(part, tuple | list):
            stack.extend(part)
        elif isinstance(part, RunValue):
            stack.extend(part.losses)
        elif isinstance(part, float) and not math.isfinite(part):
            found.add("nan" if math.isnan(part) else "inf")
    return ", ".join(sorted(found))


def short_value(value: Value | Failure | Skipped, width: int = 60) -> str:
    """As one line of at most about `width` characters: a large tensor by its shape and dtype."""
    if isinstance(value, Skipped):
        return "-"
    if isinstance(value, Failure):
        return f"({value.kind})"
    if isinstance(value, TensorValue):
        text = _tensor(value) if math.prod(value.shape) <= width else ""
        if not text or "\n" in text or len(text) > width:
            return f"tensor {shape_text(value.shape)} {value.dtype}"
        return text
    text = text_value(value).replace("\n", " ")
    return text if len(text) <= width else text[: width - 1] + "…"


def duration(seconds: float) -> str:
    """0.2 ms, 140 ms, 1.4 s."""
    if seconds >= 1:
        return f"{seconds:.1f} s"
    if seconds >= 0.0995:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds * 1000:.1f} ms"


def shape_text(shape: Sequence[int]) -> str:
    """64×3×3×3; () for a single number."""
    return "×".join(map(str, shape)) or "()"


def printable(text: str) -> str:
    """The text with what a terminal would obey, or not show, written out."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text
    )


def shortest(value: float, dtype: str) -> str:
    """The fewest digits that name this value among those of the dtype: 0.1 for float16's 0.1.

    Whole numbers are written whole: 65504.0, though 65500 would name it in float16.
    """
    if not math.isfinite(value):
        return _special(value)
    if value.is_integer() and abs(value) < _WRITTEN_WHOLE:
        return repr(value)
    for digits in range(1, _MOST_DIGITS.get(dtype, 0) + 1):
        near = float(f"{value:.{digits}g}")
        if _stored(near, dtype) == value:
            return repr(near)
    return repr(value)


def _special(value: float) -> str:
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


def _stored(value: float, dtype: str) -> float:
    try:
        if dtype == "float16":
            return float(struct.unpack("e", struct.pack("e", value))[0])
        bits = struct.unpack("I", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    if dtype == "bfloat16":
        bits = bits + 0x7FFF + (bits >> 16 & 1) & 0xFFFF0000
    return float(struct.unpack("f", struct.pack("I", bits))[0])


def _number(value: Plain, dtype: str) -> str:
    return shortest(value, dtype) if isinstance(value, float) else str(value)


def _tensor(value: TensorValue, room: int = _WIDTH) -> str:
    elements = math.prod(value.shape)
    cut = elements > _WHOLE
    shape = f", shape={text_value(value.shape)}" if cut or elements == 0 else ""
    rows = _rows(value.data, value.dtype, cut)
    width = max((len(cell) for cell in _cells(rows)), default=0)
    if not value.shape:
        width = 0
    body = _nested(rows, width, len("tensor("), room)
    return f"tensor({body}{shape}, dtype={value.dtype})"


Rows = str | list["Rows"]


def _rows(data: Plain, dtype: str, cut: bool) -> Rows:
    if not isinstance(data, tuple):
        return _number(data, dtype)
    if cut and len(data) > 2 * _EDGE:
        first = [_rows(element, dtype, cut) for element in data[:_EDGE]]
        last = [_rows(element, dtype, cut) for element in data[-_EDGE:]]
        return [*first, "…", *last]
    return [_rows(element, dtype, cut) for element in data]


def _cells(rows: Rows) -> Sequence[str]:
    if isinstance(rows, str):
        return [rows]
    return [cell for row in rows for cell in _cells(row)]


def _nested(rows: Rows, width: int, indent: int, room: int) -> str:
    if isinstance(rows, str):
        return rows.rjust(width)
    if all(isinstance(row, str) for row in rows):
        return "[" + _wrapped([str(row).rjust(width) for row in rows], indent + 1, room) + "]"
    parts = [row if isinstance(row, str) else _nested(row, width, indent + 1, room) for row in rows]
    return "[" + (",\n" + " " * (indent + 1)).join(parts) + "]"


def _wrapped(cells: list[str], indent: int, room: int) -> str:
    lines: list[list[str]] = [[]]
    used = indent
    for cell in cells:
        if lines[-1] and used + len(cell) + 2 > room:
            lines.append([])
            used = indent
        lines[-1].append(cell)
        used += len(cell) + 2
    return (",\n" + " " * indent).join(", ".join(line) for line in lines)
