"""Matrices as shades, with the values that the shades stand for.

Promise: a small matrix shows its numbers too; a large one is averaged, and says so. Must not
decide how large a picture is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from content.text.document import Span, Spans
from content.text.pictures.shades import Rows, even, legend, sign_of
from content.text.pictures.surfaces import draw_surface
from content.text.pictures.words import label, short, word
from content.text.wrap import cells, cut
from engine.values import Heat

_SHADES, _ASCII_SHADES = "·░▒▓█", ".:+*#"


def draw_heat(
    picture: Heat,
    width: int,
    height: int,
    language: str,
    *,
    ascii: bool,  # noqa: A002
) -> list[Spans]:
    """A surface with its axes where it has ranges, else a matrix."""
    head: list[Spans] = [(Span(picture.title, "strong"),)] if picture.title else []
    if not picture.rows or not picture.rows[0]:
        return [*head, (Span(word("nothing", language), "axis"),)][:height]
    room = max(1, height - len(head))
    if picture.x_range and picture.y_range:
        return head + draw_surface(picture, width, room, language, ascii=ascii)
    return head + _matrix(picture, width, room, language, ascii=ascii)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a matrix shows: its cells, and the names for which there is room."""

    table: list[list[float]]
    block: tuple[int, int]
    names: list[str]
    titles: list[str]
    side: int


def _plan(picture: Heat, width: int, height: int, language: str) -> _Plan:
    rows, columns = len(picture.rows), len(picture.rows[0])
    names = [label(text, language) for text in picture.row_labels]
    titles = [label(text, language) for text in picture.column_labels]
    side = min(max(map(cells, names), default=0), width // 3)
    lines = height - 1 - bool(picture.x_label) - bool(picture.y_label)
    room = max(1, width - side - bool(side))
    if rows <= max(1, lines - bool(titles)) and columns <= room:
        return _Plan([list(row) for row in picture.rows], (1, 1), names, titles, side)
    down = -(-rows // max(1, lines - 1))
    across = max(-(-columns // max(1, width)), min(down, -(-columns * 2 // max(1, width))))
    return _Plan(_averaged(picture.rows, down, across), (down, across), [], [], 0)


def _matrix(
    picture: Heat,
    width: int,
    height: int,
    language: str,
    *,
    ascii: bool,  # noqa: A002
) -> list[Spans]:
    shades = _ASCII_SHADES if ascii else _SHADES
    plan = _plan(picture, width, height, language)
    table, side = plan.table, plan.side
    room = max(1, width - side - bool(side))
    edges = even(table, len(shades))
    texts = _texts(table)
    longest = max(len(text) for row in texts for text in row)
    numbered = len(table[0]) * (longest + 4) <= room and plan.block == (1, 1)
    titled = max(map(cells, plan.titles), default=0) + 1
    if numbered:
        size = longest + 4
    else:
        size = titled if plan.titles and titled * len(table[0]) <= room else 1
        narrow = plan.block[0] >= 2 * plan.block[1]
        size = max(size, 1 if narrow else min(2, max(1, room // len(table[0]))))
    lead = " " * (side + bool(side))
    lines: list[Spans] = []
    if picture.y_label:
        lines.append((Span(label(picture.y_label, language), "axis"),))
    if plan.titles and titled <= size + (size <= 2) and size * len(table[0]) <= room:
        text = "".join(title + " " * (size - cells(title)) for title in plan.titles)
        lines.append((Span(lead + text.rstrip(), "axis"),))
    for n, row in enumerate(table):
        name = cut((Span(plan.names[n], "axis"),), side) if plan.names else ()
        pad = " " * (len(lead) - sum(cells(s.text) for s in name))
        spans: list[Span] = [*name, Span(pad)]
        for value, text in zip(row, texts[n], strict=True):
            sign = sign_of(value, edges, shades)
            spans.append(Span(sign * min(size, 2), "heat"))
            spans.append(Span(f" {text:>{longest}} " if numbered else " " * (size - 2)))
        lines.append(tuple(spans))
    if picture.x_label:
        lines.append((Span(lead + label(picture.x_label, language), "axis"),))
    if plan.block != (1, 1):
        told = word("averaged", language, rows=plan.block[0], columns=plan.block[1])
        lines.append((Span(told, "axis"),))
    lines.append(legend(table, edges, shades, width))
    return lines


def _texts(table: Rows) -> list[list[str]]:
    """The numbers, with two decimals where all are of that size."""
    finite = [abs(v) for row in table for v in row if math.isfinite(v)]
    whole = all(v.is_integer() for v in finite)
    even_decimals = not whole and 0.1 <= max(finite, default=0.0) < 100
    return [
        [f"{v + 0.0:.2f}".replace("-", "−") if even_decimals and math.isfinite(v) else short(v)
         for v in row]
        for row in table
    ]  # fmt: skip


def _averaged(rows: Rows, down: int, across: int) -> list[list[float]]:
    """Blocks of so many rows and columns, each as its mean; a value that is none stays."""
    if down == across == 1:
        return [list(row) for row in rows]
    return [
        [_mean([v for row in rows[r : r + down] for v in row[c : c + across]])
         for c in range(0, len(rows[0]), across)]
        for r in range(0, len(rows), down)
    ]  # fmt: skip


def _mean(values: list[float]) -> float:
    odd = next((v for v in values if not math.isfinite(v)), None)
    return sum(v / len(values) for v in values) if odd is None else odd
