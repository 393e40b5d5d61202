"""Pictures as SVG inside a page: lines and areas, named by classes that the page colours.

Promise: every text is escaped; nothing is loaded, nothing runs, no address is named and no colour
either. What an axis shows is what the terminal shows. Must not know what a picture is about.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from itertools import pairwise

from app.statistics.figure import Drawn
from content.text import clean
from content.text.pictures import Calendar, Columns, Meters
from content.text.pictures.axes import Scale, Tick, scale_of
from content.text.pictures.calendar import blocks, level_of, levels, ranges, weeks
from content.text.pictures.columns import height
from content.text.wrap import cells
from engine.values import Curves

_WIDE = 720
_HIGH = 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 26, 40
_SPACE = 2
_CHAR = 6.2
"""Width of a half-width character at the size that the page gives to texts."""
_LABEL = 230
_BAR = 260


def svg(picture: Drawn, told: str) -> str:
    """The picture; `told` is what somebody hears in its place."""
    if isinstance(picture, Calendar):
        high, body = _calendar(picture)
    elif isinstance(picture, Columns):
        high, body = _HIGH, _columns(picture)
    elif isinstance(picture, Meters):
        high, body = _meters(picture)
    else:
        high, body = _HIGH, _curves(picture)
    inside = "\n".join(body)
    return (
        f'<svg viewBox="0 0 {_WIDE} {high}" role="img" aria-label="{_safe(told)}" '
        f'xmlns="http://www.w3.org/2000/svg">\n{inside}\n</svg>'
    )


def _calendar(picture: Calendar) -> tuple[int, list[str]]:
    edges = levels(picture.values)
    body: list[str] = []
    top = 0
    for first, last in blocks(picture):
        mondays = weeks(first, last)
        size = min(30, max(4, (_WIDE - 44) // max(1, len(mondays)) - _SPACE))
        pitch = size + _SPACE
        body += _month_names(picture, mondays, first, top + 11, pitch)
        for weekday, name in enumerate(picture.days):
            if weekday % 2 == 0:
                body.append(_text(34, top + 18 + weekday * pitch + size * 0.75, name, "end"))
        for column, monday in enumerate(mondays):
            for weekday in range(7):
                day = monday + weekday
                if first <= day <= last:
                    value = picture.values[day - picture.first]
                    level = level_of(value, edges)
                    named = f"{date.fromordinal(day).isoformat()}: {value:,.0f}"
                    body.append(
                        f'<rect class="l{level}" x="{40 + column * pitch}" '
                        f'y="{top + 18 + weekday * pitch}" width="{size}" height="{size}" rx="2">'
                        f"<title>{named}</title></rect>"
                    )
        top += 18 + 7 * pitch + 12
    x = 40.0
    for level, text in enumerate(["0", *ranges(edges)]):
        if text:
            body.append(f'<rect class="l{level}" x="{x:.0f}" y="{top}" width="11" height="11" '
                        f'rx="2"/>')  # fmt: skip
            body.append(_text(x + 16, top + 10, text))
            x += 34 + len(text) * _CHAR
    return top + 18, body


def _month_names(
    picture: Calendar, mondays: Sequence[int], first: int, y: float, pitch: int
) -> list[str]:
    found, shown, free = [], 0, 0.0
    for n, monday in enumerate(mondays):
        month = date.fromordinal(max(monday, first) if n == 0 else monday + 6).month
        x = 40 + n * pitch
        if month != shown and x >= free:
            name = picture.months[month - 1]
            found.append(_text(x, y, name))
            free = x + cells(name) * _CHAR + 6
        shown = month
    return found


def _columns(picture: Columns) -> list[str]:
    scale = Scale(0.0, height(picture))
    body = _frame(scale.ticks(5), picture.y_label, picture.x_label)
    names = list(picture.names)
    body += _legend(names, picture.y_label)
    room = _WIDE - _LEFT - _RIGHT
    count = max(1, len(picture.labels))
    pitch = min(60.0, room / count)
    bar = max(1.0, pitch * 0.8)
    for n in range(len(picture.labels)):
        foot = 0.0
        for which, one in enumerate(picture.series):
            value = max(0.0, one[n])
            if value <= 0:
                continue
            low, top = _y(scale, foot), _y(scale, foot + value)
            body.append(
                f'<rect class="s{which + 1}" x="{_LEFT + n * pitch + (pitch - bar) / 2:.1f}" '
                f'y="{top:.1f}" width="{bar:.1f}" height="{max(0.5, low - top):.1f}">'
                f"<title>{_safe(picture.labels[n])}: {value:,.1f}</title></rect>"
            )
            foot += value
    places = [(_LEFT + (n + 0.5) * pitch, text) for n, text in enumerate(picture.labels)]
    return body + _below(places)


def _curves(picture: Curves) -> list[str]:
    across = scale_of([x for one in picture.series for x in one.xs], log=False)
    up = scale_of([y for one in picture.series for y in one.ys], log=False, margin=0.05)
    if across is None or up is None:
        return []
    body = _frame(up.ticks(6), picture.y_label, picture.x_label)
    body += _legend([one.label for one in picture.series], picture.y_label)
    room = _WIDE - _LEFT - _RIGHT
    for n, one in enumerate(picture.series, 1):
        places = [
            (_LEFT + room * (across.place(x) or 0.0), _y(up, y))
            for x, y in zip(one.xs, one.ys, strict=True)
            if math.isfinite(y)
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        body.append(f'<polyline class="c{n}" points="{line}"/>')
        if n == 1:
            body += [f'<circle class="d1" cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>' for x, y in places]
    ticks = across.ticks(8)
    return body + _below([(_LEFT + room * tick.place, tick.text) for tick in ticks])


def _meters(picture: Meters) -> tuple[int, list[str]]:
    body: list[str] = []
    for n, name in enumerate(picture.labels):
        y = 6 + n * 20
        note = picture.notes[n] if picture.notes else ""
        share = min(1.0, max(0.0, picture.shares[n]))
        body += [
            _text(_LABEL - 8, y + 11, _short(name, int((_LABEL - 8) / _CHAR)), "end", name),
            f'<rect class="track" x="{_LABEL}" y="{y + 2}" width="{_BAR}" height="11"/>',
            f'<rect class="s1" x="{_LABEL}" y="{y + 2}" width="{_BAR * share:.1f}" height="11"/>',
            _text(_LABEL + _BAR + 44, y + 11, picture.texts[n], "end"),
            _text(_LABEL + _BAR + 54, y + 11, note, kind=' class="note"'),
        ]
    return 10 + len(picture.labels) * 20, body


def _frame(ticks: Iterable[Tick], y_label: str, x_label: str) -> list[str]:
    foot, right = _HIGH - _BOTTOM, _WIDE - _RIGHT
    body = []
    for tick in ticks:
        y = _TOP + (1 - tick.place) * (foot - _TOP)
        body.append(f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        body.append(_text(_LEFT - 6, y + 4, tick.text, "end"))
    body.append(f'<line class="axis" x1="{_LEFT}" x2="{right}" y1="{foot}" y2="{foot}"/>')
    body.append(_text(4, 12, y_label))
    body.append(_text((_LEFT + right) / 2, _HIGH - 4, x_label, "middle"))
    return body


def _legend(names: Sequence[str], y_label: str) -> list[str]:
    x = _LEFT + cells(y_label) * _CHAR + 24
    found = []
    for n, name in enumerate(names, 1):
        if name:
            found.append(f'<rect class="s{n}" x="{x:.0f}" y="4" width="10" height="10"/>')
            found.append(_text(x + 15, 13, name))
            x += 36 + cells(name) * _CHAR
    return found


def _below(places: Sequence[tuple[float, str]]) -> list[str]:
    """As many names below the foot as stand beside each other."""
    for every in range(1, len(places) + 1):
        shown = places[::every]
        ends = [(x - cells(text) * _CHAR / 2, x + cells(text) * _CHAR / 2) for x, text in shown]
        if all(b[0] - a[1] >= 8 for a, b in pairwise(ends)):
            return [_text(x, _HIGH - _BOTTOM + 15, text, "middle") for x, text in shown]
    return []


def _y(scale: Scale, value: float) -> float:
    return _TOP + (1 - (scale.place(value) or 0.0)) * (_HIGH - _BOTTOM - _TOP)


def _text(
    x: float, y: float, text: str, anchor: str = "start", whole: str = "", kind: str = ""
) -> str:
    if not text:
        return ""
    title = f"<title>{_safe(whole)}</title>" if whole and whole != text else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{title}{_safe(text)}</text>'


def _short(text: str, most: int) -> str:
    if cells(text) <= most:
        return text
    kept = text
    while kept and cells(kept) > most - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _safe(text: str) -> str:
    return escape(clean(text), quote=True)
