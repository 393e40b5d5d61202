"""A calendar of values: a column for each week, a row for each day of the week.

Promise: which day is which can be read off; days outside the span are left blank, and a day of
nothing has a sign of its own. Shades split the days that have a value into quarters. Must not
decide how large a picture is, nor hold the names of days and months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from content.text.document import Span, Spans
from content.text.pictures.words import number
from content.text.wrap import cells

_ZERO, _SHADES = "·", "░▒▓█"
_ASCII_ZERO, _ASCII_SHADES = ".", ":+*#"
_WEEK = 7
_NUMBERED_WEEKS = 10
"""Weeks up to which each day shows its number too."""
_LONGEST = 54
"""Weeks of a year at most; more are set year by year."""
_NUMBER = 7
"""Cells of a day that shows its number."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A value for each day from the ordinal `first` on; names of seven days and twelve months."""

    first: int
    values: tuple[float, ...]
    days: tuple[str, ...]
    months: tuple[str, ...]
    title: str = ""


def levels(values: Sequence[float]) -> list[float]:
    """Upper ends of the four shades: the quartiles of the days that have a value."""
    found = sorted(value for value in values if value > 0)
    if not found:
        return []
    last = len(found) - 1
    return [found[round(last * part / 4)] for part in (1, 2, 3, 4)]


def level_of(value: float, edges: Sequence[float]) -> int:
    """0 for nothing, else 1 to 4."""
    if value <= 0 or not edges:
        return 0
    return next((n for n, edge in enumerate(edges, 1) if value <= edge), len(edges))


def blocks(picture: Calendar) -> list[tuple[int, int]]:
    """(first, last) ordinal of what stands in one piece: everything, or each year by itself."""
    first, last = picture.first, picture.first + len(picture.values) - 1
    if last - first < _LONGEST * _WEEK - _WEEK:
        return [(first, last)]
    years = range(date.fromordinal(first).year, date.fromordinal(last).year + 1)
    return [(max(first, date(year, 1, 1).toordinal()), min(last, date(year, 12, 31).toordinal()))
            for year in reversed(years)]  # fmt: skip


def weeks(first: int, last: int) -> list[int]:
    """The ordinals of the Mondays of the weeks that hold these days."""
    return list(range(first - (first - 1) % _WEEK, last + 1, _WEEK))


def draw_calendar(picture: Calendar, width: int, *, ascii: bool = False) -> tuple[Spans, ...]:  # noqa: A002
    """The blocks below each other, the newest first, and the legend."""
    edges = levels(picture.values)
    lines: list[Spans] = [(Span(picture.title, "strong"),)] if picture.title else []
    for n, (first, last) in enumerate(blocks(picture)):
        if n:
            lines.append(())
        lines += _block(picture, first, last, edges, width, ascii=ascii)
    lines.append(_legend(edges, ascii=ascii))
    return tuple(lines)


def _block(
    picture: Calendar, first: int, last: int, edges: Sequence[float], width: int, *,
    ascii: bool,  # noqa: A002
) -> list[Spans]:  # fmt: skip
    side = max(map(cells, picture.days), default=0) + 1
    mondays = weeks(first, last)
    room = max(1, width - side)
    numbered = len(mondays) <= _NUMBERED_WEEKS and len(mondays) * _NUMBER <= room
    size = _NUMBER if numbered else 2 if len(mondays) * 2 <= room else 1
    mondays = mondays[-(room // size) :]
    lines: list[Spans] = [(Span(" " * side + _months(picture, mondays, first, size), "axis"),)]
    for weekday in range(_WEEK):
        name = picture.days[weekday]
        spans = [Span(name + " " * (side - cells(name)), "axis")]
        for monday in mondays:
            day = monday + weekday
            if first <= day <= last:
                value = picture.values[day - picture.first]
                spans += _cell(value, edges, size, numbered=numbered, ascii=ascii)
            else:
                spans.append(Span(" " * size))
        lines.append(tuple(spans))
    return lines


def _cell(
    value: float, edges: Sequence[float], size: int, *, numbered: bool,
    ascii: bool,  # noqa: A002
) -> list[Span]:  # fmt: skip
    level = level_of(value, edges)
    shades = (_ASCII_ZERO + _ASCII_SHADES) if ascii else (_ZERO + _SHADES)
    sign, style = shades[level], "heat" if level else "axis"
    if numbered:
        text = f" {number(value)}" if value else ""
        return [Span(sign * 2 if level else sign + " ", style), Span(f"{text:<{size - 2}}", "axis")]
    return [Span(sign, style), Span(" " * (size - 1))]


def _months(picture: Calendar, mondays: Sequence[int], first: int, size: int) -> str:
    """The name of a month above the week in which it begins; the first month above the first."""
    text, used = "", 0
    shown = 0
    for n, monday in enumerate(mondays):
        month = date.fromordinal(max(monday, first)).month if n == 0 else _month_at(monday)
        if month == shown:
            continue
        shown = month
        name = picture.months[month - 1]
        # The first name gives way where the next month begins at once.
        follows = n == 0 and len(mondays) > 1 and _month_at(mondays[1]) != month
        if n * size < used or (follows and cells(name) >= size):
            continue
        text += " " * (n * size - cells(text)) + name
        used = cells(text) + 1
    return text


def _month_at(monday: int) -> int:
    return date.fromordinal(monday + _WEEK - 1).month


def _legend(edges: Sequence[float], *, ascii: bool) -> Spans:  # noqa: A002
    """Each sign with the values it stands for."""
    zero, shades = (_ASCII_ZERO, _ASCII_SHADES) if ascii else (_ZERO, _SHADES)
    spans = [Span(zero, "axis"), Span(" 0", "axis")]
    for shade, text in zip(shades, ranges(edges), strict=False):
        if text:
            spans += [Span("   "), Span(shade, "heat"), Span(f" {text}", "axis")]
    return tuple(spans)


def ranges(edges: Sequence[float]) -> list[str]:
    """What each shade stands for; empty for a shade that no day has."""
    found, low = [], 1
    for edge in edges:
        high = int(edge)
        found.append("" if high < low else number(low) if low == high
                     else f"{number(low)}–{number(high)}")  # fmt: skip
        low = max(low, high + 1)
    return found
