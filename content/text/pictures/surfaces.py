"""Surfaces from above: bands of equal height, axes, and a path over them.

Promise: bands hold equal shares of the picture, so that a valley shows beside steep walls; points
of the path outside the picture are counted, not moved. Must not decide how large a picture is.
"""

from __future__ import annotations

from collections.abc import Sequence

from content.text.document import Span, Spans
from content.text.pictures.axes import Scale
from content.text.pictures.frame import below_axis, beside_axis, framed, left_room, x_ticks
from content.text.pictures.shades import Rows, bands, legend, sign_of
from content.text.pictures.words import label, word
from engine.values import Heat

_HEIGHTS, _ASCII_HEIGHTS = " ·░▒▓", " .:+#"


def draw_surface(
    picture: Heat,
    width: int,
    height: int,
    language: str,
    *,
    ascii: bool,  # noqa: A002
) -> list[Spans]:
    """The surface in its frame, the legend of its bands, and what marks the path."""
    assert picture.x_range is not None
    assert picture.y_range is not None
    shades = _ASCII_HEIGHTS if ascii else _HEIGHTS
    across, up = Scale(*picture.x_range), Scale(*picture.y_range)
    marks = "SoE" if ascii else "○•◆"
    name = label(picture.y_label, language)
    rows = max(2, height - 3 - bool(name) - bool(picture.path))
    y_ticks = up.ticks(max(2, min(7, rows // 2)))
    x_label = label(picture.x_label, language)
    columns = width - left_room(y_ticks) - beside_axis(x_label)
    columns = max(2, min(columns, rows * 5))
    table = _sampled(picture.rows, rows, columns)
    edges = bands(table, len(shades))
    body = [[(sign_of(v, edges, shades), "heat") for v in row] for row in table]
    outside = _lay_path(body, picture.path, (across, up), marks)
    drawn = [tuple(Span(text, style) for text, style in row) for row in body]
    lines: list[Spans] = [(Span(name, "axis"),)] if name else []
    bottom = x_ticks(across, columns)
    if below_axis(bottom, columns, x_label) > 1:
        x_label = ""
    lines += framed([_merged(row) for row in drawn], y_ticks, bottom, columns, x_label, ascii=ascii)
    lines.append(legend(table, edges, shades, width))
    if picture.path:
        told = word("path", language, start=marks[0], mark=marks[1], end=marks[2])
        note = f" · {word('outside', language, n=outside)}" if outside else ""
        lines.append((Span(told, "series.2"), Span(note, "axis")))
    return lines


def _sampled(rows: Rows, high: int, wide: int) -> list[list[float]]:
    """The nearest given value for each cell."""
    last_row, last_column = len(rows) - 1, len(rows[0]) - 1
    return [
        [rows[round(r * last_row / max(1, high - 1))][round(c * last_column / max(1, wide - 1))]
         for c in range(wide)]
        for r in range(high)
    ]  # fmt: skip


def _lay_path(
    body: list[list[tuple[str, str]]], path: Sequence[tuple[float, float]],
    scales: tuple[Scale, Scale], marks: str,
) -> int:  # fmt: skip
    """The path over the surface; how many of its points lie outside."""
    outside = 0
    for n, (x, y) in enumerate(path):
        across, up = scales[0].place(x), scales[1].place(y)
        if across is None or up is None or not (0 <= across <= 1 and 0 <= up <= 1):
            outside += 1
            continue
        row = round((1 - up) * (len(body) - 1))
        column = round(across * (len(body[0]) - 1))
        mark = marks[0] if n == 0 else marks[2] if n == len(path) - 1 else marks[1]
        if n == 0 or n == len(path) - 1 or body[row][column][0] != marks[0]:
            body[row][column] = (mark, "series.2")
    return outside


def _merged(row: Spans) -> Spans:
    spans: list[Span] = []
    for span in row:
        if spans and spans[-1].style == span.style:
            spans[-1] = Span(spans[-1].text + span.text, span.style)
        else:
            spans.append(span)
    return tuple(spans)
