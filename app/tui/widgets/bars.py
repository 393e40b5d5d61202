"""Bars in eighths of a block: mastery, a week of activity, the way through a session.

Promise: pure functions from numbers to lines. Must not round a little up to nothing or nearly
all up to all.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from app.tui.widgets.laid import line

_EIGHTHS = " ▏▎▍▌▋▊▉█"
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


def progress_pips(done: int, total: int, cells: int = 10) -> Content:
    """How far a session has come."""
    full = min(cells, done * cells // total) if total else 0
    if done and not full:
        full = 1
    return line(("▰" * full, "$accent"), ("▱" * (cells - full), "$faint"))
