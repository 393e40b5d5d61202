"""What `gradus measure` tells a person: a failure with its caret, a trace with its tables.

Promise: columns line up whatever the width of the characters in them. Must not measure and must
not print.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from app.code_text import code_lines, with_names
from app.locale import Locale
from app.values import duration, overflown, printable, shape_text, short_value
from content.text.said import row_said
from engine.messages import caret, describe
from engine.protocol import Failure, LayerRow, Measured, Trace, TraceStep
from engine.values import LayerValue

_WIDTH = 80


def failure_text(failure: Failure, say: Locale, lets: Sequence[str] = ()) -> str:
    """The source with a caret under its column where that is known, then the message."""
    where = f"{failure.where}:\n" if failure.where in lets else ""
    return f"{where}{caret(failure, say.language)}\n"


def one_line(failure: Failure, say: Locale, lets: Sequence[str] = ()) -> str:
    """The message, after the name of the `let` it is about."""
    message = describe(failure, say.language)
    return f"{failure.where}: {message}" if failure.where in lets else message


def trace_text(
    measured: Measured, say: Locale, lets: Sequence[str] = (), *, bare: bool = False
) -> str:
    """Named steps, the table of layers, the device and the time; in words alone where `bare`."""
    trace = measured.trace or Trace()
    layers = layers_said if bare else layers_text
    parts = [_steps(trace.steps, lets), layers(trace.layers, say)]
    time = duration(measured.seconds)
    parts.append(say("measure.device-time", device=measured.device, time=time))
    return "\n\n".join(part for part in parts if part) + "\n"


def _steps(steps: Sequence[TraceStep], names: Sequence[str]) -> str:
    """Each expression as it was measured, its value and time indented below it."""
    lines = []
    for bound, expression, step in with_names(steps, names):
        name = f"{printable(bound)} = " if bound else ""
        value = "" if isinstance(step.value, LayerValue) else f"{short_value(step.value)}  "
        if not_finite := overflown(step.value):
            value += f"← {not_finite}  "
        code = code_lines(name + printable(expression), _WIDTH)
        lines += [*code, f"  {value}[{duration(step.seconds)}]"]
    return "\n".join(lines)


def layers_text(layers: Sequence[LayerRow], say: Locale) -> str:
    """The table of layers; empty where there are none."""
    return _table(_rows(layers, say), right=(4, 5))


def layers_said(layers: Sequence[LayerRow], say: Locale) -> str:
    """The same read layer by layer, for those who hear it."""
    header, *rows = _rows(layers, say) or [()]
    return "\n".join(
        row_said(header, ["" if text == "-" else text for text in row], say.language)
        for row in rows
    )


def _rows(layers: Sequence[LayerRow], say: Locale) -> list[tuple[str, ...]]:
    """Header, a row for each layer, the sums; `-` where there is nothing."""
    if not layers:
        return []
    header = tuple(
        say(f"measure.column.{name}")
        for name in ("path", "layer", "weights", "output", "parameters", "macs")
    )
    rows = [
        (
            row.path or "-",
            printable(row.code),
            ", ".join(map(shape_text, row.weights)) or "-",
            "-" if row.output_shape is None else shape_text(row.output_shape),
            say.number(row.parameters),
            "-" if row.macs is None else say.number(row.macs),
        )
        for row in layers
    ]
    macs = [row.macs for row in layers if row.macs is not None]
    total = (
        say("measure.total"),
        "",
        "",
        "",
        say.number(sum(row.parameters for row in layers)),
        say.number(sum(macs)) if macs else "-",
    )
    return [header, *rows, total]


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
