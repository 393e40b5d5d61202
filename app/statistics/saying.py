"""A statistic's pictures and tables in words alone, for those who hear them.

Promise: every number that the picture shows is said, of a long row its ends and its extremes (all
of them are in the JSON form), and nothing where there is nothing; no sign that only draws. Must not
know colours or how wide a surface is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from app.locale import Locale
from app.statistics.figure import Drawn, Figure, short_date
from content.text.pictures import Calendar, Columns, Meters, described
from content.text.pictures.words import number
from content.text.said import is_drawn, row_said

_LONG = 14
"""Places of a row of bars that are still read one by one: two weeks of days."""


def figure_said(figure: Figure, say: Locale) -> Iterator[str]:
    """The whole figure as lines; an empty one sets parts off."""
    colon, _ = _stops(say)
    yield f"{figure.title}{colon}{figure.range}"
    if figure.empty:
        yield figure.empty
        return
    yield from figure.said
    for picture in figure.pictures:
        yield from picture_said(picture, say)
    if figure.table is not None:
        for row in figure.table.rows:
            yield row_said(figure.table.header, row, say.language)
    yield from figure.defined


def picture_said(picture: Drawn, say: Locale) -> Iterator[str]:
    """What the picture shows, one thing a line."""
    if isinstance(picture, Calendar):
        yield from _calendar(picture, say)
    elif isinstance(picture, Columns):
        yield from _columns(picture, say)
    elif isinstance(picture, Meters):
        yield from _meters(picture, say)
    else:
        yield described(picture, say.language)


def _calendar(picture: Calendar, say: Locale) -> Iterator[str]:
    """A line for each month, with the days that have a value; the newest first."""
    colon, semicolon = _stops(say)
    days = [(picture.first + at, value) for at, value in enumerate(picture.values) if value > 0]
    months = [list(month) for _, month in groupby(days, lambda one: _month(one[0]))]
    for month in reversed(months):
        yield semicolon.join(
            f"{short_date(day, say)}{colon}{number(value)}" for day, value in month
        )


def _columns(picture: Columns, say: Locale) -> Iterator[str]:
    """A line for each series: each place that is not empty, with its value."""
    colon, semicolon = _stops(say)
    names: Sequence[str] = picture.names or ("",) * len(picture.series)
    for name, values in zip(names, picture.series, strict=True):
        pairs = [pair for pair in zip(picture.labels, values, strict=True) if pair[1]]
        if not pairs:
            continue
        lead = colon.join(part for part in (picture.y_label, name, picture.x_label) if part)
        if len(pairs) <= _LONG:
            told = semicolon.join(f"{label}{colon}{number(value)}" for label, value in pairs)
        else:
            told = _ends(pairs, say)
        yield f"{lead}{colon}{told}"


def _ends(pairs: Sequence[tuple[str, float]], say: Locale) -> str:
    low, high = min(pairs, key=lambda pair: pair[1]), max(pairs, key=lambda pair: pair[1])
    told: dict[str, str] = {}
    for name, (label, value) in (
        ("first", pairs[0]), ("last", pairs[-1]), ("low", low), ("high", high)
    ):  # fmt: skip
        told |= {name: number(value), f"{name}_at": label}
    return say("stats.said.row", n=len(pairs), **told)


def _meters(picture: Meters, say: Locale) -> Iterator[str]:
    """A line for each share."""
    colon, semicolon = _stops(say)
    notes = picture.notes or ("",) * len(picture.labels)
    for label, text, note in zip(picture.labels, picture.texts, notes, strict=True):
        told = [part for part in (text, note) if part and not is_drawn(part)]
        yield f"{label}{colon}{semicolon.join(told)}"


def _month(ordinal: int) -> tuple[int, int]:
    day = date.fromordinal(ordinal)
    return day.year, day.month


def _stops(say: Locale) -> tuple[str, str]:
    return ("：", "；") if say.language == "zh" else (": ", "; ")
