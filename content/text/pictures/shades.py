"""Shades: which sign stands for a value, and the legend that says so.

Promise: every value has a sign, NaN and infinities their own; the legend names all in use. Must
not lay out a picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from content.text.document import Span, Spans
from content.text.pictures.words import number
from content.text.wrap import cells

_ODD = {"nan": "N", "inf": "I", "-inf": "i"}
"""What stands for a value that has no shade."""

Rows = Sequence[Sequence[float]]


def even(table: Rows, shades: int) -> list[float]:
    """Upper ends of the shades, evenly from the lowest value to the highest."""
    finite = [v for row in table for v in row if math.isfinite(v)]
    if not finite:
        return []
    low, high = min(finite), max(finite)
    if low == high:
        return [high]
    return [low * (1 - (n + 1) / shades) + high * ((n + 1) / shades) for n in range(shades)]


def bands(table: Rows, shades: int) -> list[float]:
    """Upper ends of bands of equal area, so that a valley shows beside steep walls."""
    finite = sorted(v for row in table for v in row if math.isfinite(v))
    if not finite:
        return []
    if finite[0] == finite[-1]:
        return [finite[0]]
    last = len(finite) - 1
    return [finite[round(last * (n + 1) / shades)] for n in range(shades)]


def sign_of(value: float, edges: list[float], shades: str) -> str:
    if not math.isfinite(value):
        return _ODD["nan" if math.isnan(value) else "inf" if value > 0 else "-inf"]
    if len(edges) == 1:
        return shades[len(shades) // 2]
    return next((s for s, edge in zip(shades, edges, strict=False) if value <= edge), shades[-1])


def legend(table: Rows, edges: list[float], shades: str, width: int) -> Spans:
    """Each shade with the values it stands for."""
    finite = [v for row in table for v in row if math.isfinite(v)]
    odd = {sign_of(v, [], ""): v for row in table for v in row if not math.isfinite(v)}
    pieces: list[tuple[str, str]] = []
    if len(edges) == 1:
        pieces.append((shades[len(shades) // 2], number(edges[0])))
    elif edges:
        low = min(finite)
        starts = [low, *edges[:-1]]
        full = [(s if s != " " else "' '", f"{number(a, 2)}…{number(b, 2)}")
                for s, a, b in zip(shades, starts, edges, strict=True)]  # fmt: skip
        size = sum(cells(sign) + 1 + cells(text) for sign, text in full) + 2 * (len(full) - 1)
        short = [(full[0][0], number(low, 2)), (full[-1][0], number(edges[-1], 2))]
        pieces += full if size + 8 * len(odd) <= width else short
    pieces += [(sign, number(value)) for sign, value in odd.items()]
    spans: list[Span] = []
    for sign, text in pieces:
        if spans:
            spans.append(Span("  "))
        spans += [Span(sign, "heat"), Span(f" {text}", "axis")]
    return tuple(spans)
