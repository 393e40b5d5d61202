"""A picture's frame: values beside the rows, values below the columns, the names of both.

Promise: every line has at most the width asked for; what does not fit is left out, the names of
the axes first. Must not know what is inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from content.text.document import Span, Spans
from content.text.pictures.axes import Scale, Tick
from content.text.pictures.words import plain_signs
from content.text.wrap import cells, cut

_SHORT: Final = 2
"""Cells of a name that stands at the end of its axis."""


def left_room(ticks: Sequence[Tick]) -> int:
    """Cells of the values at the left and their axis."""
    return max((cells(tick.text) for tick in ticks), default=0) + 2


def x_ticks(scale: Scale, columns: int) -> list[Tick]:
    """Ticks below so many columns, none over another."""
    for most in range(max(2, columns // 7), 1, -1):
        ticks = scale.ticks(most)
        if len(ticks) <= most + 1 and _apart(ticks, columns):
            return ticks
    return scale.ticks(2)[:1]


def fewer(ticks: Sequence[Tick], columns: int) -> list[Tick]:
    """Every n-th of the ticks, as many as stand below so many columns, none over another."""
    named = [tick for tick in ticks if tick.text]
    for every in range(1, len(named)):
        found = list(named[::every])
        if _apart(found, columns):
            return found
    return list(named[:1])


def _apart(ticks: list[Tick], columns: int) -> bool:
    end = -2
    for tick in ticks:
        start, stop = _span(tick, columns)
        if start < end + 2:
            return False
        end = stop
    return True


def _span(tick: Tick, columns: int) -> tuple[int, int]:
    """The cells of a text under its tick, moved inwards at the ends."""
    size = cells(tick.text)
    start = round(tick.place * (columns - 1)) - size // 2
    start = max(0, min(start, columns - size))
    return start, start + size


def beside_axis(x_label: str) -> int:
    """Cells that the name of the lower axis takes at its end: a short one stands there."""
    return cells(x_label) + 1 if 0 < cells(x_label) <= _SHORT else 0


def below_axis(bottom: Sequence[Tick], columns: int, x_label: str) -> int:
    """Lines below the lower axis: its values, and its name where that fits nowhere else."""
    if not x_label or beside_axis(x_label):
        return 1
    return 1 if _gap(bottom, columns, cells(x_label)) is not None else 2


def _gap(bottom: Sequence[Tick], columns: int, size: int) -> int | None:
    """Where so many cells are free between two values, as far right as may be."""
    spans = [(-2, -2), *(_span(tick, columns) for tick in bottom), (columns + 2, columns + 2)]
    for (_, end), (start, _) in reversed(list(pairwise(spans))):
        if start - end >= size + 4:
            return end + (start - end - size) // 2
    return None


def framed(
    rows: Sequence[Spans], y_ticks: Sequence[Tick], bottom: Sequence[Tick], columns: int,
    x_label: str, *, ascii: bool,  # noqa: A002
) -> list[Spans]:  # fmt: skip
    """The rows between axes with values."""
    room = left_room(y_ticks)
    by_row: dict[int, str] = {}
    for tick in y_ticks:
        by_row.setdefault(round((1 - tick.place) * (len(rows) - 1)), tick.text)
    upright, tee, corner, flat, down = "|++-+" if ascii else "│┤└─┬"
    lines: list[Spans] = []
    for n, row in enumerate(rows):
        text = by_row.get(n, "")
        pad = " " * (room - 1 - cells(text) - 1)
        lines.append((Span(f"{pad}{text} {tee if text else upright}", "axis"), *row))
    below = [flat] * columns
    labels = [" "] * columns
    for tick in bottom:
        below[min(columns - 1, round(tick.place * (columns - 1)))] = down
        start, stop = _span(tick, columns)
        if start >= 0:
            labels[start:stop] = _celled(tick.text)
    axis = " " * (room - 1) + corner + "".join(below)
    if beside_axis(x_label):
        axis += f" {x_label}"
    lead, size = " " * room, cells(x_label)
    at = None if beside_axis(x_label) or not x_label else _gap(bottom, columns, size)
    if at is not None:
        labels[at : at + size] = _celled(x_label)
    lines += [(Span(axis, "axis"),), (Span(lead + "".join(labels).rstrip(), "axis"),)]
    if x_label and at is None and not beside_axis(x_label):
        shown = cut((Span(x_label, "axis"),), columns)
        free = (columns - sum(cells(span.text) for span in shown)) // 2
        lines.append((Span(lead + " " * max(0, free), "axis"), *shown))
    return lines


def _celled(text: str) -> list[str]:
    """The text in as many pieces as it has cells."""
    return [piece for char in text for piece in (char, *([""] * (cells(char) - 1)))]


def finished(lines: Sequence[Spans], width: int, *, ascii: bool) -> tuple[Spans, ...]:  # noqa: A002
    """Lines within the width, without spaces at their ends, in ASCII where asked."""
    done = []
    for line in lines:
        shown = tuple(Span(plain_signs(s.text), s.style) for s in line) if ascii else line
        kept = list(cut(shown, width))
        if ascii:
            kept = [Span(span.text.replace("…", "~"), span.style) for span in kept]
        while kept and not kept[-1].text.rstrip(" "):
            kept.pop()
        if kept:
            kept[-1] = Span(kept[-1].text.rstrip(" "), kept[-1].style)
        done.append(tuple(kept))
    return tuple(done)
