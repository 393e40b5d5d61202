"""The worked solution, aligned: expression, `=`, value, what it counts; then what was measured.

Promise: values stand right-aligned in one column; a line too long for the page is broken after
an operator, never cut. Must not compute.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from app.tui.page import document_lines
from app.tui.widgets.laid import line, right
from app.values import duration
from app.worked import Worked, worked

if TYPE_CHECKING:
    from app.locale import Locale
    from content.prepare import Prepared


def solution_lines(prepared: Prepared, say: Locale, width: int) -> list[Content]:
    """The worked solution of this draw, with the measurement that proves it."""
    work = worked(prepared, say.language)
    rows = document_lines(work.text, width, say.language) if work.text else []
    table = _table(prepared, work, say, width)
    return [*rows, Content(""), *table] if rows and table else rows + table


def _table(prepared: Prepared, work: Worked, say: Locale, width: int) -> list[Content]:
    rows: list[Content] = []
    if work.formula:
        rows += [line((part, "$muted")) for part in broken(work.formula, width)]
    entries = [
        _Entry(
            step.expression,
            step.value,
            document_lines(step.label, 200, say.language) if step.label else [],
        )
        for step in work.steps
    ]
    measured = work.measured
    shown = [entry.value for entry in entries] + ([measured] if measured else [])
    values = max(map(cell_len, shown), default=0)
    room = width - values - 4
    fits = [cell_len(entry.expression) for entry in entries if cell_len(entry.expression) <= room]
    column = max([*fits, cell_len(say("tui.study.measured"))])
    for entry in entries:
        *above, expression = broken(entry.expression, max(room, 12))
        rows += [line((part, "$math")) for part in above]
        head = line(
            (expression + " " * max(0, column - cell_len(expression)), "$math"),
            (" = ", "$muted"),
            (right(entry.value, values), "bold"),
        )
        rows += _labelled(head, entry.label, width)
    if measured is not None:
        if entries:
            rows.append(line((" " * (column + 3) + "─" * values, "$faint")))
        word = say("tui.study.measured")
        head = line(
            (word + " " * (column + 3 - cell_len(word)) if entries else f"{word} ", "$muted"),
            (right(measured, values), "bold $figure"),
        )
        verdict, where = _agreement(prepared, work, say)
        fits_in = head.cell_length + cell_len(verdict[0]) + cell_len(where[0]) <= width
        rows.append(line(head, verdict, *([where] if fits_in else [])))
    return rows


def _agreement(
    prepared: Prepared, work: Worked, say: Locale
) -> tuple[tuple[str, str], tuple[str, str]]:
    measured = prepared.measured
    return (
        (" ✓" if work.agrees else " ≠", "bold $success" if work.agrees else "bold $error"),
        (
            say(
                "tui.study.measured-in",
                device=measured.device,
                time=duration(measured.seconds),
            ),
            "$muted",
        ),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    expression: str
    value: str
    label: list[Content]


def _labelled(head: Content, label: list[Content], width: int) -> list[Content]:
    if not label:
        return [head]
    words = label[0]
    if head.cell_length + 3 + words.cell_length <= width and len(label) == 1:
        return [line(head, "   ", words.stylize_before("$muted"))]
    return [head, *(line("    ", part.stylize_before("$muted")) for part in label)]


def broken(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken after spaces or brackets if it can be."""
    rows: list[str] = []
    current = ""
    for word in re.split(r"(?<=[ (])", text):
        if cell_len((current + word).rstrip()) <= width or not current.strip():
            current += word
        else:
            rows.append(current.rstrip())
            current = f"  {word}"
    rows.append(current.rstrip())
    cut: list[str] = []
    for row in rows:
        while cell_len(row) > width:
            size = len(row)
            while cell_len(row[:size]) > width:
                size -= 1
            cut.append(row[:size])
            row = row[size:]
        cut.append(row)
    return cut
