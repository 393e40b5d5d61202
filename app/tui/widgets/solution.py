"""The worked solution, aligned: expression, `=`, value, what it counts; then what was measured.

Promise: values stand right-aligned in one column; a line too long for the page is broken after
an operator, never cut. Must not compute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from app.tui.page import document_lines
from app.tui.widgets.laid import line, right

if TYPE_CHECKING:
    from app.locale import Locale
    from content.prepare import Prepared, WorkedSolution


def solution_lines(prepared: Prepared, say: Locale, width: int) -> list[Content]:
    """The worked solution of this draw, with the measurement that proves it."""
    work = prepared.solution(say.language)
    rows = document_lines(work.text, width, say.language) if work.text else []
    table = [*_table(work, say, width)]
    if rows and table:
        rows.append(Content(""))
    rows += table
    measured = _measured(prepared, work, say)
    if measured is not None:
        if rows and not table:
            rows.append(Content(""))
        rows.append(measured)
    return rows


def _table(work: WorkedSolution, say: Locale, width: int) -> list[Content]:
    from content.text import format_value

    entries: list[tuple[str, str, list[Content]]] = [
        (
            step.expression,
            format_value(step.value, say.language),
            document_lines(step.label, 200, say.language) if step.label else [],
        )
        for step in work.lines
    ]
    rows: list[Content] = []
    if work.formula:
        if work.formula != work.filled_in:
            rows += [line((part, "$muted")) for part in broken(work.formula, width)]
        entries.append((work.filled_in, format_value(work.stated, say.language), []))
    if not entries:
        return rows
    values = max(cell_len(value) for _, value, _ in entries)
    room = width - values - 4
    fits = [cell_len(expression) for expression, _, _ in entries if cell_len(expression) <= room]
    column = max(fits, default=0)
    for n, (expression, value, label) in enumerate(entries):
        last = n == len(entries) - 1 and len(entries) > 1 and bool(work.formula)
        if last:
            rows.append(line((" " * (column + 3) + "─" * (values + 1), "$faint")))
        *above, expression = broken(expression, max(room, 12))
        rows += [line((part, "$math")) for part in above]
        head = line(
            (expression + " " * max(0, column - cell_len(expression)), "$math"),
            (" = ", "$muted"),
            (right(value, values + 1), "bold"),
        )
        rows += _labelled(head, label, width)
    return rows


def _labelled(head: Content, label: list[Content], width: int) -> list[Content]:
    if not label:
        return [head]
    words = label[0]
    if head.cell_length + 3 + words.cell_length <= width and len(label) == 1:
        return [line(head, "   ", words.stylize_before("$muted"))]
    return [head, *(line("    ", part.stylize_before("$muted")) for part in label)]


def _measured(prepared: Prepared, work: WorkedSolution, say: Locale) -> Content | None:
    from content.text import format_value

    if work.measured is None:
        return None
    measured = prepared.measured
    agrees = work.stated is None or work.stated == work.measured or _near(work)
    return line(
        (f"{say('tui.study.measured')} ", "$muted"),
        (format_value(work.measured, say.language), "bold $figure"),
        (f" {'✓' if agrees else '≠'} ", "bold $success" if agrees else "bold $error"),
        (f"({measured.device}, {milliseconds(measured.seconds)})", "$muted"),
    )


def _near(work: WorkedSolution) -> bool:
    """Reals agree as far as they are shown."""
    from content.text import format_value

    return format_value(work.stated, "en") == format_value(work.measured, "en")


def milliseconds(seconds: float) -> str:
    """0.2 ms, 1.4 s."""
    if seconds >= 1:
        return f"{seconds:.1f} s"
    if seconds >= 0.0995:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds * 1000:.1f} ms"


def broken(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken at spaces where there are any."""
    rows: list[str] = []
    current = ""
    for word in text.split(" "):
        candidate = f"{current} {word}" if current else word
        if cell_len(candidate) <= width or not current:
            current = candidate
        else:
            rows.append(current)
            current = f"  {word}"
    rows.append(current)
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
