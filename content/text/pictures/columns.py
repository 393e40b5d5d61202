"""Upright bars side by side on one foot, stacked where there are several series.

Promise: a bar's height is to its value as every other's, zero at the foot; what is not zero shows.
Series differ by sign, not by colour alone. Must not decide how large a picture is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from content.text.document import Span, Spans
from content.text.pictures.axes import Scale, Tick
from content.text.pictures.frame import fewer, framed, left_room
from content.text.wrap import cells, cut

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_STACK, _ASCII_STACK = "█▒", "#:"
_WIDEST = 6
_LOWEST = 1e-9
"""A highest value that counts as nothing."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Values by series and place; a label for each place, shown where there is room."""

    series: tuple[tuple[float, ...], ...]
    labels: tuple[str, ...]
    names: tuple[str, ...] = ()
    title: str = ""
    x_label: str = ""
    y_label: str = ""
    top: float | None = None
    """Where the upright axis ends, if not at the highest bar."""


def height(picture: Columns) -> float:
    """Where the upright axis ends: a little above nothing at least."""
    sums = [sum(max(0.0, one[n]) for one in picture.series) for n in range(len(picture.labels))]
    highest = picture.top or max([*sums, 0.0])
    return highest if highest > _LOWEST else 1.0


def draw_columns(
    picture: Columns,
    width: int,
    rows: int,
    *,
    ascii: bool = False,  # noqa: A002
) -> tuple[Spans, ...]:
    """Title and names, then so many rows of bars between their axes."""
    head: list[Spans] = [(Span(picture.title, "strong"),)] if picture.title else []
    stack = _ASCII_STACK if ascii else _STACK
    if picture.names:
        head.append(_named(picture.names, stack, width))
    if picture.y_label:
        head.append((Span(picture.y_label, "axis"),))
    scale = Scale(0.0, height(picture))
    ticks = scale.ticks(max(2, min(5, rows // 2)))
    room = max(1, width - left_room(ticks) - 1)
    first = max(0, len(picture.labels) - room)
    size = max(1, min(_WIDEST, room // max(1, len(picture.labels) - first)))
    filled = size - 1 if size > 2 else size
    columns = max(2, size * (len(picture.labels) - first))
    heights = [
        [max(0.0, one[n]) / scale.high for one in picture.series]
        for n in range(first, len(picture.labels))
    ]
    body = []
    for row in reversed(range(rows)):
        spans: list[Span] = []
        for shares in heights:
            sign, style = _sign(shares, row, rows, stack, ascii=ascii)
            spans.append(Span(sign * filled + " " * (size - filled), style))
        body.append(_joined(spans))
    places = [
        Tick((n * size + (filled - 1) / 2) / max(1, columns - 1), text)
        for n, text in enumerate(picture.labels[first:])
    ]
    bottom = fewer(places, columns)
    lines = framed(body, ticks, bottom, columns, picture.x_label, ascii=ascii)
    return tuple(cut(line, width) for line in (*head, *lines))


def _named(names: Sequence[str], stack: str, width: int) -> Spans:
    spans: list[Span] = []
    for n, name in enumerate(names):
        lead = "   " if n else ""
        spans.append(Span(f"{lead}{stack[n % 2]} {name}", f"series.{n % 2 + 1}"))
    return cut(tuple(spans), width) if sum(cells(s.text) for s in spans) > width else tuple(spans)


def _sign(
    shares: Sequence[float], row: int, rows: int, stack: str, *, ascii: bool  # noqa: A002
) -> tuple[str, str]:  # fmt: skip
    """What stands in that row, counted from the foot."""
    if len(shares) == 1:
        eighths = max(round(shares[0] * rows * 8), 1 if shares[0] > 0 else 0) - 8 * row
        eighths = min(8, max(0, eighths))
        if ascii:
            tall = eighths >= 4 or (eighths > 0 and row == 0)
            return (stack[0] if tall else " "), "series.1"
        return _EIGHTHS[eighths], "series.1"
    so_far = 0.0
    below = 0
    for n, one in enumerate(shares):
        so_far += one
        tops = max(round(so_far * rows), below + (1 if one * rows > 0.2 else 0))
        if row < tops:
            return stack[n % 2], f"series.{n % 2 + 1}"
        below = tops
    return " ", "plain"


def _joined(spans: Sequence[Span]) -> Spans:
    found: list[Span] = []
    for span in spans:
        if found and found[-1].style == span.style:
            found[-1] = Span(found[-1].text + span.text, span.style)
        else:
            found.append(span)
    return tuple(found)
