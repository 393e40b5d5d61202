"""The lines of a page of statistics.

Promise: a taller screen gives the pictures more rows, never fewer than the least that shows
something. Must not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from app.statistics.drawing import figure_lines
from app.statistics.gathering import Kind
from app.statistics.telling import figure
from app.tui.ascii import terminal_has_unicode
from app.tui.page import span_lines
from app.tui.widgets.laid import line

if TYPE_CHECKING:
    from app.locale import Locale
    from app.statistics.results import Result

_AROUND = 17
"""Rows of a screen that a picture's bars are not given."""
_FEWEST, _MOST = 7, 14
_GAP = 2


def page_lines(result: Result, say: Locale, width: int, screen: int) -> list[Content]:
    """The figure for a column of so many cells on a screen of so many rows."""
    rows = max(_FEWEST, min(_MOST, screen - _AROUND))
    shown = figure_lines(
        figure(result, say), width, say, rows=rows, titled=False, ascii=not terminal_has_unicode()
    )
    return span_lines(shown)


def tab_lines(
    at: int, say: Locale, width: int
) -> tuple[list[Content], list[tuple[int, int, int]]]:  # fmt: skip
    """The names with their digits, and for each (row, first cell, cell after its last)."""
    rows: list[Content] = []
    places: list[tuple[int, int, int]] = []
    current = Content("")
    for n, kind in enumerate(Kind):
        name = say(f"stats.short.{kind}")
        size = cell_len(name) + _GAP
        if current.cell_length and current.cell_length + _GAP + size > width:
            rows.append(current)
            current = Content("")
        if current.cell_length:
            current = line(current, " " * _GAP)
        first = current.cell_length
        here = n == at
        current = line(
            current,
            (f"{n + 1} ", "$accent" if here else "$muted"),
            (name, "bold $accent underline" if here else "$muted"),
        )
        places.append((len(rows), first, first + size))
    return [*rows, current], places
