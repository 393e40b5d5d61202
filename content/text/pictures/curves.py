"""Curves between axes, each with its own sign, and what has no value told below.

Promise: whatever the numbers are, a picture: NaN and infinities are gaps, marked where they begin
and named. Must not decide how large a picture is.
"""

from __future__ import annotations

import math
from itertools import pairwise

from content.text.document import Span, Spans
from content.text.pictures.axes import Scale, scale_of
from content.text.pictures.canvas import ASCII_SIGNS, SIGNS, Canvas
from content.text.pictures.frame import below_axis, beside_axis, framed, left_room, x_ticks
from content.text.pictures.words import label, number, word
from content.text.wrap import cells
from engine.values import Curves, Series

_FEWEST_ROWS = 3
_BETWEEN_SIGNS = 14
"""Cells from one sign of a curve to the next."""
_FEW = 8
"""Points of a curve that bears its sign at each of them."""
_MARGIN = 0.03


def draw_curves(
    picture: Curves,
    width: int,
    height: int,
    language: str,
    *,
    ascii: bool,  # noqa: A002
) -> list[Spans]:
    """Title and legend, the curves in their frame, notes."""
    head = _head(picture, width, language, ascii=ascii)
    notes = _notes(picture, language, ascii=ascii)
    xs = [x for s in picture.series for x in s.xs]
    ys = [y for s in picture.series for y in s.ys]
    x_scale = scale_of(xs, log=picture.log_x)
    y_scale = scale_of(ys, log=picture.log_y, margin=_MARGIN)
    if x_scale is None or y_scale is None:
        return [*head, (Span(word("nothing", language), "axis"),), *notes][:height]
    x_label, y_label = label(picture.x_label, language), label(picture.y_label, language)
    if y_label:
        head.append((Span(y_label, "axis"),))
    while len(head) > 1 and height - len(head) < _FEWEST_ROWS + 2:
        head.pop()
    notes = notes[: max(0, height - _FEWEST_ROWS - 2 - len(head))]
    rows = max(1, height - 2 - len(head) - len(notes))
    y_ticks = y_scale.ticks(max(3 if rows > _FEWEST_ROWS + 1 else 2, min(7, rows // 3)))
    columns = max(2, width - left_room(y_ticks) - beside_axis(x_label))
    bottom = x_ticks(x_scale, columns)
    if below_axis(bottom, columns, x_label) > 1:
        if rows > _FEWEST_ROWS:
            rows -= 1
        else:
            x_label = ""
    canvas = Canvas(columns, rows, ascii)
    _zero_lines(canvas, x_scale, y_scale)
    many = len(picture.series) > 1
    for n, one in reversed(list(enumerate(picture.series))):
        _draw(canvas, one, n, (x_scale, y_scale), points=picture.points)
    for n, one in enumerate(picture.series):
        _signs(canvas, one, n, (x_scale, y_scale), many=many, points=picture.points)
    body = [canvas.line_of(row) for row in range(rows)]
    lines = framed(body, y_ticks, bottom, columns, x_label, ascii=ascii)
    return [*head, *lines, *notes]


def _head(picture: Curves, width: int, language: str, *, ascii: bool) -> list[Spans]:  # noqa: A002
    """The title, then each curve's sign and name: on one line if they fit on it."""
    lines: list[Spans] = []
    if picture.title:
        lines.append((Span(picture.title, "strong"),))
    names = [label(one.label, language) for one in picture.series]
    if len(names) == 1:
        if names[0] and names[0] != picture.title:
            lines.append((Span(names[0], "series.1"),))
        return lines
    signs = ASCII_SIGNS if ascii else SIGNS
    line: list[Span] = []
    used = 0
    for n, name in enumerate(names):
        text = f"{signs[n % len(signs)]} {name}"
        gap = 3 if line else 0
        if line and used + gap + cells(text) > width:
            lines.append(tuple(line))
            line, used, gap = [], 0, 0
        if gap:
            line.append(Span(" " * gap))
        line.append(Span(text, f"series.{n % len(signs) + 1}"))
        used += gap + cells(text)
    lines.append(tuple(line))
    return lines


def _zero_lines(canvas: Canvas, x_scale: Scale, y_scale: Scale) -> None:
    """Where an axis passes through zero inside the picture."""
    dot = "." if canvas.ascii else "·"
    y = None if y_scale.log else y_scale.place(0.0)
    if y is not None and 0.02 < y < 0.98:
        row = round((1 - y) * (canvas.rows - 1))
        for column in range(0, canvas.columns, 2):
            canvas.faint(column, row, dot)
    x = None if x_scale.log else x_scale.place(0.0)
    if x is not None and 0.02 < x < 0.98:
        column = round(x * (canvas.columns - 1))
        for row in range(canvas.rows):
            canvas.faint(column, row, dot)


def _places(one: Series, scales: tuple[Scale, Scale]) -> list[tuple[float, float] | None]:
    found: list[tuple[float, float] | None] = []
    for x, y in zip(one.xs, one.ys, strict=False):
        across, up = scales[0].place(x), scales[1].place(y)
        found.append(None if across is None or up is None else (across, up))
    return found


def _draw(
    canvas: Canvas, one: Series, owner: int, scales: tuple[Scale, Scale], *, points: bool
) -> None:
    places = _places(one, scales)
    for a, b in pairwise(places):
        if a is not None and b is not None and not points:
            canvas.line(a, b, owner)
    for place in places:
        if place is not None and not points:
            canvas.dot(*place, owner)


def _signs(
    canvas: Canvas, one: Series, owner: int, scales: tuple[Scale, Scale], *, many: bool,
    points: bool,
) -> None:  # fmt: skip
    """The curve's sign along it, so that no colour is needed; a cross where values end."""
    signs = ASCII_SIGNS if canvas.ascii else SIGNS
    sign, style = signs[owner % len(signs)], f"series.{owner % len(signs) + 1}"
    places = _places(one, scales)
    shift = (owner * 5 + 4) % _BETWEEN_SIGNS
    written: set[int] = set()
    for place in places:
        if place is None or not (many or points):
            continue
        column = round(place[0] * (canvas.columns - 1))
        row = round((1 - place[1]) * (canvas.rows - 1))
        part = (column - shift) // _BETWEEN_SIGNS
        alone = points or len(places) <= _FEW
        if alone or (part not in written and (column - shift) % _BETWEEN_SIGNS <= 2):
            written.add(part)
            canvas.write(column, row, sign, style)
    drawn = [place for place in places if place is not None]
    if many and drawn and not written:
        middle = drawn[len(drawn) // 2]
        column, row = (
            round(middle[0] * (canvas.columns - 1)),
            round((1 - middle[1]) * (canvas.rows - 1)),
        )
        canvas.write(column, row, sign, style)
    _cross(canvas, one, places, scales)


def _cross(
    canvas: Canvas, one: Series, places: list[tuple[float, float] | None],
    scales: tuple[Scale, Scale],
) -> None:  # fmt: skip
    """A mark at the first value that is none after one that is, at its height."""
    for n, (y, place) in enumerate(zip(one.ys, places, strict=False)):
        if place is None and not math.isfinite(y):
            before = next((p for p in reversed(places[:n]) if p is not None), None)
            across = scales[0].place(one.xs[n])
            if across is not None and before is not None:
                column = round(across * (canvas.columns - 1))
                row = round((1 - before[1]) * (canvas.rows - 1))
                canvas.write(column, row, "X" if canvas.ascii else "✗", "wrong")
            return


def _notes(picture: Curves, language: str, *, ascii: bool) -> list[Spans]:  # noqa: A002
    notes: list[Spans] = []
    mark = "X" if ascii else "✗"
    for one in picture.series:
        name = label(one.label, language)
        if told := no_value(one, name, language):
            notes.append((Span(f"{mark} ", "wrong"), Span(told, "axis")))
        if picture.log_y:
            below = sum(1 for y in one.ys if math.isfinite(y) and y <= 0)
            if below:
                text = word("not-above-zero", language, name=name, n=below)
                notes.append((Span(text, "axis"),))
    return notes


def no_value(one: Series, name: str, language: str) -> str:
    """Where a curve has no finite value; empty if it has one everywhere."""
    odd = [n for n, y in enumerate(one.ys) if not math.isfinite(y)]
    if not odd:
        return ""
    first, last = odd[0], odd[-1]
    kind, x, end = number(one.ys[first]), number(one.xs[first]), number(one.xs[last])
    if len(odd) == 1:
        return word("no-value", language, name=name, kind=kind, x=x)
    if last - first + 1 > len(odd):
        return word("no-value-often", language, name=name, n=len(odd), kind=kind, x=x)
    if last == len(one.ys) - 1:
        return word("no-value-from", language, name=name, kind=kind, x=x)
    return word("no-value-to", language, name=name, kind=kind, x=x, end=end)
