"""Bars in eighths of a block: mastery, a week of activity, the way through a session.

Promise: pure functions from numbers to lines. Must not round a little up to nothing or nearly
all up to all.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from app.tui.widgets.laid import line

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_EIGHTHS_UP = " ▁▂▃▄▅▆▇█"
_HEIGHTS = "▁▂▃▄▅▆▇█"


def mastery_bar(share: float, cells: int, style: str = "$accent") -> Content:
    """A share of 1 as a bar of that many cells; any progress shows, only all fills it."""
    eighths = round(min(1.0, max(0.0, share)) * cells * 8)
    if share > 0:
        eighths = max(1, eighths)
    if share < 1:
        eighths = min(cells * 8 - 1, eighths)
    full, part = divmod(eighths, 8)
    bar = "█" * full + (_EIGHTHS[part] if part else "")
    return line((bar, style), " " * (cells - len(bar)))


def week_bars(counts: Sequence[int], gap: int = 2) -> Content:
    """One bar a day, as high as its count; a dot where nothing was done."""
    top = max(counts, default=0)
    pieces = []
    for count in counts:
        if count:
            pieces.append((_HEIGHTS[max(0, -(-count * 8 // top) - 1)], "$accent"))
        else:
            pieces.append(("·", "$muted"))
        pieces.append((" " * (gap + 1), ""))
    return line(*pieces[:-1])


def load_bars(
    loads: Sequence[int], width: int, ends: tuple[str, str], rows: int = 4
) -> list[Content]:
    """One column a day, or a column for several where they are many; the first and the last day
    and the highest column's height are written."""
    each = -(-len(loads) // max(1, width - 8))
    columns = [max(loads[n : n + each]) for n in range(0, len(loads), each)]
    wide = max(1, min(3, (width - 8) // len(columns)))
    top = max(*columns, 1)
    found = []
    for row in range(rows, 0, -1):
        cells = ""
        for load in columns:
            eighths = max(0, min(8, round(load / top * rows * 8) - (row - 1) * 8))
            if load and row == 1:
                eighths = max(1, eighths)
            cells += (_EIGHTHS_UP[eighths] * max(1, wide - 1)).ljust(wide)
        label = f"{top:>5}  " if row == rows else "       "
        found.append(line((label, "$muted"), (cells, "$bar")))
    span = max(len(columns) * wide, cell_len(ends[0]) + cell_len(ends[1]) + 2)
    gap = span - cell_len(ends[0]) - cell_len(ends[1])
    return [*found, line((" " * 7 + ends[0] + " " * gap + ends[1], "$muted"))]


def progress_pips(done: int, total: int, cells: int = 10) -> Content:
    """How far a session has come."""
    full = min(cells, done * cells // total) if total else 0
    if done and not full:
        full = 1
    return line(("▰" * full, "$accent"), ("▱" * (cells - full), "$faint"))
