"""A picture in a sentence or two, for those who hear a text and for a line of a trace.

Promise: says where each curve begins and ends, its lowest and highest value and its trend, or the
range of what is shown. Must not draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from content.text.clean import clean_line
from content.text.pictures.bars import valued
from content.text.pictures.curves import no_value
from content.text.pictures.words import label, number, word
from engine.values import Bars, Curves, Heat, Picture, Series, Windows


def described(picture: Picture, language: str) -> str:
    """What the picture shows, on one line."""
    title = f"{picture.title}{'：' if language == 'zh' else ': '}" if picture.title else ""
    return clean_line(title + _body(picture, language))


def _body(picture: Picture, language: str) -> str:
    comma, semicolon = ("，", "；") if language == "zh" else (", ", "; ")
    if isinstance(picture, Curves):
        return semicolon.join(_curve(one, language) for one in picture.series)
    if isinstance(picture, Bars):
        pairs = zip(picture.labels, picture.values, strict=False)
        return comma.join(f"{label(name, language)} {valued(v, picture.unit)}" for name, v in pairs)
    if isinstance(picture, Heat):
        return _heat(picture, language)
    return _windows(picture, language)


def _curve(one: Series, language: str) -> str:
    name = label(one.label, language)
    colon = "：" if language == "zh" else ": "
    points = [(x, y) for x, y in zip(one.xs, one.ys, strict=False) if math.isfinite(y)]
    if not points:
        return f"{name}{colon}{word('nothing', language)}"
    told = [_at(*points[0], language)]
    if len(points) > 1:
        told += [_at(*points[-1], language), *_between(points, language)]
    if odd := no_value(one, "", language):
        told.append(odd.lstrip(":： "))
    return f"{name}{colon}" * bool(name) + ("，" if language == "zh" else ", ").join(told)


def _at(x: float, y: float, language: str) -> str:
    return word("at", language, x=number(x), y=number(y))


def _between(points: Sequence[tuple[float, float]], language: str) -> list[str]:
    """The extremes that are no end, and the trend."""
    ys = [y for _, y in points]
    if min(ys) == max(ys):
        return [word("constant", language)]
    if all(a <= b for a, b in pairwise(ys)):
        return [word("rising", language)]
    if all(a >= b for a, b in pairwise(ys)):
        return [word("falling", language)]
    told = []
    ends = (ys[0], ys[-1])
    for name, value in (("lowest", min(ys)), ("highest", max(ys))):
        if value not in ends:
            x = points[ys.index(value)][0]
            told.append(word(name, language, x=number(x), y=number(value)))
    span = max(ys) / 2 - min(ys) / 2
    change = ys[-1] / 2 - ys[0] / 2
    trend = "level" if abs(change) < span / 50 else "rising" if change > 0 else "falling"
    return [*told, word(f"{trend}-overall", language)]


def _heat(picture: Heat, language: str) -> str:
    rows, columns = len(picture.rows), len(picture.rows[0]) if picture.rows else 0
    finite = [v for row in picture.rows for v in row if math.isfinite(v)]
    odd = sum(len(row) for row in picture.rows) - len(finite)
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    if not finite:
        return f"{rows}×{columns}{colon}{word('nothing', language)}"
    told = word("range", language, low=number(min(finite)), high=number(max(finite)))
    if odd:
        told += f"{comma}{odd} nan/inf"
    if picture.path:
        start, end = (_point(picture.path[n]) for n in (0, -1))
        told += ("；" if language == "zh" else "; ") + word(
            "path-told", language, n=len(picture.path), start=start, end=end
        )
    return f"{rows}×{columns}{colon}{told}"


def _point(point: tuple[float, float]) -> str:
    return f"({number(point[0])}, {number(point[1])})"


def _windows(picture: Windows, language: str) -> str:
    comma = "，" if language == "zh" else ", "
    facts = dict(picture.facts)
    if picture.kind == "receptive":
        sides = [value for name, value in picture.facts if name != "scale"]
        sizes = [f"{sides[n]:.0f}×{sides[n + 1]:.0f}" for n in range(0, len(sides), 2)]
        return comma.join(
            f"{label(name, language)} {size}"
            for name, size in zip(picture.names, sizes, strict=False)
        )
    told = [f"{word('input', language)} {facts['height']:.0f}×{facts['width']:.0f}"]
    size = f"{facts['kernel_height']:.0f}×{facts['kernel_width']:.0f}"
    told.append(f"{word('window', language)} {size}")
    told.append(word("stride", language, n=int(facts["stride"])))
    if facts["padding"]:
        told.append(word("padding", language, n=int(facts["padding"])))
    output = picture.grids[-1]
    told.append(f"{word('output', language)} {len(output.cells)}×{len(output.cells[0])}")
    for row, marks in zip(output.cells, output.marks, strict=True):
        for value, mark in zip(row, marks, strict=True):
            if mark and value is not None:
                window = word("step-of", language, n=int(facts["step"]), all=int(facts["steps"]))
                gives = word("gives", language, value=number(value))
                told.append(window + ("，" if language == "zh" else " ") + gives)
    return comma.join(told)
