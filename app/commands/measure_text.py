"""What `gradus measure` tells a person: a failure with its caret, a trace with its tables.

Promise: columns line up whatever the width of the characters in them. Must not measure and must
not print.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from app.locale import Locale
from app.values import printable, short_value
from engine.messages import caret, describe
from engine.protocol import Failure, LayerRow, LayerValue, Measured, Trace, TraceStep


def failure_text(failure: Failure, say: Locale, lets: Sequence[str] = ()) -> str:
    """The source with a caret under its column where that is known, then the message."""
    where = f"{failure.where}:\n" if failure.where in lets else ""
    return f"{where}{caret(failure, say.language)}\n"


def one_line(failure: Failure, say: Locale, lets: Sequence[str] = ()) -> str:
    """The message, after the name of the `let` it is about."""
    message = describe(failure, say.language)
    return f"{failure.where}: {message}" if failure.where in lets else message


def trace_text(measured: Measured, say: Locale, lets: Sequence[str] = ()) -> str:
    """Named steps, the table of layers, the device and the time."""
    trace = measured.trace or Trace()
    parts = [_steps(trace.steps, lets), _layers(trace.layers, say)]
    milliseconds = f"{1e3 * measured.seconds:.3g}"
    parts.append(say("measure.device-time", device=measured.device, milliseconds=milliseconds))
    return "\n\n".join(part for part in parts if part) + "\n"


def _steps(steps: Sequence[TraceStep], names: Sequence[str]) -> str:
    """Each expression as it was measured, its value and time indented below it."""
    lines = []
    for step in steps:
        name = f"{printable(step.name)} = " if step.name in names else ""
        value = "" if isinstance(step.value, LayerValue) else f"{short_value(step.value)}  "
        lines += [name + printable(step.expression), f"  {value}[{_ms(step.seconds)}]"]
    return "\n".join(lines)


def _layers(layers: Sequence[LayerRow], say: Locale) -> str:
    if not layers:
        return ""
    header = tuple(
        say(f"measure.column.{name}")
        for name in ("path", "layer", "weights", "parameters", "output", "macs")
    )
    rows = [
        (
            row.path or "-",
            printable(row.code),
            " ".join("x".join(map(str, shape)) or "1" for shape in row.weights) or "-",
            str(row.parameters),
            "-" if row.output_shape is None else "x".join(map(str, row.output_shape)),
            "-" if row.macs is None else str(row.macs),
        )
        for row in layers
    ]
    macs = [row.macs for row in layers if row.macs is not None]
    total = (
        say("measure.total"),
        "",
        "",
        str(sum(row.parameters for row in layers)),
        "",
        str(sum(macs)) if macs else "-",
    )
    return _table([header, *rows, total], right=(3, 5))


def _ms(seconds: float) -> str:
    return f"{1e3 * seconds:.3g} ms"


def _table(rows: Sequence[tuple[str, ...]], right: tuple[int, ...]) -> str:
    if not rows:
        return ""
    widths = [max(_width(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for n, (cell, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - _width(cell))
            cells.append(space + cell if n in right else cell + space)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
