"""Shares as bars on one scale, each with its name, its value and a note.

Promise: a full bar is a share of 1 on every line, so that bars of two pictures compare. Must not
decide how large a picture is.
"""

from __future__ import annotations

from dataclasses import dataclass

from content.text.clean import clean_line
from content.text.document import Span, Spans
from content.text.wrap import cells, cut, wrapped

_FULL, _HALF, _TRACK = "━", "╸", "·"
"""Thin, so that bars on lines below each other stay apart."""
_BAR, _SHORTEST = 20, 8
_GAP = 2


@dataclass(frozen=True, slots=True)
class Meters:
    """Names, shares from 0 to 1, what is written beside each bar, and a note at the end."""

    labels: tuple[str, ...]
    shares: tuple[float, ...]
    texts: tuple[str, ...]
    notes: tuple[str, ...] = ()
    title: str = ""


def draw_meters(picture: Meters, width: int, *, ascii: bool = False) -> tuple[Spans, ...]:  # noqa: A002
    """A line for each share; a name too long for its room goes on below."""
    labels = [clean_line(name) for name in picture.labels]
    texts = max(map(cells, picture.texts), default=0)
    notes = min(max(map(cells, picture.notes), default=0), width // 3)
    rest = width - texts - 1 - _GAP - (notes + _GAP if notes else 0)
    widest = max(map(cells, labels), default=0)
    bar = max(_SHORTEST, min(_BAR, rest - widest))
    room = max(4, min(widest, rest - bar))
    lines: list[Spans] = [(Span(picture.title, "strong"),)] if picture.title else []
    for n, name in enumerate(labels):
        note = clean_line(picture.notes[n]) if picture.notes else ""
        share = min(1.0, max(0.0, picture.shares[n]))
        first, *others = wrapped((Span(name),), room)
        line = (
            *first,
            Span(" " * (room - sum(cells(span.text) for span in first) + _GAP)),
            *_meter(share, bar, ascii=ascii),
            Span(" " * (1 + texts - cells(picture.texts[n]))),
            Span(picture.texts[n], "figure"),
            Span(" " * _GAP),
            *cut((Span(note, "axis"),), max(1, notes)),
        )
        lines += [cut(line, width), *(cut(other, width) for other in others)]
    return tuple(lines)


def _meter(share: float, width: int, *, ascii: bool) -> Spans:  # noqa: A002
    if ascii:
        full = max(round(share * width), 1 if share > 0 else 0)
        return (Span("#" * full, "series.1"), Span("." * (width - full), "axis"))
    halves = max(round(share * width * 2), 1 if share > 0 else 0)
    text = _FULL * (halves // 2) + _HALF * (halves % 2)
    return (Span(text, "series.1"), Span(_TRACK * (width - cells(text)), "axis"))
