"""Bars, one below the other, each with its name and its value.

Promise: a bar's length is to its value as every other's, zero or a power of ten at the foot;
what is not finite has no bar and says so. Must not decide how large a picture is.
"""

from __future__ import annotations

import math

from content.text.document import Span, Spans
from content.text.pictures.axes import power_of_ten
from content.text.pictures.words import label, number, word
from content.text.wrap import cells, cut
from engine.values import Bars

_EIGHTHS = " ▏▎▍▌▋▊▉█"


def draw_bars(
    picture: Bars,
    width: int,
    height: int,
    language: str,
    *,
    ascii: bool,  # noqa: A002
) -> list[Spans]:
    """Title, bars, and a note where their length goes by powers of ten."""
    head: list[Spans] = [(Span(picture.title, "strong"),)] if picture.title else []
    low = _foot(picture) if picture.log else None
    tail: list[Spans] = []
    if low is not None:
        tail = [(Span(word("log-from", language, low=power_of_ten(low)), "axis"),)]
    room = max(1, height - len(head) - len(tail))
    shown = len(picture.values)
    if shown > room:
        shown = max(1, room - 1)
        tail = [(Span(word("more", language, n=len(picture.values) - shown), "axis"),), *tail]
    names = [label(text, language) for text in picture.labels[:shown]]
    texts = [valued(value, picture.unit) for value in picture.values[:shown]]
    widest = max(map(cells, names), default=0)
    name_room = max(1, min(widest, width // 3))
    text_room = min(max(map(cells, texts), default=0), max(1, width - name_room - 2))
    bar_room = max(0, width - name_room - text_room - 2)
    shares = _shares(picture, low)[:shown]
    left, right = _sides(shares, bar_room)
    lines: list[Spans] = []
    for name, text, share in zip(names, texts, shares, strict=True):
        named = cut((Span(name),), name_room)
        pad = " " * (name_room - sum(cells(span.text) for span in named))
        bar = _bar(share, left, right, ascii=ascii)
        lines.append((*named, Span(pad + " "), *bar, Span(" "), Span(text, "figure")))
    return [*head, *lines, *tail][:height]


def valued(value: float, unit: str) -> str:
    """A bar's value with its unit."""
    return f"{number(value)} {unit}" if unit and math.isfinite(value) else number(value)


def _foot(picture: Bars) -> int | None:
    """The power of ten at which bars begin, below the smallest of them."""
    found = [v for v in picture.values if math.isfinite(v) and v > 0]
    return math.floor(math.log10(min(found)) - 1e-9) if found else None


def _shares(picture: Bars, low: int | None) -> list[float | None]:
    """Each bar's length, from -1 to 1; None for a value without one."""
    values = picture.values
    if low is not None:
        logs = [math.log10(v) - low if math.isfinite(v) and v > 0 else None for v in values]
        longest = max((v for v in logs if v is not None), default=1.0) or 1.0
        return [None if v is None else v / longest for v in logs]
    if picture.log:
        return [None] * len(values)
    longest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    if not longest:
        return [0.0 if math.isfinite(v) else None for v in values]
    return [v / longest if math.isfinite(v) else None for v in values]


def _sides(shares: list[float | None], room: int) -> tuple[int, int]:
    """Cells left of zero and right of it."""
    below = max((-s for s in shares if s is not None and s < 0), default=0.0)
    above = max((s for s in shares if s is not None and s > 0), default=0.0)
    if not below:
        return 0, room
    left = max(1, round(room * below / (below + above)))
    return left, max(0, room - left)


def _bar(share: float | None, left: int, right: int, *, ascii: bool) -> Spans:  # noqa: A002
    if share is None:
        return (Span(" " * left),)
    if share < 0:
        size = min(left, max(1, round(-share * left)))
        return (Span(" " * (left - size)), Span(("#" if ascii else "█") * size, "series.2"))
    if ascii:
        return (Span(" " * left), Span("#" * round(share * right), "series.1"))
    eighths = round(share * right * 8)
    if share > 0:
        eighths = max(1, eighths)
    text = "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
    return (Span(" " * left), Span(text, "series.1"))
